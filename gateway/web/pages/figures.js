import { language } from "../texts/texts.js";

/** A share of the whole trust as a percentage. @param {number} share 0 to 1 */
export const shareText = (share) => new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 1 }).format(share);
