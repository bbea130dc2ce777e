/** The form by which the rules are changed. */
import { h } from "../ui/dom.js";
import { amount, area, choice, field, line, written } from "../ui/fields.js";
import { amountText, moneyOf } from "../ui/money.js";
import { openForm } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { hasFeeLimit, percentValue, readFeeLimit, readPercent } from "./fees.js";
import { parametersOf } from "./parameters.js";

const DAY_SECONDS = 86_400;
const SILENCES = /** @type {const} */ (["accepts", "suspends", "leaves"]);

/** Of what the rules say who sees it. */
export const KINDS = /** @type {const} */ (["members", "backlinks", "voices", "pledges", "balances"]);

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** @param {Context} context @param {Union} union @param {Shapes["CharterView"]} charter @param {() => void} changed */
export async function amend({ client, unions }, union, charter, changed) {
  const { purpose, values, bylaws } = charter.document;
  const parameters = parametersOf(charter);
  const { parameters: limits } = /** @type {Shapes["PresetsView"]} */ (await client.get("/v1/charter-presets"));
  openForm({
    title: t("rules.change"),
    content: [
      h("p", { class: "faint" }, t("rules.change-text")),
      field(t("found.purpose"), area("purpose", { required: true, maxlength: 1000, value: purpose })),
      field(t("rules.values"), area("values", { value: values.join("\n") }), t("rules.values-hint")),
      field(t("rules.bylaws"), area("bylaws", { maxlength: 20_000, rows: 8, value: bylaws })),
      feeFields(union, parameters),
      counted("backs_most", "backlinks_max_count", parameters.backlinks_max_count, 1, limits),
      counted("grace_days", "acceptance_grace_seconds", parameters.acceptance_grace_seconds, DAY_SECONDS, limits),
      field(t("rules.silence"), choice("silence", SILENCES.map((way) => [way, t(`rules.silence.${way}`)]), parameters.acceptance_by_silence), t("rules.silence-hint")),
      field(t("rules.admission"), line("admission", { required: true, maxlength: 400, value: parameters.admission, spellcheck: "false", autocapitalize: "none" }), t("rules.admission-hint")),
      field(t("rules.admissions-per-day"), line("admissions_per_day", { inputmode: "numeric", pattern: "[0-9]{1,6}", required: true, value: parameters.admissions_per_day }), t("rules.admissions-per-day-hint")),
      KINDS.map((kind) => field(t(`rules.sees.${kind}`), choice(kind, ["public", "members", "leaders", "nobody"].map((who) => [who, t(`rules.seen-by.${who}`)]), parameters[`visibility_${kind}`]))),
    ].flat(),
    submit: t("rules.save"),
    run: async (form, onWait) => {
      const wanted = Object.fromEntries(KINDS.map((kind) => [`visibility_${kind}`, String(form.get(kind))]));
      const body = {
        purpose: written(form, "purpose"),
        values: written(form, "values").split("\n").map((value) => value.trim()).filter(Boolean),
        bylaws: written(form, "bylaws"),
        parameters: {
          ...wanted,
          ...feesWanted(form, union),
          admission: written(form, "admission"),
          admissions_per_day: Number(written(form, "admissions_per_day")),
          backlinks_max_count: Number(written(form, "backs_most")),
          acceptance_grace_seconds: Number(written(form, "grace_days")) * DAY_SECONDS,
          acceptance_by_silence: String(form.get("silence")),
        },
      };
      const { headers } = await client.send("GET", pathOf(union.slug, "/charter"));
      await client.send("PATCH", pathOf(union.slug, "/charter"), { body, act: true, onWait, ifMatch: headers.get("etag") ?? "" });
      unions.forget();
      changed();
    },
  });
}

/** A whole number within the limits that the house has. @param {string} field_name @param {string} parameter @param {number} value @param {number} unit @param {Shapes["ParameterLimitsView"][]} limits */
function counted(field_name, parameter, value, unit, limits) {
  const limit = limits.find(({ name }) => name === parameter);
  const [min, max] = [Number(limit?.least ?? 0) / unit, Number(limit?.most ?? value) / unit];
  const words = t(unit === 1 ? "rules.backs-most" : "rules.grace-days");
  return field(words, line(field_name, { type: "number", inputmode: "numeric", required: true, min, max, value: value / unit }), t("rules.between", { min, max }));
}

/** @param {Union} union @param {import("./parameters.js").Parameters} parameters */
function feeFields({ token }, parameters) {
  const limit = hasFeeLimit(parameters) ? amountText(moneyOf(BigInt(parameters.fee_max_minor), token)) : "";
  /** @param {string} name @param {number} basisPoints */
  const percent = (name, basisPoints) => line(name, { inputmode: "decimal", required: true, maxlength: 7, class: "amount", value: percentValue(basisPoints) });
  return [
    field(t("fee.payment-percent"), percent("payment_fee", parameters.payment_fee_basis_points), t("fee.percent-hint")),
    field(t("fee.work-percent"), percent("work_fee", parameters.work_fee_basis_points)),
    field(t("fee.limit", { token: token.symbol }), amount("fee_limit", token, { required: false, value: limit }), t("fee.limit-hint")),
  ];
}

/** Raises NoAmount. @param {FormData} form @param {Union} union */
const feesWanted = (form, { token }) => ({
  payment_fee_basis_points: readPercent(written(form, "payment_fee")),
  work_fee_basis_points: readPercent(written(form, "work_fee")),
  fee_max_minor: readFeeLimit(written(form, "fee_limit"), token),
});
