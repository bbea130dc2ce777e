import { h } from "../ui/dom.js";
import { choice } from "../ui/fields.js";
import { LiveSection } from "../ui/section.js";
import { actButton } from "../ui/sheet.js";
import { why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { shareText } from "./figures.js";
import { mySupport, supportButtons } from "./support.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

const PAGE = 25;
const SORTS = ["standing", "supporters", "speaks_for", "reach"];

/** Who leads here, by one of the four figures. @type {import("../app/context.js").Page} */
export const leaders = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live, url, go } = context;
  const asked = url.searchParams.get("sort") ?? "";
  const sort = SORTS.includes(asked) ? asked : "standing";
  const sorting = choice("sort", SORTS.map((name) => [name, t(`sort.${name}`)]), sort);
  sorting.setAttribute("aria-label", t("sort"));
  sorting.addEventListener("change", () => go(pageOf(union.slug, `/leaders?sort=${sorting.value}`), { replace: true }));
  let pages = 1;
  const section = LiveSection.of({
    load: async (signal) => {
      const [shown, support] = await Promise.all([
        readPages(client, pathOf(union.slug, `/leaders?limit=${PAGE}&sort=${sort}`), pages, signal),
        mySupport(context, union.slug, signal),
      ]);
      return { shown, support };
    },
    render: ({ shown, support }) => {
      if (!shown.items.length) return h("p", { class: "faint" }, t("leaders.none"));
      return [
        h("p", { class: "faint" }, [t("leaders.count", { count: shown.leaders_count }), t("members", { count: shown.members_count }), t("backings", { count: shown.backlinks_count })].join(", ")),
        h("ol", { class: "cards leaders" }, shown.items.map((leader) => card(context, union.slug, leader, support, () => void section.reload()))),
        shown.next_cursor && actButton(t("more"), async () => {
          pages += 1;
          await section.reload();
        }),
      ];
    },
    types: ["backlink", "voice", "membership"],
    live,
  });
  return {
    title: t("way.leaders"),
    content: [h("div", { class: "titled" }, h("h1", null, t("way.leaders")), sorting), why(figuresText()), section],
  };
};

/** @param {import("../api/client.js").Client} client @param {string} path @param {number} pages @param {AbortSignal} signal @returns {Promise<Shapes["LeadersPage"]>} */
async function readPages(client, path, pages, signal) {
  const items = [];
  let cursor = "";
  let page;
  for (let read = 0; read < pages; read += 1) {
    page = await client.get(path + cursor, { signal });
    items.push(...page.items);
    if (page.next_cursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  return { ...page, items };
}

/** @param {Context} context @param {string} union @param {Shapes["LeaderView"]} leader @param {import("./support.js").Support} support @param {() => void} changed */
function card(context, union, leader, support, changed) {
  const id = leader.member_id ?? "";
  return h(
    "li",
    null,
    h("h3", null, h("span", { class: "rank" }, leader.rank), h("a", { href: pageOf(union, `/leaders/${id}`), "data-key": id }, context.names.element(id))),
    h(
      "dl",
      { class: "small figures" },
      small(t("figure.supporters"), leader.supporters_count),
      small(t("figure.speaks-for"), leader.speaks_for_count),
      small(t("figure.reach"), leader.reach_count),
      small(t("figure.standing"), leader.standing === null ? "–" : shareText(leader.standing)),
    ),
    supportButtons(context, union, id, support, changed),
  );
}

/** @param {string} label @param {string | number} value */
const small = (label, value) => h("div", null, h("dt", null, label), h("dd", null, value));

const figuresText = () =>
  h("dl", { class: "told" }, ["supporters", "speaks-for", "reach", "standing"].map((name) => [h("dt", null, t(`figure.${name}`)), h("dd", null, t(`figure.${name}-why`))]).flat());
