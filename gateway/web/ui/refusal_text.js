/** What the ledger's result codes say to a member. */
import { has, t } from "../texts/texts.js";

/** Another member's account, and those of several. */
export const THEIRS = "_theirs";
export const OF_SEVERAL = "_of-several";

/** Of my own account, or of whose it is. @param {string} result @param {string} [whose] `THEIRS`, `OF_SEVERAL`, or nothing */
export function refusalText(result, whose = "") {
  const variants = whose === OF_SEVERAL ? [OF_SEVERAL, THEIRS, ""] : [whose, ""];
  const name = variants.map((variant) => `result.${result}${variant}`).find(has);
  return name === undefined ? t("result.other", { code: result.replaceAll("_", " ") }) : t(name);
}
