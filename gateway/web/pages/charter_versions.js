/** Every version of the rules, who put it in force and by what right, and what differs between any two. */
import { h } from "../ui/dom.js";
import { field, line, written } from "../ui/fields.js";
import { more } from "../ui/more.js";
import { actButton, actForm } from "../ui/sheet.js";
import { dayElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pageOf, pathOf } from "../app/unions.js";
import { showDiff } from "./charter_diff.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** Where they are shown. @param {{slug: string}} union */
export const versionsPage = ({ slug }) => pageOf(slug, "/rules?versions");

/** Everybody may see them. @param {Context} context @param {Union} union @returns {import("../app/context.js").Shown} */
export function versions(context, union) {
  const { client, live, names } = context;
  return {
    title: t("versions"),
    content: [
      h("h1", null, t("versions")),
      h("p", { class: "purpose" }, t("versions.text")),
      more({
        read: (cursor, signal) => client.get(pathOf(union.slug, `/charter/versions?limit=20${cursor}`), { signal }),
        item: (/** @type {Shapes["CharterVersionView"]} */ shown) =>
          h(
            "li",
            null,
            h("span", null, t("versions.version", { version: shown.version }), " ", shown.asking && h("small", { class: "faint" }, t("versions.asked"))),
            h("span", { class: "faint" }, names.element(shown.author_id), " · ", t(shown.allowed_by === "founding" ? "versions.by-founding" : "versions.without-vote"), " · ", dayElement(shown.adopted_at)),
            shown.version > 1 && actButton(t("versions.changed"), () => showDiff(context, union, shown.version - 1, shown.version), { class: "quiet" }),
            h("details", { class: "folded" }, h("summary", null, t("versions.hash")), h("code", null, shown.hash)),
          ),
        none: t("versions.none"),
        types: ["union"],
        live,
      }),
      ...(union.charter_version > 1 ? comparing(context, union) : []),
      h("p", null, h("a", { href: pageOf(union.slug, "/rules") }, t("way.rules"))),
    ],
  };
}

/** @param {Context} context @param {Union} union */
const comparing = (context, union) => [
  h("h2", null, t("versions.compare")),
  actForm(
    [place("from", t("versions.from"), "1"), place("to", t("versions.to"), String(union.charter_version))],
    t("versions.compare"),
    (values) => showDiff(context, union, Number(written(values, "from")), Number(written(values, "to"))),
  ),
];

/** @param {string} name @param {string} words @param {string} value */
const place = (name, words, value) => field(words, line(name, { type: "number", inputmode: "numeric", required: true, min: 1, value }));
