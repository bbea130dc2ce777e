/** What differs between two versions of the rules, as a member reads it. */
import { h } from "../ui/dom.js";
import { openSheet } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { wordsOf } from "./parameter_words.js";
import { parametersOf } from "./parameters.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["CharterDiffView"]} Diff
 */

/** Open a sheet with what a version changed. @param {Context} context @param {{slug: string}} union @param {number} from @param {number} to */
export async function showDiff({ client }, { slug }, from, to) {
  const charter = pathOf(slug, "/charter");
  const [diff, shown] = await Promise.all([
    /** @type {Promise<Diff>} */ (client.get(`${charter}/diff?from=${from}&to=${to}`)),
    /** @type {Promise<Shapes["CharterView"]>} */ (client.get(`${charter}?version=${to}`)),
  ]);
  openSheet(t("diff.title", { from, to }), diffOf(diff, parametersOf(shown)));
}

/** @param {Diff} diff @param {import("./parameters.js").Parameters} parameters */
function diffOf(diff, parameters) {
  const { purpose, values_added, values_removed, bylaws } = diff;
  const isSame = !purpose && !values_added.length && !values_removed.length && !diff.parameters.length && !bylaws;
  if (isSame) return h("p", null, t("diff.nothing"));
  return h(
    "div",
    { class: "diff" },
    purpose && [h("h3", null, t("found.purpose")), gone(purpose.old), come(purpose.new)],
    (values_added.length > 0 || values_removed.length > 0) && [h("h3", null, t("rules.values")), values_removed.map(gone), values_added.map(come)].flat(),
    diff.parameters.length > 0 && [h("h3", null, t("rules.numbers")), h("dl", { class: "told" }, diff.parameters.map((change) => parameter(change, parameters)).flat())],
    bylaws && [h("h3", null, t("rules.bylaws")), h("div", { class: "lines" }, bylaws.split("\n").map(lineOf))],
  );
}

/** @param {string} text */
const gone = (text) => h("p", null, h("del", null, text));
/** @param {string} text */
const come = (text) => h("p", null, h("ins", null, text));

/** @param {Shapes["ParameterChangeView"]} change @param {import("./parameters.js").Parameters} parameters */
function parameter({ name, old, new: now }, parameters) {
  const { called, said } = wordsOf(name, parameters);
  return [h("dt", null, called), h("dd", null, h("del", null, said(old)), " ", h("ins", null, said(now)))];
}

/** A line of a unified diff. @param {string} line */
function lineOf(line) {
  if (line.startsWith("@@ ")) return h("hr");
  const text = line.slice(1) || "\u00a0";
  if (line.startsWith("+")) return h("p", null, h("ins", null, text));
  if (line.startsWith("-")) return h("p", null, h("del", null, text));
  return h("p", { class: "faint" }, text);
}
