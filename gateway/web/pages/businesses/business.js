/** One business: its owners, its managers and hires, what its owners resolve, and for each what they do there. */
import { Refused } from "../../api/problem.js";
import { h } from "../../ui/dom.js";
import { moneyText } from "../../ui/money.js";
import { nameText } from "../../ui/names.js";
import { LiveSection } from "../../ui/section.js";
import { actButton } from "../../ui/sheet.js";
import { dayElement, spanText } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { approve, endPost, giveUp, handOver, hire, kindsOf, propose } from "./acts.js";
import { businessesPage, BUSINESS_TYPES } from "./businesses.js";
import { payBusiness } from "./paying.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["BusinessView"]} Business
 * @typedef {Shapes["PostView"]} Post
 * @typedef {Shapes["OwnerView"]} Owner
 * @typedef {Shapes["ResolutionView"]} Resolution
 * @typedef {{context: Context, union: Union, business: Business, path: string, changed: () => void}} Shown
 * @typedef {{business: Business, owners: Owner[], posts: Post[], resolutions: Resolution[]}} Read
 */

const OWNERS_MAX = 250;
const POSTS_MAX = 100;

/** Everybody may see it; names as the rules show them. @param {Context} context @param {Union} union @param {string} id @returns {import("../../app/context.js").Shown} */
export function business(context, union, id) {
  const path = pathOf(union.slug, `/businesses/${encodeURIComponent(id)}`);
  const section = LiveSection.of({
    load: (signal) => read(context, path, signal),
    render: (present) => shownOf({ context, union, business: present.business, path, changed: () => void section.reload() }, present),
    types: BUSINESS_TYPES,
    live: context.live,
  });
  return { title: t("business"), content: [section, h("p", null, h("a", { href: businessesPage(union) }, t("businesses")))] };
}

/** @param {Context} context @param {string} path @param {AbortSignal} signal @returns {Promise<Read>} */
async function read({ client, session }, path, signal) {
  const [present, owners, posts, resolutions] = await Promise.all([
    /** @type {Promise<Business>} */ (client.get(path, { signal })),
    client.all(`${path}/owners?limit=100`, OWNERS_MAX, { signal }),
    client.all(`${path}/posts?held=true&limit=100`, POSTS_MAX, { signal }),
    session.member === null ? [] : client.get(`${path}/resolutions?limit=20`, { signal }).then(({ items }) => items, notInside),
  ]);
  return { business: present, owners, posts, resolutions };
}

/** Only who belongs to it reads what its owners resolve. @param {unknown} error @returns {Resolution[]} */
function notInside(error) {
  if (error instanceof Refused && error.status === 403) return [];
  throw error;
}

/** @param {Shown} shown @param {Read} present */
function shownOf(shown, { business: { name, state, shares, my_shares, founded_at, manages }, owners, posts, resolutions }) {
  const isOpen = state === "active";
  const isOwner = my_shares !== "0";
  return [
    h("h1", null, h("bdi", null, name)),
    h("p", { class: "faint" }, t("business.founded"), " ", dayElement(founded_at)),
    !isOpen && h("p", { class: "problem" }, t("business.closed")),
    isOpen && shown.context.session.member !== null && actButton(t("business.pay"), async () => payBusiness(shown), { "data-key": "pay business" }),
    h("h2", null, t("business.owners")),
    h("ul", { class: "rows owners" }, owners.map((owner) => h("li", null, h("bdi", null, owner.member === null ? t("somebody") : nameText(owner.member)), h("span", { class: "faint" }, t("business.of-shares", { mine: owner.shares, all: shares }))))),
    isOwner && h(
      "div",
      { class: "buttons" },
      isOpen && actButton(t("business.hand-over"), async () => handOver(shown), { class: "quiet", "data-key": "hand shares over" }),
      actButton(t("business.give-up"), async () => giveUp(shown), { class: "quiet", "data-key": "give shares up" }),
    ),
    h("h2", null, t("business.posts")),
    posts.length === 0 && h("p", { class: "faint" }, t("business.no-posts")),
    h("ul", { class: "rows posts" }, posts.map((post) => postOf(shown, post))),
    isOpen && manages && actButton(t("business.hire"), async () => hire(shown), { class: "quiet", "data-key": "hire" }),
    (isOwner || resolutions.length > 0) && [
      h("h2", null, t("business.resolutions")),
      h("p", { class: "faint" }, t("business.resolutions-text")),
      h("ul", { class: "rows resolutions" }, resolutions.map((one) => resolutionOf(shown, one, isOwner))),
      isOwner && actButton(t("business.propose"), async () => propose(shown), { class: "quiet", "data-key": "propose" }),
    ],
  ].flat();
}

/** @param {Shown} shown @param {Post} post */
function postOf(shown, post) {
  const { member, kind, rights, until } = post;
  const isMe = member !== null && member.id === shown.context.session.member?.id;
  const mayEnd = isMe || (shown.business.manages && kind === "hire");
  return h(
    "li",
    { "data-post": post.id },
    h("bdi", null, member === null ? t("somebody") : nameText(member)),
    h("span", null, kind === "manager" ? t("business.manages") : rights.map(({ right, limit }) => (limit === null ? t(`business.right.${right}`) : t("business.right-limit", { money: moneyText(limit) }))).join(" · ")),
    h("span", { class: "faint" }, t("office.until"), " ", dayElement(until)),
    mayEnd && actButton(t(isMe ? "office.resign" : "office.dismiss"), async () => endPost(shown, post, isMe), { class: "quiet", "data-key": `end ${post.id}` }),
  );
}

/** @param {Shown} shown @param {Resolution} resolution @param {boolean} isOwner */
function resolutionOf(shown, resolution, isOwner) {
  const { kind, member_id, term_seconds, state, approving_shares, shares, expires_at, approved_by_me } = resolution;
  return h(
    "li",
    { "data-resolution": resolution.id },
    h("span", null, t(`business.resolves.${kind}`), " ", member_id !== null && shown.context.names.element(member_id), term_seconds !== null && ` ${t("office.term", { span: spanText(term_seconds) })}`),
    h("span", { class: "faint" }, t(`business.resolution.${state}`), " · ", t("business.of-shares", { mine: approving_shares, all: shares }), state === "open" && [" · ", t("office.until"), " ", dayElement(expires_at)]),
    state === "open" && isOwner && kindsOf(shown.business).includes(kind) && actButton(t(approved_by_me ? "business.count-again" : "business.approve"), async (onWait) => approve(shown, resolution, onWait), { class: "quiet", "data-key": `approve ${resolution.id}` }),
  );
}
