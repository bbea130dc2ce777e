/** Why the house itself moved something: the rule in words, with its figures, and the formula for who computes it again. */
import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { moneyOf, moneyText } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { lateWhy } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { percentText } from "./fees.js";
import { MINOR_MAX } from "./parameters.js";

/** Codes of what a rule or a decision moves. */
export const EXPLAINED = new Set(["fee", "vest", "joining_grant", "grant_unlock", "issue", "burn", "genesis"]);

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../ui/money.js").Token} Token
 * @typedef {Shapes["LedgerExplanationView"]} Explanation
 */

/** Of one line of an account's statement. @param {import("../app/context.js").Context} context @param {Shapes["UnionView"]} union @param {string} account @param {Shapes["StatementLineView"]} line */
export const explained = ({ client }, union, account, { code, sequence }) =>
  lateWhy(
    () =>
      LiveSection.of({
        load: async (signal) => /** @type {Promise<Explanation | null>} */ (client.get(pathOf(union.slug, `/accounts/${account}/statement/${sequence}/explanation`), { signal }).catch(none)),
        render: (told) => (told === null ? h("p", null, t("explain.none")) : said(told, union.token)),
      }),
    t(`code.${code}`),
  );

/** @param {unknown} error */
function none(error) {
  if (error instanceof Refused && error.slug === "nothing-to-explain") return null;
  throw error;
}

/** @param {Explanation} told @param {Token} token */
const said = (told, token) => [
  h("p", null, `${sentence(told, token)} ${t("explain.version", { version: told.charter_version })}`),
  told.decision_id && h("p", null, t("explain.decision"), " ", h("code", null, told.decision_id)),
  h("p", { class: "faint" }, h("code", null, told.formula)),
  Object.keys(told.figures).length > 0 && h("p", { class: "faint" }, h("code", null, Object.entries(told.figures).map(([name, value]) => `${name} = ${value}`).join(", "))),
];

/** @param {Explanation} told @param {Token} token */
function sentence({ rule, figures }, token) {
  /** @param {string} name */
  const minor = (name) => BigInt(figures[name] ?? 0);
  /** @param {string} name */
  const money = (name) => moneyText(moneyOf(minor(name), token));
  /** @param {string} name */
  const number = (name) => Number(figures[name] ?? 0);
  switch (rule) {
    case "fee": {
      const of = { percent: percentText(number("basis_points")), money: money("of_minor"), code: t(`code.${figures.of_code}`) };
      return minor("max_minor") < MINOR_MAX ? t("explain.fee-limited", { ...of, limit: money("max_minor") }) : t("explain.fee", of);
    }
    case "joining_grant": {
      const halves = number("halves_every") > 0 && number("number") > 0;
      return t(halves ? "explain.joining_grant-halves" : "explain.joining_grant", { number: number("number"), money: money("first_minor"), count: number("halves_every") });
    }
    case "vest":
      return t("explain.vest", { step: number("step"), steps: number("steps_count"), vested: money("vested_minor"), total: money("total_minor") });
    case "genesis":
      return t("explain.genesis", { percent: percentText(number("share_basis_points")), money: money("supply_minor") });
    default:
      return t(`explain.${rule}`);
  }
}
