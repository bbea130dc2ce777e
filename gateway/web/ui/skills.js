/** The vocabulary of skills: read once, with its labels in the member's language. */
import { language } from "../texts/texts.js";

/** @typedef {{slug: string, label: string}} Skill */

/** @type {Promise<Skill[]> | null} */
let asked = null;

/** In the order of their labels. @param {import("../api/client.js").Client} client @returns {Promise<Skill[]>} */
export function skills(client) {
  asked ??= client.get("/v1/skills").then(
    ({ items }) => items.map((/** @type {Record<string, string>} */ item) => ({ slug: item.slug, label: item[language()] ?? item.en })).sort(byLabel),
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** @param {Skill} one @param {Skill} other */
const byLabel = (one, other) => one.label.localeCompare(other.label, language());

/** What is shown of a slug, also of one that this page does not know yet. @param {readonly Skill[]} known @param {string} slug */
export const labelOf = (known, slug) => known.find((skill) => skill.slug === slug)?.label ?? slug;
