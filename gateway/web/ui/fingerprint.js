import { h } from "./dom.js";
import { t } from "../texts/texts.js";

/** Of a new key, large enough to be read out. @param {string} text */
export const fingerprintElement = (text) =>
  h("p", { class: "fingerprint" }, h("span", { class: "faint" }, t("recovery.fingerprint")), h("code", null, text));
