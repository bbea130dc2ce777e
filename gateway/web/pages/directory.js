import { h } from "../ui/dom.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

/** Whose unions there are: mine first, then all, by name. @type {import("../app/context.js").Page} */
export const directory = (context) => {
  colour(null);
  const { session, url } = context;
  const search = url.searchParams.get("q") ?? "";
  const form = h(
    "form",
    { role: "search", class: "search", action: "/", onsubmit: (/** @type {SubmitEvent} */ event) => find(event, context) },
    h("input", { ...{ name: "q", type: "search", maxlength: 64, value: search }, "aria-label": t("directory.search"), placeholder: t("directory.search") }),
    h("button", null, t("directory.find")),
  );
  return {
    title: "Guildhall",
    content: [
      h("div", { class: "opening" }, h("h1", null, t("directory.title")), h("p", { class: "purpose" }, t("directory.text")), h("p", null, h("a", { href: "/found", class: "main" }, t("found.title")))),
      session.member && h("h2", null, t("directory.mine")),
      session.member && mine(context),
      h("h2", null, t("directory.all")),
      form,
      all(context, search),
      h("p", { class: "faint" }, h("a", { href: "/operators" }, t("operators.title"))),
    ],
  };
};

/** @param {SubmitEvent} event @param {Context} context */
function find(event, { go }) {
  event.preventDefault();
  const search = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? "").trim();
  go(search ? `/?q=${encodeURIComponent(search)}` : "/");
}

/** @param {Context} context */
const mine = ({ client }) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["HomeView"]} */ (await client.get("/v1/home", { signal })),
    render: ({ memberships }) => {
      const living = (memberships ?? []).filter(({ state }) => state === "active");
      if (!living.length) return h("p", { class: "faint" }, t("directory.none-mine"));
      return h(
        "ul",
        { class: "cards" },
        living.map(({ slug, name, role }) =>
          h("li", null, h("h3", null, h("a", { href: pageOf(slug, "/home") }, name)), h("p", { class: "faint" }, t(`role.${role}`))),
        ),
      );
    },
  });

/** @param {Context} context @param {string} search */
const all = ({ client }, search) =>
  more({
    read: (cursor, signal) => client.get(`/v1/unions?limit=30&search=${encodeURIComponent(search)}${cursor}`, { signal }),
    item: (/** @type {Shapes["UnionView"]} */ union) =>
      h(
        "li",
        null,
        h("h3", null, h("a", { href: pageOf(union.slug) }, union.name)),
        h("p", { class: "clamped" }, union.purpose),
        h("p", { class: "faint" }, t("members", { count: union.members_count })),
      ),
    none: search ? t("directory.nothing", { search }) : t("directory.empty"),
    className: "cards",
  });
