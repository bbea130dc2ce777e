/** The businesses of a union: all of them, and founding one. */
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { actButton } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pageOf, pathOf } from "../../app/unions.js";
import { found } from "./acts.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** Of events after which the list or a business may be otherwise. */
export const BUSINESS_TYPES = ["business", "membership", "notice.made"];

/** Where they are shown. @param {{slug: string}} union */
export const businessesPage = ({ slug }) => pageOf(slug, "/rules?businesses");

/** Where one is shown. @param {{slug: string}} union @param {string} id */
export const businessPage = ({ slug }, id) => pageOf(slug, `/rules?business=${id}`);

/** Everybody may see them. @param {Context} context @param {Union} union @returns {import("../../app/context.js").Shown} */
export function businesses(context, union) {
  const { client, live, session } = context;
  const list = more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/businesses?limit=50${cursor}`), { signal }),
    item: (/** @type {Shapes["BusinessLine"]} */ { id, name, shares, my_shares, founded_at }) =>
      h(
        "li",
        { "data-business": id },
        h("a", { href: businessPage(union, id) }, h("bdi", null, name)),
        h("span", { class: "faint" }, my_shares === "0" ? dayElement(founded_at) : t("business.my-shares", { mine: my_shares, all: shares })),
      ),
    hasEnded: ({ state }) => state !== "active",
    none: t("businesses.none"),
    types: BUSINESS_TYPES,
    live,
  });
  return {
    title: t("businesses"),
    content: [
      h("h1", null, t("businesses")),
      h("p", { class: "purpose" }, t("businesses.text")),
      list,
      session.member !== null && actButton(t("business.found"), async () => found(context, union), { class: "quiet", "data-key": "found business" }),
      h("p", null, h("a", { href: pageOf(union.slug, "/rules") }, t("way.rules"))),
    ],
  };
}
