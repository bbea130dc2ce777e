/** What is done in a business: founding it, handing shares over, resolving, hiring, ending a post. */
import { h } from "../../ui/dom.js";
import { amount, choice, field, line, written } from "../../ui/fields.js";
import { readMoney } from "../../ui/money.js";
import { nameText } from "../../ui/names.js";
import { openForm } from "../../ui/sheet.js";
import { spanText } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { memberField, namedMember } from "../member_field.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {import("./business.js").Shown} Shown
 */

const DAY_SECONDS = 86_400;
const TERMS_SECONDS = [90 * DAY_SECONDS, 365 * DAY_SECONDS, 4 * 365 * DAY_SECONDS];
const CHOSEN_SECONDS = 365 * DAY_SECONDS;
const RIGHTS = ["audit", "spend"];

/** What owners resolve: also of a closed business who winds it up. @param {{state: string}} business */
export const kindsOf = ({ state }) => ["appoint", "dismiss", ...(state === "active" ? ["close"] : [])];

/** @param {string} label @param {string} value */
const sharesField = (label, value) => field(label, line("shares", { inputmode: "numeric", pattern: "[1-9][0-9]{0,18}", maxlength: 19, required: true, value }));

const termField = () => field(t("office.how-long"), choice("term", TERMS_SECONDS.map((seconds) => [String(seconds), spanText(seconds)]), String(CHOSEN_SECONDS)));

/** @param {Context} context @param {Shapes["UnionView"]} union */
export function found(context, union) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("business.found"),
    content: [h("p", null, t("business.found-text")), field(t("business.name"), line("name", { required: true, maxlength: 80 })), sharesField(t("business.shares"), "100")],
    submit: t("business.found"),
    run: async (values, onWait) => {
      const body = { name: written(values, "name"), shares: written(values, "shares") };
      const { body: made } = await context.client.send("POST", pathOf(union.slug, "/businesses"), { body, act: true, idempotencyKey, onWait });
      context.go(`/unions/${union.slug}/rules?business=${/** @type {Shapes["BusinessView"]} */ (made).id}`);
    },
  });
}

/** @param {Shown} shown */
export function handOver({ context, union, business, path, changed }) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("business.hand-over"),
    content: [h("p", null, t("business.hand-over-text")), memberField(context, union.slug, t("office.whom")), sharesField(t("business.how-many", { mine: business.my_shares }), "")],
    submit: t("business.hand-over"),
    dangerous: true,
    run: async (values, onWait) => {
      const member = await namedMember(context, values);
      await context.client.send("POST", `${path}/share-transfers`, { body: { member: member.id, shares: written(values, "shares") }, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown */
export function giveUp({ context, path, changed }) {
  openForm({
    title: t("business.give-up"),
    content: h("p", null, t("business.give-up-text")),
    submit: t("business.give-up"),
    dangerous: true,
    run: async (_, onWait) => {
      await context.client.send("DELETE", `${path}/owners/me`, { act: true, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown */
export function propose({ context, union, business, path, changed }) {
  const idempotencyKey = crypto.randomUUID();
  const kind = choice("kind", kindsOf(business).map((one) => [one, t(`business.resolves.${one}`)]), "appoint");
  const whom = memberField(context, union.slug, t("office.whom"));
  const term = termField();
  kind.addEventListener("change", () => {
    whom.hidden = kind.value === "close";
    term.hidden = kind.value !== "appoint";
    for (const control of whom.querySelectorAll("input")) control.disabled = whom.hidden;
  });
  openForm({
    title: t("business.propose"),
    content: [h("p", null, t("business.resolutions-text")), field(t("business.what"), kind), whom, term],
    submit: t("business.propose"),
    run: async (values, onWait) => {
      const chosen = written(values, "kind");
      const about = chosen === "close" ? {} : { member: (await namedMember(context, values)).id };
      const body = { kind: chosen, ...about, ...(chosen === "appoint" ? { term_seconds: Number(written(values, "term")) } : {}) };
      await context.client.send("POST", `${path}/resolutions`, { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown @param {Shapes["ResolutionView"]} resolution @param {import("../../ui/sheet.js").OnWait} onWait */
export async function approve({ context, path, changed }, { id }, onWait) {
  await context.client.send("PUT", `${path}/resolutions/${id}/approval`, { act: true, onWait });
  changed();
}

/** @param {Shown} shown */
export function hire({ context, union, path, changed }) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("business.hire"),
    content: [
      h("p", null, t("business.hire-text")),
      memberField(context, union.slug, t("office.whom")),
      h("fieldset", null, h("legend", null, t("office.rights")), RIGHTS.map((right) => h("label", { class: "check" }, h("input", { type: "checkbox", name: "right", value: right, checked: right === "audit" }), h("span", null, t(`business.right.${right}`))))),
      field(t("office.limit", { token: union.token.symbol }), amount("limit", union.token, { required: false })),
      termField(),
    ],
    submit: t("business.hire"),
    run: async (values, onWait) => {
      const member = await namedMember(context, values);
      const rights = values.getAll("right").map((right) => (right === "spend" ? { right, limit: readMoney(written(values, "limit"), union.token) } : { right }));
      await context.client.send("POST", `${path}/hires`, { body: { member: member.id, rights, term_seconds: Number(written(values, "term")) }, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Shown} shown @param {Shapes["PostView"]} post @param {boolean} isMe */
export function endPost({ context, business, path, changed }, { id, member }, isMe) {
  openForm({
    title: isMe ? t("office.resign-title", { office: business.name }) : t("office.dismiss-title", { name: member === null ? t("somebody") : nameText(member), office: business.name }),
    content: h("p", null, t("business.end-text")),
    submit: t(isMe ? "office.resign" : "office.dismiss"),
    dangerous: true,
    run: async (_, onWait) => {
      await context.client.send("DELETE", `${path}/posts/${id}`, { act: true, onWait });
      changed();
    },
  });
}
