/** Money: whole minor units inside, its text with the token outside. No floating point touches it. */
import { h } from "./dom.js";
import { language, t } from "../texts/texts.js";

/**
 * @typedef {import("guildhall-api").components["schemas"]["MoneyView"]} Money
 * @typedef {import("guildhall-api").components["schemas"]["TokenView"]} Token
 */

/** What a member wrote is no amount; the message says why. */
export class NoAmount extends Error {}

/** The decimal separator of the language. */
export const DECIMAL = new Intl.NumberFormat(language()).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".";

/** The text form with the separators of the language. @param {string} text */
function spoken(text) {
  const [, sign = "", units = "0", parts = ""] = /^([-+]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return sign.replace("-", "\u2212") + new Intl.NumberFormat(language()).format(BigInt(units)) + (parts && DECIMAL + parts);
}

/** @param {Money} money @param {string} [sign] */
export const moneyText = (money, sign = "") => `${sign}${spoken(money.text)} ${money.asset}`;

/** @param {Money} money @param {string} [sign] */
export const moneyElement = (money, sign = "") =>
  h("span", { class: "money" }, h("bdi", null, sign + spoken(money.text)), " ", h("span", { class: "token" }, money.asset));

/** The amount alone, as a member would write it. @param {Money} money */
export const amountText = ({ text }) => text.replace(".", DECIMAL);

/** Minor units as money. @param {bigint} minor @param {Token} token @returns {Money} */
export function moneyOf(minor, { symbol, scale }) {
  const digits = String(minor < 0n ? -minor : minor).padStart(scale + 1, "0");
  const parts = digits.slice(digits.length - scale).replace(/0+$/, "").padEnd(Math.min(2, scale), "0");
  const text = digits.slice(0, digits.length - scale) + (parts && `.${parts}`);
  return { asset: symbol, minor: String(minor), text: (minor < 0n ? "-" : "") + text };
}

/** What money is left without a part of it. @param {Money} whole @param {Money} part @param {Token} token */
export const without = (whole, part, token) => moneyOf(BigInt(whole.minor) - BigInt(part.minor), token);

/** The money that a text in the token's units means. Raises NoAmount. @param {string} text @param {Token} token */
export function readMoney(text, { symbol, scale }) {
  const found = /^(\d{1,19})(?:[.,](\d+))?$/.exec(text.replaceAll(/[\s']/g, ""));
  if (found === null) throw new NoAmount(t("amount.unreadable", { token: symbol }));
  const [, units = "", parts = ""] = found;
  if (parts.length > scale) throw new NoAmount(t("amount.too-fine", { token: symbol, scale }));
  const minor = BigInt(units + parts.padEnd(scale, "0"));
  if (minor === 0n) throw new NoAmount(t("amount.nothing"));
  return { asset: symbol, minor: String(minor) };
}
