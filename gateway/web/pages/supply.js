/** A union's money: what was issued at its founding, what came of it, and what was published of the rest. */
import { h } from "../ui/dom.js";
import { moneyElement, moneyText } from "../ui/money.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { dayElement, spanText } from "../ui/time.js";
import { figure, why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { pageOf, pathOf } from "../app/unions.js";
import { MINOR_MAX } from "./parameters.js";

const TYPES = ["decision.effect.ledger", "transfer.posted", "union"];

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["SupplyView"]} Supply
 */

/** Where it is shown. @param {{slug: string}} union */
export const supplyPage = ({ slug }) => pageOf(slug, "/rules?supply");

/** Everybody may see it. @param {Context} context @param {Union} union @returns {import("../app/context.js").Shown} */
export function supply(context, union) {
  return {
    title: t("supply"),
    content: [
      h("h1", null, t("supply")),
      h("p", { class: "purpose" }, t("supply.text")),
      LiveSection.of({
        load: async (signal) => /** @type {Supply} */ (await context.client.get(pathOf(union.slug, "/supply"), { signal })),
        render: (shown) => [now(shown), split(shown), vesting(context, union, shown), grants(shown)].flat(),
        types: TYPES,
        live: context.live,
      }),
      h("h2", null, t("supply.changes")),
      changes(context, union),
      h("p", null, h("a", { href: pageOf(union.slug, "/rules") }, t("way.rules"))),
    ],
  };
}

/** @param {Supply} shown */
const now = ({ now, genesis, issued, burned, policy, limit }) => [
  h(
    "dl",
    { class: "figures wide" },
    figure(t("supply.now"), moneyElement(now), why(t("supply.now-why"), t("supply.now"))),
    figure(t("supply.genesis"), moneyElement(genesis)),
    figure(t("supply.issued"), moneyElement(issued)),
    figure(t("supply.burned"), moneyElement(burned)),
  ),
  h("p", null, t(`supply.policy.${policy}`), policy === "by_decision" && BigInt(limit.minor) < MINOR_MAX && ` ${t("supply.limit", { money: moneyText(limit) })}`),
];

/** @param {Supply} shown */
const split = ({ plan: { treasury, founder, early_members } }) => [
  h("h2", null, t("supply.split")),
  h("dl", { class: "told" }, told(t("supply.treasury"), moneyElement(treasury)), told(t("supply.founder"), moneyElement(founder)), told(t("supply.early_members"), moneyElement(early_members))),
];

/** @param {string} name @param {import("../ui/dom.js").Child} value */
const told = (name, value) => [h("dt", null, name), h("dd", null, value)];

/** What the plan says by now beside what was released. @param {Context} context @param {Union} union @param {Supply} shown */
function vesting(context, union, { vesting: { vesting_seconds, cliff_seconds, planned, released, locked, next_due } }) {
  const heading = h("h2", null, t("supply.vesting"));
  if (vesting_seconds === 0) return [heading, h("p", null, t("supply.vesting-at-once"))];
  const steps = h("details", { class: "folded" }, h("summary", null, t("supply.steps")));
  steps.addEventListener("toggle", () => steps.append(stepsOf(context, union)), { once: true });
  return [
    heading,
    h("p", null, vestingText(vesting_seconds, cliff_seconds)),
    h(
      "dl",
      { class: "figures wide vesting" },
      figure(t("supply.planned"), moneyElement(planned), why(t("supply.planned-why"), t("supply.planned"))),
      figure(t("supply.released"), moneyElement(released)),
      figure(t("supply.locked"), moneyElement(locked)),
      next_due !== null && figure(t("supply.next"), dayElement(next_due)),
    ),
    steps,
  ];
}

/** @param {number} seconds @param {number} cliffSeconds */
export const vestingText = (seconds, cliffSeconds) =>
  cliffSeconds > 0 ? t("vesting.over-after", { span: spanText(seconds), cliff: spanText(cliffSeconds) }) : t("vesting.over", { span: spanText(seconds) });

/** @param {Context} context @param {Union} union */
const stepsOf = ({ client, live }, union) =>
  more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/supply/vesting?limit=12${cursor}`), { signal }),
    item: (/** @type {Shapes["StepView"]} */ { number, due, amount, vested, released }) =>
      h(
        "li",
        null,
        h("span", null, t("supply.step", { number }), " ", h("span", { class: "faint" }, dayElement(due))),
        moneyElement(amount),
        h("span", { class: "faint" }, t("supply.step-vested", { money: moneyText(vested) })),
        h("span", { class: "state" }, t(released ? "supply.step-released" : "supply.step-due")),
      ),
    none: t("supply.no-steps"),
    className: "rows steps-of-vesting",
    types: TYPES,
    live,
  });

/** @param {Supply} shown */
const grants = ({ grants: { next, halves_every, left, given_a_day_count, per_day_count } }) => [
  h("h2", null, t("supply.grants")),
  h(
    "dl",
    { class: "told" },
    told(t("supply.grants-next"), moneyElement(next)),
    halves_every > 0 && told(t("rules.halving"), t("rules.halving-every", { count: halves_every })),
    told(t("supply.grants-left"), moneyElement(left)),
    told(t("supply.grants-given"), t("supply.grants-count", { count: given_a_day_count, most: per_day_count })),
  ),
];

/** @param {Context} context @param {Union} union */
const changes = ({ client, live }, union) =>
  more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/supply/changes?limit=20${cursor}`), { signal }),
    item: (/** @type {Shapes["ChangeView"]} */ { code, at, amount, supply_after, decision_id }) => {
      const isIn = !amount.minor.startsWith("-");
      return h(
        "li",
        null,
        h("span", null, t(`code.${code}`), " ", h("span", { class: "faint" }, dayElement(at)), decision_id && h("small", { class: "memo" }, t("explain.decision"), " ", h("code", null, decision_id))),
        h("span", { class: isIn ? "in" : "out" }, moneyElement(amount, isIn ? "+" : "")),
        h("span", { class: "faint" }, t("pay.after", { money: moneyText(supply_after) })),
      );
    },
    none: t("supply.no-changes"),
    className: "rows changes",
    types: TYPES,
    live,
  });
