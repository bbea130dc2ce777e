/** A leader's voice tree: the picture, alive, and the same as a list. */
import { VoiceTree } from "../picture/voice_tree.js";
import { LiveSection } from "../ui/section.js";
import { h } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { actButton } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { pageOf, pathOf } from "../app/unions.js";

const DRAWN_MAX = 2_000;
const LISTED_MAX = 100;

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {Shapes["BranchNodeView"]} BranchNode
 */

/** @param {import("../app/context.js").Context} context @param {string} union @param {string} leader */
export function branch({ client, live, names, go }, union, leader) {
  const picture = /** @type {VoiceTree} */ (document.createElement("voice-tree"));
  picture.names = names;
  picture.open = (id) => go(pageOf(union, `/leaders/${id}`));
  picture.hidden = true;
  const list = LiveSection.of({
    load: async (signal) => {
      /** @type {Shapes["TreeView"]} */
      const { tree } = await client.get(pathOf(union, `/leaders/${leader}/tree?members=${DRAWN_MAX}`), { signal });
      picture.hidden = tree.children.length === 0;
      picture.update(tree);
      return tree;
    },
    render: (tree) => {
      if (!tree.children.length) return h("p", { class: "faint" }, t("branch.none"));
      const left = { count: LISTED_MAX };
      return [
        h("details", { class: "why", open: tree.speaks_for_count < 10 }, h("summary", null, t("branch.list")), h("ul", { class: "tree" }, branches(tree, union, names, left))),
        actButton(t("branch.save"), async () => {
          const drawn = await client.get(pathOf(union, `/leaders/${leader}/tree.svg`));
          download(`${union}.svg`, new Blob([drawn], { type: "image/svg+xml" }));
        }),
      ];
    },
    types: ["voice", "membership"],
    live,
  });
  return h("div", null, picture, list);
}

/** Those below a member, as long as there is room; the rest is counted. @param {BranchNode} of @param {string} union @param {import("../ui/names.js").Names} names @param {{count: number}} left @returns {HTMLElement[]} */
function branches(of, union, names, left) {
  const items = [];
  let folded = of.folded_members_count;
  for (const child of of.children) {
    if (left.count === 0) {
      folded += 1 + child.speaks_for_count;
      continue;
    }
    left.count -= 1;
    const below = branches(child, union, names, left);
    items.push(
      h(
        "li",
        null,
        h("a", { href: pageOf(union, `/leaders/${child.member_id}`) }, names.element(child.member_id)),
        child.speaks_for_count > 0 && h("span", { class: "faint" }, ` ${t("branch.speaks-for", { count: child.speaks_for_count })}`),
        below.length > 0 && h("ul", null, below),
      ),
    );
  }
  if (folded > 0) items.push(h("li", { class: "faint" }, t("branch.folded", { count: folded })));
  return items;
}
