/** What went wrong, in the member's language where the catalogue has it, else in the server's words. */
import { Refused, Unreachable } from "../api/problem.js";
import { SignedOut } from "../api/session.js";
import { WalletAway } from "../api/wallet_acts.js";
import { refusalText } from "./refusal_text.js";
import { has, t } from "../texts/texts.js";

/** @param {unknown} error */
export function problemText(error) {
  if (error instanceof Unreachable) return t(navigator.onLine ? "problem.away" : "problem.offline");
  if (error instanceof SignedOut) return t("problem.signed-out");
  if (error instanceof WalletAway) return t("problem.wallet-away", { wallet: error.message });
  if (error instanceof Refused) {
    if (error.slug === "refused-by-ledger") return refusalText(String(error.problem.code));
    const name = `problem.${error.slug}`;
    if (has(name)) return t(name, textsOf(error.problem));
    const { title, detail } = error.problem;
    return [title, detail].filter((part, place, all) => part && all.indexOf(part) === place).join(". ") || t("problem.unknown");
  }
  if (error instanceof DOMException) return t(error.name === "NotAllowedError" ? "problem.passkey-not-given" : "problem.browser", { reason: error.message });
  const code = Object(error).code;
  if (code === 4001) return t("problem.wallet-said-no");
  return t("problem.browser", { reason: String(Object(error).message ?? error) });
}

/** @param {Record<string, unknown>} problem */
const textsOf = (problem) => Object.fromEntries(Object.entries(problem).map(([name, value]) => [name, String(value)]));
