import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { more } from "../ui/more.js";
import { nameText } from "../ui/names.js";
import { person as shown } from "../ui/person.js";
import { LiveSection } from "../ui/section.js";
import { skills } from "../ui/skills.js";
import { figure, lateWhy, why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { forRights } from "../app/rights.js";
import { pageOf, pathOf } from "../app/unions.js";
import { branch } from "./branch.js";
import { shareText } from "./figures.js";
import { excluding } from "./exclusion.js";
import { freezing } from "./freeze.js";
import { mySupport, supportButtons } from "./support.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

const TYPES = ["backlink", "voice", "membership"];

/** One member as a leader: figures with their reasons, branch, supporters. @type {import("../app/context.js").Page} */
export const leader = async (context) => {
  const { client, live, names, params, session } = context;
  const id = params.member ?? "";
  const [union, person, known] = await Promise.all([
    context.unions.of(params.union ?? ""),
    /** @type {Promise<Shapes["MemberView"]>} */ (client.get(`/v1/members/${encodeURIComponent(id)}`)),
    skills(client).catch(() => []),
  ]);
  colour(union.id);
  names.know(person);
  const path = pathOf(union.slug, `/leaders/${person.id}`);
  const section = LiveSection.of({
    load: async (signal) => {
      const [figures, support] = await Promise.all([
        /** @type {Promise<Shapes["LeaderAnswer"]>} */ (client.get(path, { signal })),
        mySupport(context, union.slug, signal),
      ]);
      return { figures, support };
    },
    render: ({ figures, support }) => [
      supportButtons(context, union.slug, person.id, support, () => void section.reload()),
      h(
        "dl",
        { class: "figures" },
        figure(t("figure.supporters"), figures.supporters_count, why(t("figure.supporters-why"), t("figure.supporters"))),
        figure(t("figure.speaks-for"), figures.speaks_for_count, why([h("p", null, t("figure.speaks-for-why")), figures.loop_members_count > 0 && h("p", null, t("figure.loop", { count: figures.loop_members_count }))], t("figure.speaks-for"))),
        figure(t("figure.reach"), figures.reach_count, why(t("figure.reach-why"), t("figure.reach"))),
        figure(t("figure.standing"), figures.standing === null ? "–" : `${t("rank", { rank: figures.rank })} · ${shareText(figures.standing)}`, lateWhy(() => standingReasons(context, path), t("figure.standing"))),
      ),
    ],
    types: TYPES,
    live,
  });
  const mayBeKeptOut = person.id !== union.head.id && person.id !== session.member?.id;
  return {
    title: nameText(person),
    content: [
      h("h1", null, h("bdi", null, nameText(person))),
      h("p", { class: "faint" }, `@${person.handle}`),
      ...shown(person, known),
      section,
      h("h2", null, t("branch.title")),
      branch(context, union.slug, person.id),
      h("h2", null, t("leader.supporters")),
      more({
        read: (cursor, signal) => client.get(pathOf(union.slug, `/backlinks?leader=${person.id}&limit=50${cursor}`), { signal }),
        item: (/** @type {Shapes["BacklinkView"]} */ backlink) => h("li", null, h("a", { href: pageOf(union.slug, `/leaders/${backlink.supporter_id}`) }, names.element(backlink.supporter_id))),
        none: t("leader.no-supporters"),
        className: "rows names",
        types: ["backlink"],
        live,
      }),
      mayBeKeptOut &&
        forRights(context, union, (rights) =>
          rights.includes("moderate") && [freezing(context, union, person.id), excluding(context, union, person.id, () => context.go(pageOf(union.slug, "/rules")))],
        ),
    ],
  };
};

/** The sum of a standing, backlink by backlink. @param {Context} context @param {string} path */
const standingReasons = ({ client, names }, path) =>
  LiveSection.of({
    load: async (signal) => /** @type {Promise<Shapes["ExplanationView"] | null>} */ (client.get(`${path}/explanation`, { signal }).catch(notYet)),
    render: (told) =>
      told === null
        ? h("p", null, t("figure.standing-none"))
        : [
            h("p", null, t("figure.standing-why")),
            h(
              "ul",
              { class: "rows" },
              told.from_roots > 0 && h("li", null, t("figure.from-founder"), h("span", null, shareText(told.from_roots))),
              told.backlinks.map((backlink) => h("li", null, names.element(backlink.supporter_id), h("span", null, shareText(backlink.share)))),
              told.other_backlinks_count > 0 && h("li", null, t("figure.others", { count: told.other_backlinks_count }), h("span", null, shareText(told.other_backlinks_share))),
            ),
          ],
  });

/** @param {unknown} error */
function notYet(error) {
  if (error instanceof Refused && error.slug === "standing-not-published") return null;
  throw error;
}
