import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { entrance } from "../ui/entrance.js";
import { moneyElement } from "../ui/money.js";
import { nameText } from "../ui/names.js";
import { LiveSection } from "../ui/section.js";
import { dayElement, dayText } from "../ui/time.js";
import { figure, why } from "../ui/why.js";
import { writtenText } from "../ui/written.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { invitationOf, pageOf, pathOf } from "../app/unions.js";
import { exclusions } from "./exclusion.js";
import { askedToAccept } from "./acceptance.js";
import { applied, applying, ownApplication } from "./admission/applying.js";
import { growth } from "./admission/growth.js";
import { ownProofs, proving } from "./admission/proving.js";
import { ruleText, waysIn } from "./admission/rule.js";
import { supplyPage } from "./supply.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["InvitationShown"]} Invitation
 */

const LEADERS_SHOWN = 10;

/** What everybody may know of a union, and the way in. @type {import("../app/context.js").Page} */
export const union = async (context) => {
  const shown = await context.unions.of(context.params.union ?? "");
  colour(shown.id);
  const code = invitationOf(context.url);
  return {
    title: shown.name,
    content: [
      h("h1", null, shown.name),
      h("p", { class: "purpose" }, shown.purpose),
      h("p", { class: "faint" }, t("union.founded", { founder: `@${shown.founder.handle}`, day: dayText(shown.founded_at), token: shown.token.symbol })),
      askedToAccept(context, shown),
      wayIn(context, shown, code),
      figures(context, shown),
      growth(context, shown),
      h("p", null, h("a", { href: supplyPage(shown) }, t("supply"))),
      h("h2", null, t("union.leaders")),
      leaders(context, shown),
    ],
  };
};

/** @param {Context} context @param {Union} union @param {string | null} code */
function wayIn(context, union, code) {
  const section = LiveSection.of(
    {
      load: async (signal) => {
        const path = pathOf(union.slug);
        const [state, own, proofs, asked, invitation, charter] = await Promise.all([
          stateOf(context, union, signal),
          ownApplication(context, union, signal),
          ownProofs(context, union, signal),
          /** @type {Promise<Shapes["QuestionsView"]>} */ (context.client.get(`${path}/admission-questions`, { signal })),
          code === null ? null : /** @type {Promise<Invitation | Refused>} */ (context.client.get(`${path}/invitations/${code}`, { signal }).catch(refusal)),
          /** @type {Promise<Shapes["CharterView"]>} */ (context.client.get(`${path}/charter`, { signal })),
        ]);
        return { state, own, proofs, asked, invitation: invitation instanceof Refused ? null : invitation, isStale: invitation instanceof Refused, charter };
      },
      render: ({ state, own, proofs, asked, invitation, isStale, charter }) => {
        if (state === "suspended" || state === "expelled") return [h("p", { class: "problem" }, t(`exclusion.me.${state}`)), exclusions(context, union, false)];
        if (state === "active") return h("p", null, h("a", { class: "main", href: pageOf(union.slug, "/home") }, t("union.enter")));
        if (asked.rule === "invitation" && invitation === null) {
          return h("p", { class: "card" }, isStale ? t("join.stale") : t("join.invited-only"));
        }
        const stale = isStale && h("p", { class: "problem" }, t("join.stale"));
        const changed = () => void section.reload();
        const present = own && applied(context, union, own, changed);
        const proven = proving(context, union, asked.rule, proofs, changed);
        const mayJoin = !waysIn(asked.rule).includes("application") || invitation !== null || own?.state === "admitted" || proofs?.admits;
        if (mayJoin) return [stale, present, asked.rule !== "open" && h("p", { class: "faint" }, t("apply.rule", { rule: ruleText(asked.rule) })), proven, join(context, union, code, invitation, charter)].flat();
        return [stale, proven, present ?? applying(context, union, asked, charterText(charter), changed)].flat();
      },
    },
    "card",
  );
  return section;
}

/** @param {unknown} error */
function refusal(error) {
  if (error instanceof Refused && error.status < 500 && error.status !== 429) return error;
  throw error;
}

/** @param {Context} context @param {Union} union @param {AbortSignal} signal */
async function stateOf({ client, session }, union, signal) {
  if (session.member === null) return null;
  const found = await client.get(pathOf(union.slug, "/memberships/me"), { signal }).catch(refusal);
  return found instanceof Refused ? null : String(found.state);
}

/** @param {Context} context @param {Union} union @param {string | null} code @param {Invitation | null} invitation @param {Shapes["CharterView"]} charter */
function join(context, union, code, invitation, charter) {
  const { client, go } = context;
  const backed = invitation?.invited_by ?? { id: union.head.id, handle: union.head.handle, name: "" };
  const idempotencyKey = crypto.randomUUID();
  return entrance(context, {
    content: [
      h("h2", null, invitation ? t("join.invited", { name: nameText(backed), union: union.name }) : t("join.title", { union: union.name })),
      h("label", { class: "check" }, h("input", { type: "checkbox", name: "back", checked: true }), h("span", null, t("join.back", { name: nameText(backed) }), h("small", null, t("join.back-hint")))),
      h("details", { class: "rules" }, h("summary", null, t("join.rules")), charterText(charter)),
      h("p", { class: "faint" }, t("join.accepts")),
    ],
    words: t("join.act"),
    act: async (values, onWait) => {
      const { charter_version, charter_hash } = union;
      const body = { charter_version, charter_hash, ...(invitation ? { invitation: code } : {}) };
      await client.send("POST", pathOf(union.slug, "/memberships"), { body, act: true, idempotencyKey, onWait }).catch(alreadyIn);
      if (values.get("back") && backed.id !== context.session.member?.id) {
        await client.send("PUT", pathOf(union.slug, `/backlinks/${backed.id}`), { act: true, onWait });
      }
      context.unions.forget();
      go(pageOf(union.slug, "/home"), { replace: true });
    },
  });
}

/** Joined before, and only the rest did not get through. @param {unknown} error */
function alreadyIn(error) {
  if (!(error instanceof Refused) || error.slug !== "already-member") throw error;
}

/** @param {Shapes["CharterView"]} charter */
export const charterText = ({ document: { values, bylaws } }) =>
  h("div", null, values.length > 0 && h("ul", null, values.map((value) => h("li", null, value))), bylaws ? writtenText(bylaws) : h("p", { class: "faint" }, t("rules.no-bylaws")));

/** @param {Context} context @param {Union} union */
const figures = ({ client }, union) =>
  LiveSection.of({
    load: async (signal) => {
      const path = pathOf(union.slug);
      const [work, fund] = await Promise.all([
        /** @type {Promise<Shapes["MarketSummaryView"]>} */ (client.get(`${path}/market/summary`, { signal })),
        /** @type {Promise<Shapes["FundingSummaryView"]>} */ (client.get(`${path}/funding/summary`, { signal })),
      ]);
      return { work, fund };
    },
    render: ({ work, fund }) =>
      h(
        "dl",
        { class: "figures" },
        figure(t("union.members"), union.members_count),
        figure(t("union.earned"), moneyElement(work.earned), why(t("union.earned-why", { count: work.paid_agreements_count }), t("union.earned"))),
        figure(t("union.funded"), moneyElement(fund.funded), why(t("union.funded-why", { count: fund.paid_out_projects_count }), t("union.funded"))),
        figure(t("union.since"), dayElement(union.founded_at)),
      ),
  });

/** @param {Context} context @param {Union} union */
const leaders = ({ client, names }, union) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["LeadersPage"]} */ (await client.get(pathOf(union.slug, `/leaders?limit=${LEADERS_SHOWN}`), { signal })),
    render: ({ items, backlinks_count, voices_count, members_count }) => [
      voices_count > 0 && h("img", { class: "trees", src: pathOf(union.slug, "/tree.svg"), alt: t("union.trees", { voices: voices_count, members: members_count }), loading: "lazy" }),
      !items.length && h("p", { class: "faint" }, t("leaders.none")),
      h(
        "ol",
        { class: "rows" },
        items.map((leader) =>
          h(
            "li",
            null,
            h("span", { class: "rank" }, leader.rank),
            names.element(leader.member_id ?? null),
            h("span", { class: "faint" }, t("supporters", { count: leader.supporters_count })),
          ),
        ),
      ),
      items.length > 0 && h("p", { class: "faint" }, t("union.backlinks", { count: backlinks_count })),
    ],
  });
