/** How one comes into a union, in words. */
import { t } from "../../texts/texts.js";

const WORD = /[()]|[^\s()]+/g;
const VOUCHING = /^vouching:(\d+)$/;
const UNION = /^union:(.+)$/;

/** @param {string} rule of the union's rules @returns {string[]} the names of its ways in */
export const waysIn = (rule) => [...new Set((rule.match(WORD) ?? []).map((word) => word.split(":")[0] ?? "").filter((word) => !["and", "or", "(", ")"].includes(word)))];

/** @param {string} rule */
export function ruleText(rule) {
  const text = (rule.match(WORD) ?? []).map(wordText).join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} word */
function wordText(word) {
  const vouching = VOUCHING.exec(word);
  const union = UNION.exec(word);
  if (vouching) return t("admission.way.vouching", { count: Number(vouching[1]) });
  if (union) return t("admission.way.union", { union: union[1] ?? "" });
  return "()".includes(word) ? word : t(`admission.way.${word}`);
}
