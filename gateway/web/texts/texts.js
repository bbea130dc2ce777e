/** The texts of the page, in the language that the browser prefers among those there are. */
/** @typedef {string | {one: string, other: string}} Text `{name}` is filled in; `{count}` chooses the plural (CLDR) */

const LANGUAGES = ["en", "de"];
const chosen = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) ?? "en";
const plural = new Intl.PluralRules(chosen);
/** @type {Record<string, Text>} */
const catalogue = chosen === "de" ? (await import("./de.js")).de : (await import("./en.js")).en;

export const language = () => chosen;

/** @param {string} name */
export const has = (name) => name in catalogue;

/** @param {string} name @param {Record<string, string | number>} [parameters] */
export function t(name, parameters = {}) {
  const text = catalogue[name] ?? name;
  const form = typeof text === "string" ? text : plural.select(Number(parameters.count)) === "one" ? text.one : text.other;
  return form.replaceAll(/\{(\w+)\}/g, (whole, key) => {
    const value = parameters[key];
    return value === undefined ? whole : typeof value === "number" ? new Intl.NumberFormat(chosen).format(value) : value;
  });
}
