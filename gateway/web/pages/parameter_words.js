/** The parameters of the rules in members' words: what each is called, and what its value says. */
import { moneyOf, moneyText } from "../ui/money.js";
import { durationText, spanText } from "../ui/time.js";
import { language, t } from "../texts/texts.js";
import { ruleText } from "./admission/rule.js";
import { percentText } from "./fees.js";
import { tokenOf } from "./parameters.js";

/** @typedef {import("./parameters.js").Parameters} Parameters */

/** @typedef {[called: string, said: (value: string | number, parameters: Parameters) => string]} Words */

/** @param {string | number} value */
const number = (value) => new Intl.NumberFormat(language()).format(Number(value));
/** @param {string | number} value @param {Parameters} parameters */
const money = (value, parameters) => moneyText(moneyOf(BigInt(value), tokenOf(parameters)));
/** @param {string | number} value */
const duration = (value) => durationText(Number(value));
/** @param {string | number} value */
const percent = (value) => percentText(Number(value));
/** @param {string | number} value */
const seenBy = (value) => t(`rules.seen-by.${value}`);

/** @type {Record<string, Words>} */
const WORDS = {
  joining_grant_minor: ["rules.grant", money],
  joining_grants_per_day: ["rules.grants-a-day", number],
  joining_grant_halves_every: ["rules.halving", (value) => (Number(value) ? t("rules.halving-every", { count: Number(value) }) : t("rules.halving-never"))],
  admission: ["rules.admission", (value) => ruleText(String(value))],
  admissions_per_day: ["rules.admissions-per-day", number],
  review_seconds: ["rules.review", duration],
  visibility_members: ["rules.sees.members", seenBy],
  visibility_backlinks: ["rules.sees.backlinks", seenBy],
  visibility_voices: ["rules.sees.voices", seenBy],
  visibility_pledges: ["rules.sees.pledges", seenBy],
  visibility_balances: ["rules.sees.balances", seenBy],
  payment_fee_basis_points: ["rules.fee-payment", percent],
  work_fee_basis_points: ["rules.fee-work", percent],
  fee_max_minor: ["rules.fee-most", (value, parameters) => (BigInt(value) < BigInt(parameters.supply_minor) ? money(value, parameters) : t("rules.fee-unlimited"))],
  backlinks_max_count: ["rules.backs-most", number],
  acceptance_grace_seconds: ["rules.grace", (value) => spanText(Number(value))],
  acceptance_by_silence: ["rules.silence", (value) => t(`rules.silence.${value}`)],
};

/** What a parameter is called, and what each value says. @param {string} name @param {Parameters} parameters @returns {{called: string, said: (value: string | number) => string}} */
export function wordsOf(name, parameters) {
  const words = WORDS[name];
  if (!words) return { called: name, said: String };
  const [called, said] = words;
  return { called: t(called), said: (value) => said(value, parameters) };
}
