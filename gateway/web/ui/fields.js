/** Labelled fields of forms, with their limits and what they are for. */
import { h } from "./dom.js";
import { t } from "../texts/texts.js";

let count = 0;

/**
 * @param {string} label @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control @param {string} [hint]
 * @returns {HTMLElement}
 */
export function field(label, control, hint) {
  control.id ||= `field-${++count}`;
  const told = hint ? h("small", { id: `${control.id}-hint` }, hint) : null;
  if (told) control.setAttribute("aria-describedby", told.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, told);
}

/** @param {string} name @param {import("./dom.js").Properties} [more] */
export const line = (name, more = {}) => h("input", { name, type: "text", autocomplete: "off", maxlength: 120, ...more });

/** @param {string} name @param {import("./dom.js").Properties} [more] */
export const area = (name, more = {}) => h("textarea", { name, rows: 4, maxlength: 4000, ...more });

/** @param {string} name @param {[string, string][]} choices value and words @param {string} [chosen] */
export const choice = (name, choices, chosen) =>
  h("select", { name }, choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));

/** An amount in the union's token, as a member writes it. @param {string} name @param {import("./money.js").Token} token @param {import("./dom.js").Properties} [more] */
export function amount(name, token, more = {}) {
  const control = line(name, { inputmode: "decimal", required: true, maxlength: 24, class: "amount", ...more });
  control.addEventListener("input", () => control.setCustomValidity(""));
  control.addEventListener("invalid", () => {
    if (control.validity.valueMissing) control.setCustomValidity(t("amount.missing", { token: token.symbol }));
  });
  return control;
}

/** What was written, trimmed. @param {FormData} values @param {string} name */
export const written = (values, name) => String(values.get(name) ?? "").trim();
