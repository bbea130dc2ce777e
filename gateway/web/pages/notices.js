import { OF_ACCOUNT, OF_UNION } from "../api/live.js";
import { h } from "../ui/dom.js";
import { more } from "../ui/more.js";
import { agoElement } from "../ui/time.js";
import { has, t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["NoticeView"]} Notice
 */

/** Where one reads on, by the noun. @type {Record<string, (id: string) => string>} */
const PLACES = {
  offers: (id) => `/work/${id}`,
  agreements: (id) => `/agreements/${id}`,
  leaders: (id) => `/leaders/${id}`,
  accounts: () => "/pay",
  projects: (id) => `/fund/${id}`,
  memberships: () => "/rules",
  charter: () => "/rules",
  succession: () => "/rules?offices",
  suspensions: () => "/rules",
  expulsions: () => "/rules",
  offices: () => "/rules?offices",
  businesses: (id) => `/rules?business=${id}`,
  unions: () => "",
};

/** Of what is of no union. @type {Record<string, string>} */
const OF_HOUSE = { "operator-acts": "/operators", operators: "/operators" };

/** What happened to the member, in all unions; seeing it is reading it. @type {import("../app/context.js").Page} */
export const notices = async (context) => {
  const { client, live } = context;
  colour(null);
  return {
    title: t("notices"),
    content: [
      h("h1", null, t("notices")),
      more({
        read: async (cursor, signal) => {
          /** @type {Shapes["NoticesPage"]} */
          const page = await client.get(`/v1/me/notices?limit=50${cursor}`, { signal });
          const [newest] = page.items;
          if (newest && page.unread_count > 0) {
            await client.send("PUT", "/v1/me/notices/read-mark", { body: { through: newest.id }, signal });
            context.bell.look();
          }
          return { ...page, items: page.items.filter(({ kind }) => has(`notice.${kind}`)) };
        },
        item: (/** @type {Notice} */ notice) => shown(context, notice),
        none: t("notices.none"),
        className: "rows notices",
        types: [OF_UNION, OF_ACCOUNT],
        live,
      }),
    ],
  };
};

/** @param {Context} context @param {Notice} notice */
function shown({ names }, notice) {
  const said = h("span", null, t(`notice.${notice.kind}`, { count: notice.happened_count, name: "…" }));
  if (notice.actor_id) {
    names.ask(notice.actor_id, ({ name, handle }) => (said.textContent = t(`notice.${notice.kind}`, { count: notice.happened_count, name: name || `@${handle}` })));
  }
  const href = whereToReadOn(notice);
  return h(
    "li",
    { class: notice.read_at ? "" : "unread" },
    href ? h("a", { href }, said) : said,
    h("span", { class: "faint" }, notice.union_name ?? t("notices.account"), " · ", agoElement(notice.made_at)),
  );
}

/** @param {Notice} notice */
function whereToReadOn({ subject, subject_id, union_slug }) {
  if (OF_HOUSE[subject]) return OF_HOUSE[subject];
  if (union_slug === null) return "/me";
  const place = PLACES[subject];
  return place ? pageOf(union_slug, place(subject_id)) : null;
}
