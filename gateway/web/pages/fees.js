/** What a union's rules have a payee give of what they receive: exact, in minor units and basis points. */
import { DECIMAL, moneyOf, moneyText, NoAmount, readMoney } from "../ui/money.js";
import { language, t } from "../texts/texts.js";
import { MINOR_MAX, tokenOf } from "./parameters.js";

const WHOLE_BASIS_POINTS = 10_000;
const FEE_BASIS_POINTS_MAX = 1_000;
const PERCENT = /^(\d{1,2})(?:[.,](\d{1,2}))?$/;
/** As nothing is written. */
export const NOTHING = /^0+(?:[.,]0*)?$/;

/** @typedef {import("./parameters.js").Parameters} Parameters */

/** Rounded down, as the house does it. @param {number} basisPoints @param {Parameters} parameters @param {bigint} minor */
export function feeMinor(basisPoints, { fee_max_minor }, minor) {
  const fee = (minor * BigInt(basisPoints)) / BigInt(WHOLE_BASIS_POINTS);
  const most = BigInt(fee_max_minor);
  return fee < most ? fee : most;
}

/** Whether anything is ever taken. @param {number} basisPoints @param {Parameters} parameters */
export const takesFee = (basisPoints, { fee_max_minor }) => basisPoints > 0 && fee_max_minor !== "0";

/** What is left of an amount for its payee, and where the rest goes. @param {number} basisPoints @param {Parameters} parameters @param {bigint} minor @param {bigint} [fee] where it is the sum of several */
export function arrivesText(basisPoints, parameters, minor, fee = feeMinor(basisPoints, parameters, minor)) {
  const token = tokenOf(parameters);
  return t("fee.arrives", { money: moneyText(moneyOf(minor - fee, token)), fee: moneyText(moneyOf(fee, token)), percent: percentText(basisPoints) });
}

/** Whether a fee's limit can ever be met. @param {Parameters} parameters */
export const hasFeeLimit = ({ fee_max_minor, supply_minor }) => BigInt(fee_max_minor) < BigInt(supply_minor);

/** @param {number} basisPoints @param {Parameters} parameters */
export function feeText(basisPoints, parameters) {
  if (basisPoints === 0 || parameters.fee_max_minor === "0") return t("fee.none");
  const percent = percentText(basisPoints);
  if (!hasFeeLimit(parameters)) return t("fee.of", { percent });
  return t("fee.of-limited", { percent, money: moneyText(moneyOf(BigInt(parameters.fee_max_minor), tokenOf(parameters))) });
}

/** Shown only. @param {number} basisPoints */
export const percentText = (basisPoints) =>
  new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 2 }).format(basisPoints / WHOLE_BASIS_POINTS);

/** As a founder would write it, without its sign. @param {number} basisPoints */
export function percentValue(basisPoints) {
  const parts = String(basisPoints % 100).padStart(2, "0").replace(/0+$/, "");
  return String(Math.floor(basisPoints / 100)) + (parts && DECIMAL + parts);
}

/** The basis points that a written percentage means. Raises NoAmount. @param {string} text */
export function readPercent(text) {
  const found = PERCENT.exec(text.replace(/\s*%$/, ""));
  const basisPoints = found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : NaN;
  if (basisPoints > FEE_BASIS_POINTS_MAX || Number.isNaN(basisPoints)) throw new NoAmount(t("fee.unreadable", { percent: percentText(FEE_BASIS_POINTS_MAX) }));
  return basisPoints;
}

/** The minor units of a fee's limit as it was written; where nothing is, there is none. Raises NoAmount. @param {string} text @param {import("../ui/money.js").Token} token */
export function readFeeLimit(text, token) {
  if (text === "") return String(MINOR_MAX);
  return NOTHING.test(text) ? "0" : readMoney(text, token).minor;
}
