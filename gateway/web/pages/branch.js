/** A leader's voice tree: the picture, alive, and the same as a list. */
import { LiveSection } from "../ui/section.js";
import { h } from "../ui/dom.js";
import { t } from "../texts/texts.js";
import { pageOf, pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {Shapes["BranchNodeView"]} BranchNode
 */

/** @param {import("../app/context.js").Context} context @param {string} union @param {string} leader */
export const branch = ({ client, live, names }, union, leader) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["TreeView"]} */ (await client.get(pathOf(union, `/leaders/${leader}/tree?members=200`), { signal })),
    render: ({ tree }) => (tree.children.length ? h("ul", { class: "tree" }, tree.children.map((child) => node(child, union, names))) : h("p", { class: "faint" }, t("branch.none"))),
    types: ["voice", "membership"],
    live,
  });

/** @param {BranchNode} shown @param {string} union @param {import("../ui/names.js").Names} names @returns {HTMLElement} */
const node = (shown, union, names) =>
  h(
    "li",
    null,
    h("a", { href: pageOf(union, `/leaders/${shown.member_id}`) }, names.element(shown.member_id ?? null)),
    shown.speaks_for_count > 0 && h("span", { class: "faint" }, ` ${t("branch.speaks-for", { count: shown.speaks_for_count })}`),
    (shown.children.length > 0 || shown.folded_members_count > 0) &&
      h(
        "ul",
        null,
        shown.children.map((child) => node(child, union, names)),
        shown.folded_members_count > 0 && h("li", { class: "faint" }, t("branch.folded", { count: shown.folded_members_count })),
      ),
  );
