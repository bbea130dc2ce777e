/** What a member pays ahead by itself, once or again and again: set up, followed and stopped. */
import { h } from "../ui/dom.js";
import { amount, choice, field, line, written } from "../ui/fields.js";
import { moneyText, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { dayElement, dayValue, momentOf } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { arrival } from "./arrival.js";
import { payeeField } from "./payee_field.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["ScheduleView"]} Schedule
 */

const ONCE = "once";
const RHYTHMS = [ONCE, "day", "week", "month", "year"];
const CHOSEN_RHYTHM = "month";
const CHOSEN_TIME = "09:00";
const TIMES_MAX = 10_000;

/** Folded, and read once it is opened. @param {Context} context @param {Union} union */
export function schedules(context, union) {
  const folded = h("details", { class: "folded" }, h("summary", null, h("h2", null, t("schedules"))));
  folded.addEventListener("toggle", () => folded.append(...listOf(context, union)), { once: true });
  return folded;
}

/** @param {Context} context @param {Union} union */
function listOf(context, union) {
  const { client, live } = context;
  const list = more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/schedules?limit=100${cursor}`), { signal }),
    item: (/** @type {Schedule} */ schedule) =>
      h(
        "li",
        null,
        payee(context, schedule),
        ...terms(schedule),
        schedule.state === "active" && actButton(t("schedule.stop"), async () => stop(context, union, schedule, () => void list.reload()), { class: "quiet", "data-key": `stop ${schedule.id}` }),
      ),
    hasEnded: ({ state }) => state !== "active",
    none: t("schedules.none"),
    className: "rows schedules",
    types: ["schedule", "transfer.posted"],
    live,
  });
  return [list, actButton(t("schedule.give"), async () => give(context, union, () => void list.reload()))];
}

/** @param {Context} context @param {Schedule} schedule */
const payee = ({ names }, { payee_id, memo }) =>
  h("span", null, payee_id === null ? t("purse") : names.element(payee_id), memo && h("small", { class: "memo" }, memo));

/** How much and how often, when next or whether it has ended, and how far it has come. @param {Schedule} schedule */
const terms = ({ amount, every, state, coming: [next], posted_count, refused_count, times }) => [
  h("span", null, t(`schedule.each-${every}`, { money: moneyText(amount) })),
  state !== "active" && h("span", { class: "state" }, t(`schedule.state.${state}`)),
  next !== undefined && h("span", { class: "faint" }, t("schedule.next"), " ", dayElement(next)),
  h("span", { class: "faint" }, times === null ? t("schedule.paid", { count: posted_count }) : t("schedule.paid-of", { count: posted_count, times })),
  refused_count > 0 && h("span", null, t("schedule.refused", { count: refused_count })),
];

/** @param {Context} context @param {Union} union @param {() => void} changed */
function give(context, union, changed) {
  const id = crypto.randomUUID();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const rhythm = choice("every", RHYTHMS.map((every) => [every, t(`schedule.every-${every}`)]), CHOSEN_RHYTHM);
  const to = payeeField(context, union.slug, t("pay.to"));
  const much = amount("amount", union.token);
  const times = line("times", { type: "number", inputmode: "numeric", min: 1, max: TIMES_MAX, maxlength: null });
  rhythm.addEventListener("change", () => (times.disabled = rhythm.value === ONCE));
  openForm({
    title: t("schedule.give"),
    content: [
      h("p", null, t("schedule.give-text")),
      to.element,
      field(t("pay.amount", { token: union.token.symbol }), much),
      arrival(context, union, much, { payee: to }),
      field(t("schedule.every"), rhythm),
      field(t("schedule.first"), line("day", { type: "date", required: true, maxlength: null, min: dayValue(0), value: dayValue(1) })),
      field(t("schedule.at"), line("time", { type: "time", required: true, maxlength: null, value: CHOSEN_TIME }), t("told.zone", { zone })),
      field(t("schedule.times"), times, t("schedule.times-hint")),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
    ],
    submit: t("schedule.give"),
    run: async (values, onWait) => {
      const { account, member } = await to.read();
      if (member === context.session.member?.id) throw new Error(t("result.accounts_the_same"));
      const often = written(values, "times");
      const body = {
        payee: account,
        amount: readMoney(written(values, "amount"), union.token),
        first_at: momentOf(written(values, "day"), written(values, "time")),
        every: written(values, "every"),
        zone,
        times: often ? Number(often) : null,
        memo: written(values, "memo") || null,
      };
      await context.client.send("PUT", pathOf(union.slug, `/schedules/${id}`), { body, act: true, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union @param {Schedule} schedule @param {() => void} changed */
function stop({ client }, union, { id }, changed) {
  openForm({
    title: t("schedule.stop"),
    content: h("p", null, t("schedule.stop-text")),
    submit: t("schedule.stop"),
    dangerous: true,
    run: async (_, onWait) => {
      await client.send("DELETE", pathOf(union.slug, `/schedules/${id}`), { act: true, onWait });
      changed();
    },
  });
}
