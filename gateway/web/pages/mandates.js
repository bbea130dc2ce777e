/** What a member lets another one take, again and again, within a cap: given, used and revoked. */
import { h } from "../ui/dom.js";
import { amount, choice, field, line, written } from "../ui/fields.js";
import { moneyElement, moneyText, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { dayElement, dayValue, endOfDay } from "../ui/time.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { arrival } from "./arrival.js";
import { collecting } from "./collect.js";
import { memberField, namedMember } from "./member_field.js";
import { accountOf, posting } from "./transfer.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["MandateView"]} Mandate
 */

const WHOLE_TIME = "";
const PERIODS_DAYS = [WHOLE_TIME, "7", "30"];
const CHOSEN_DAYS = "30";
const WEEK_DAYS = 7;
const YEAR_DAYS = 365;

/** Folded, and read once it is opened. @param {Context} context @param {Union} union @param {() => void} changed of what the account has */
export function mandates(context, union, changed) {
  const folded = h("details", { class: "folded" }, h("summary", null, h("h2", null, t("mandates"))));
  folded.addEventListener("toggle", () => folded.append(...listsOf(context, union, changed)), { once: true });
  return folded;
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
function listsOf(context, union, changed) {
  const { names } = context;
  const given = listOf(context, union, "given", (mandate, again) => [
    h("span", null, names.element(mandate.payee_id)),
    ...terms(mandate),
    mandate.state === "active" && actButton(t("mandate.revoke"), async () => revoke(context, union, mandate, again), { class: "quiet", "data-key": `revoke ${mandate.id}` }),
  ]);
  const received = listOf(context, union, "received", (mandate, again) => [
    h("span", null, names.element(mandate.payer_id)),
    ...terms(mandate),
    mandate.state === "active" && actButton(t("mandate.take"), async () => take(context, union, mandate, () => (again(), changed())), { "data-key": `take ${mandate.id}` }),
  ], (items, again) => collecting(context, union, items, () => (again(), changed())));
  return [
    h("h3", null, t("mandates.given")),
    given,
    actButton(t("mandate.give"), async () => give(context, union, () => void given.reload())),
    h("h3", null, t("mandates.received")),
    received,
  ];
}

/** @param {Context} context @param {Union} union @param {"given" | "received"} side @param {(mandate: Mandate, again: () => void) => import("../ui/dom.js").Child[]} said @param {(mandates: Mandate[], again: () => void) => import("../ui/dom.js").Child} [below] */
function listOf({ client, live }, union, side, said, below = () => null) {
  const again = () => void list.reload();
  const list = more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/mandates?side=${side}&limit=100${cursor}`), { signal }),
    item: (/** @type {Mandate} */ mandate) => h("li", null, said(mandate, again)),
    hasEnded: ({ state }) => state !== "active",
    below: (items) => below(items, again),
    none: t(`mandates.none-${side}`),
    className: `rows mandates-${side}`,
    types: ["mandate", "transfer.posted"],
    live,
  });
  return list;
}

/** The cap, what is left of it, until when, and whether it has ended. @param {Mandate} mandate */
const terms = ({ cap, renews_every_days, left, expires_at, state }) => [
  h("span", null, capText(moneyText(cap), renews_every_days)),
  state === "active"
    ? h("span", { class: "faint" }, t("mandate.left"), " ", moneyElement(left))
    : h("span", { class: "state" }, t(`mandate.state.${state}`)),
  h("span", { class: "faint" }, t("mandate.until"), " ", dayElement(expires_at)),
];

/** @param {string} money @param {number | null} days */
function capText(money, days) {
  if (days === null) return t("mandate.cap", { money });
  return days === WEEK_DAYS ? t("mandate.cap-a-week", { money }) : t("mandate.cap-in-days", { money, count: days });
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
function give(context, union, changed) {
  const id = crypto.randomUUID();
  const ends = { type: "date", required: true, maxlength: null, min: dayValue(0), value: dayValue(YEAR_DAYS) };
  openForm({
    title: t("mandate.give"),
    content: [
      h("p", null, t("mandate.give-text")),
      memberField(context, union.slug, t("mandate.to")),
      field(t("mandate.how-many", { token: union.token.symbol }), amount("amount", union.token)),
      field(t("mandate.period"), choice("days", PERIODS_DAYS.map((days) => [days, t(`mandate.period-${days || "whole"}`)]), CHOSEN_DAYS)),
      field(t("mandate.ends"), line("until", ends)),
    ],
    submit: t("mandate.give"),
    run: async (values, onWait) => {
      const payee = await namedMember(context, values);
      const days = written(values, "days");
      const body = {
        payee_id: payee.id,
        cap: readMoney(written(values, "amount"), union.token),
        renews_every_days: days === WHOLE_TIME ? null : Number(days),
        expires_at: endOfDay(written(values, "until")),
      };
      await context.client.send("PUT", pathOf(union.slug, `/mandates/${id}`), { body, act: true, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union @param {Mandate} mandate @param {() => void} changed */
function revoke({ client }, union, { id }, changed) {
  openForm({
    title: t("mandate.revoke"),
    content: h("p", null, t("mandate.revoke-text")),
    submit: t("mandate.revoke"),
    dangerous: true,
    run: async (_, onWait) => {
      await client.send("DELETE", pathOf(union.slug, `/mandates/${id}`), { act: true, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union @param {Mandate} mandate @param {() => void} changed */
function take(context, union, { id, payer_id, left }, changed) {
  const post = posting(context, union);
  const much = amount("amount", union.token);
  openForm({
    title: t("mandate.take"),
    content: [
      h("p", null, t("mandate.take-text", { money: moneyText(left) })),
      field(t("pay.amount", { token: union.token.symbol }), much),
      arrival(context, union, much),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
    ],
    submit: t("mandate.take"),
    run: async (values, onWait) => {
      const memo = written(values, "memo");
      const transfer = {
        debit_account: accountOf(payer_id),
        credit_account: accountOf(context.session.member?.id),
        ...readMoney(written(values, "amount"), union.token),
        code: "mandate_pay",
        mandate_id: id,
        ...(memo ? { memo } : {}),
      };
      await post(transfer, onWait);
      toast(t("mandate.taken", { amount: written(values, "amount"), token: union.token.symbol }));
      changed();
    },
  });
}
