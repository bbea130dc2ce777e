import { h } from "../ui/dom.js";
import { entrance } from "../ui/entrance.js";
import { area, choice, field, line, written } from "../ui/fields.js";
import { MONTH_SECONDS, spanText, YEAR_SECONDS } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf } from "../app/unions.js";
import { presetCards } from "./presets.js";

const AT_ONCE = "0";
const VESTING_YEARS = [1, 2, 3, 4, 5, 6, 8, 10];
const CLIFF_MONTHS = [0, 3, 6, 12, 18, 24];

/** A union is founded with a name and a purpose alone. @type {import("../app/context.js").Page} */
export const found = (context) => {
  colour(null);
  const idempotencyKey = crypto.randomUUID();
  const form = entrance(context, {
    content: [
      field(t("found.name"), line("name", { required: true, maxlength: 80, placeholder: t("found.name-example") })),
      field(t("found.purpose"), area("purpose", { required: true, maxlength: 1000, rows: 3, placeholder: t("found.purpose-example") }), t("found.purpose-hint")),
      presetCards(),
      moneyFields(),
    ],
    words: t("found.act"),
    act: async (values, onWait) => {
      const parameters = moneyWanted(values);
      const body = { name: written(values, "name"), purpose: written(values, "purpose"), preset: written(values, "preset"), ...(Object.keys(parameters).length ? { parameters } : {}) };
      const answer = await context.client.send("POST", "/v1/unions", { body, act: true, idempotencyKey, onWait });
      context.go(pageOf(answer.body.slug, "/home"), { replace: true });
    },
  });
  return {
    title: t("found.title"),
    content: [h("h1", null, t("found.title")), h("p", { class: "purpose" }, t("found.text")), form],
  };
};

/** Folded: what holds of the money for ever, where it shall be otherwise than usual. */
function moneyFields() {
  const vesting = choice("vesting_years", [[AT_ONCE, t("found.vesting-at-once")], ...VESTING_YEARS.map(longFor(YEAR_SECONDS, "found.vesting-over"))], AT_ONCE);
  const cliff = choice("cliff_months", CLIFF_MONTHS.map((months) => (months === 0 ? ["0", t("found.cliff-none")] : longFor(MONTH_SECONDS, "found.cliff-after")(months))), "0");
  const fitted = () => {
    const seconds = Number(vesting.value) * YEAR_SECONDS;
    cliff.disabled = seconds === 0;
    for (const option of cliff.options) option.disabled = Number(option.value) * MONTH_SECONDS > seconds;
    if (cliff.selectedOptions[0]?.disabled) cliff.value = "0";
  };
  vesting.addEventListener("change", fitted);
  fitted();
  return h(
    "details",
    { class: "folded" },
    h("summary", null, t("found.more")),
    h("p", { class: "faint" }, t("found.more-text")),
    field(t("rules.vesting"), vesting, t("found.vesting-hint")),
    field(t("found.cliff"), cliff),
    h("label", { class: "check" }, h("input", { type: "checkbox", name: "fixed" }), h("span", null, t("found.fixed"), h("small", null, t("found.fixed-hint")))),
  );
}

/** @param {number} unitSeconds @param {string} words @returns {(count: number) => [string, string]} */
const longFor = (unitSeconds, words) => (count) => [String(count), t(words, { span: spanText(count * unitSeconds) })];

/** What was chosen otherwise. @param {FormData} values */
function moneyWanted(values) {
  const vesting = Math.round(Number(written(values, "vesting_years")) * YEAR_SECONDS);
  const cliff = Number(written(values, "cliff_months")) * MONTH_SECONDS; // a disabled field has no value: 0
  return {
    ...(vesting > 0 ? { founder_vesting_seconds: vesting } : {}),
    ...(cliff > 0 ? { founder_cliff_seconds: cliff } : {}),
    ...(values.get("fixed") ? { supply_policy: "fixed" } : {}),
  };
}
