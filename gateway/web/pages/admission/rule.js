/** How one comes into a union, in words. */
import { t } from "../../texts/texts.js";

const WORD = /[()]|[^\s()]+/g;
const VOUCHING = /^vouching:(\d+)$/;
const UNION = /^union:(.+)$/;
const CREDENTIAL = /^credential:(.+)@(.+)$/;
const TOKEN = /^token:(\d+):(0x[0-9a-fA-F]+):(\d+)$/;
const KEY_SHOWN_CHARACTERS = 8;

/** @param {string} rule of the union's rules @returns {string[]} the names of its ways in */
export const waysIn = (rule) => [...new Set((rule.match(WORD) ?? []).map((word) => word.split(":")[0] ?? "").filter((word) => !["and", "or", "(", ")"].includes(word)))];

/** @param {string} rule */
export function ruleText(rule) {
  const text = (rule.match(WORD) ?? []).map(wayText).join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A word of a rule. @param {string} word */
export function wayText(word) {
  const vouching = VOUCHING.exec(word);
  const union = UNION.exec(word);
  if (vouching) return t("admission.way.vouching", { count: Number(vouching[1]) });
  if (union) return t("admission.way.union", { union: union[1] ?? "" });
  const credential = CREDENTIAL.exec(word);
  if (credential) return t("admission.way.credential", { type: credential[1] ?? "", issuer: shortened(credential[2] ?? "") });
  const token = TOKEN.exec(word);
  if (token) return t("admission.way.token", { chain: token[1] ?? "", contract: token[2] ?? "", minimum: token[3] ?? "" });
  return "()".includes(word) ? word : t(`admission.way.${word}`);
}

/** Its beginning tells the kind of key, its end one from another. @param {string} issuer */
const shortened = (issuer) => `${issuer.slice(0, "did:key:z".length + KEY_SHOWN_CHARACTERS)}…${issuer.slice(-KEY_SHOWN_CHARACTERS)}`;
