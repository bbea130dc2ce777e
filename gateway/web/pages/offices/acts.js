/** What who stands above an office does: found one, change it, fill it, end it. */
import { h } from "../../ui/dom.js";
import { amount, choice, field, line, written } from "../../ui/fields.js";
import { amountText, readMoney } from "../../ui/money.js";
import { nameText } from "../../ui/names.js";
import { openForm } from "../../ui/sheet.js";
import { spanText } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { RIGHTS } from "../../app/rights.js";
import { pathOf } from "../../app/unions.js";
import { memberField, namedMember } from "../member_field.js";

const DAY_SECONDS = 86_400;
const TERMS_SECONDS = [90 * DAY_SECONDS, 365 * DAY_SECONDS, 4 * 365 * DAY_SECONDS];
const CHOSEN_SECONDS = 365 * DAY_SECONDS;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("./offices.js").Shown} Shown
 * @typedef {Shapes["OfficeView"]} Office
 */

/** @param {Shown} shown @param {Office | null} parent null below the founder */
export function found({ context, union, changed }, parent) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("office.found"),
    content: fields(union, null, parent),
    submit: t("office.found"),
    run: async (values, onWait) => {
      const body = { parent_id: parent?.id ?? null, ...said(values, union) };
      await context.client.send("POST", pathOf(union.slug, "/offices"), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown @param {Office} office */
export function change({ context, union, tree, changed }, office) {
  const parent = tree.offices.find(({ id }) => id === office.parent_id) ?? null;
  openForm({
    title: t("office.change"),
    content: [h("p", null, t("office.change-text")), ...fields(union, office, parent)],
    submit: t("office.change"),
    run: async (values, onWait) => {
      const path = pathOf(union.slug, `/offices/${office.id}`);
      await context.client.send("PATCH", path, { body: said(values, union), act: true, ifMatch: office.etag, onWait });
      changed();
    },
  });
}

/** Only what the office above has by now can be given. @param {Shapes["UnionView"]} union @param {Office | null} office @param {Office | null} parent */
function fields(union, office, parent) {
  const given = RIGHTS.filter((right) => parent === null || parent.present_rights.some((one) => one.right === right));
  const limit = office?.rights.find(({ right }) => right === "spend")?.limit ?? null;
  const term = office?.term_seconds ?? CHOSEN_SECONDS;
  const terms = [...new Set([...TERMS_SECONDS, term])].sort((one, other) => one - other);
  return [
    field(t("office.name"), line("name", { required: true, maxlength: 80, value: office?.name ?? "" }), t("office.name-hint")),
    h(
      "fieldset",
      null,
      h("legend", null, t("office.rights")),
      given.map((right) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "right", value: right, checked: office?.rights.some((one) => one.right === right) ?? false }), h("span", null, t(`right.${right}`)))),
      given.length === 0 && h("p", { class: "faint" }, t("office.none-to-give")),
    ),
    given.includes("spend") && field(t("office.limit", { token: union.token.symbol }), amount("limit", union.token, { required: false, value: limit === null ? "" : amountText(limit) }), t("office.limit-hint")),
    field(t("office.how-long"), choice("term", terms.map((seconds) => [String(seconds), spanText(seconds)]), String(term))),
  ];
}

/** @param {FormData} values @param {Shapes["UnionView"]} union */
const said = (values, union) => ({
  name: written(values, "name"),
  rights: values.getAll("right").map((right) => (right === "spend" ? { right, limit: readMoney(written(values, "limit"), union.token) } : { right })),
  term_seconds: Number(written(values, "term")),
});

/** @param {Shown} shown @param {Office} office */
export function appoint({ context, union, changed }, office) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("office.appoint-to", { office: office.name }),
    content: [h("p", null, t("office.appoint-text")), memberField(context, union.slug, t("office.whom"))],
    submit: t("office.appoint"),
    run: async (values, onWait) => {
      const member = await namedMember(context, values);
      await context.client.send("POST", pathOf(union.slug, `/offices/${office.id}/holders`), { body: { member: member.id }, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown @param {Office} office @param {Shapes["MemberName"]} member @param {boolean} isMe */
export function endHolder({ context, union, changed }, office, member, isMe) {
  openForm({
    title: isMe ? t("office.resign-title", { office: office.name }) : t("office.dismiss-title", { name: nameText(member), office: office.name }),
    content: h("p", null, t("office.dismiss-text")),
    submit: t(isMe ? "office.resign" : "office.dismiss"),
    dangerous: true,
    run: async (_, onWait) => {
      await context.client.send("DELETE", pathOf(union.slug, `/offices/${office.id}/holders/${member.id}`), { act: true, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown @param {Office} office */
export function endOffice({ context, union, changed }, office) {
  openForm({
    title: t("office.end-title", { office: office.name }),
    content: h("p", null, t("office.end-text")),
    submit: t("office.end"),
    dangerous: true,
    run: async (_, onWait) => {
      await context.client.send("DELETE", pathOf(union.slug, `/offices/${office.id}`), { act: true, onWait });
      changed();
    },
  });
}
