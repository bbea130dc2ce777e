/** The end of my account: what goes, what stays and why, what stands in the way; asked for, and taken back. */
import { h } from "../../ui/dom.js";
import { moneyElement } from "../../ui/money.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement, durationText, momentElement } from "../../ui/time.js";
import { has, t } from "../../texts/texts.js";
import { pageOf, pathOf } from "../../app/unions.js";

/** Unions whose balances are asked for; of others one sees to it there. */
const BALANCES_MAX = 20;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["DeletionView"]} Deletion
 * @typedef {{slug: string, name: string, balances: Shapes["MoneyView"][]}} Left
 */

/** @param {Context} context */
export function deletion({ client }) {
  /** @type {LiveSection} */
  const section = LiveSection.of({
    load: async (signal) => /** @type {Deletion} */ (await client.get("/v1/me/deletion", { signal })),
    render: (/** @type {Deletion} */ said) => [
      standing(said),
      said.state === "waiting"
        ? actButton(t("deletion.keep"), async (onWait) => {
            await client.send("DELETE", "/v1/me/deletion", { act: true, onWait });
            await section.reload();
          })
        : said.state === "none" &&
          actButton(t("deletion.look"), async () => {
            const left = await whatIsLeft(client);
            openForm({
              title: t("deletion"),
              content: h("div", null, telling(said, left)),
              submit: t("deletion.ask"),
              dangerous: true,
              run: async (_, onWait) => {
                await client.send("POST", "/v1/me/deletion", { act: true, onWait });
                await section.reload();
              },
            });
          }, { class: "quiet" }),
    ],
  });
  return section;
}

/** @param {Deletion} said */
const standing = ({ state, due_at, delay_seconds }) =>
  h(
    "p",
    null,
    state === "none" || due_at === null
      ? t("deletion.delay", { time: durationText(delay_seconds) })
      : [t(`deletion.${state}`), " ", h("strong", null, momentElement(due_at))],
  );

/** @param {Deletion} said @param {Left[]} left */
function telling({ goes, stays, in_the_way, ends_with_me, memberships_count, offices_count, stakes_count, handles_kept_until }, left) {
  return [
    ...in_the_way.map(({ what, unions }) => h("p", { class: "problem" }, t(`deletion.way.${what}`), " ", ...named(unions))),
    left.length > 0 && h(
      "div",
      null,
      h("p", { class: "problem" }, t("deletion.take-out")),
      h("ul", { class: "rows" }, left.map(({ slug, name, balances }) => h("li", null, h("a", { href: pageOf(slug, "/pay") }, name), balances.map((money) => moneyElement(money))))),
    ),
    ends_with_me.length > 0 && h("p", null, t("deletion.ends"), " ", ...named(ends_with_me)),
    h("p", null, t("deletion.leaves", { count: memberships_count }), " ", offices_count > 0 && t("deletion.offices", { count: offices_count }), " ", stakes_count > 0 && t("deletion.stakes", { count: stakes_count })),
    h("h3", null, t("deletion.goes")),
    h("ul", null, goes.map((what) => h("li", null, word(`deletion.goes.${what}`, what)))),
    h("h3", null, t("deletion.stays")),
    h("ul", null, stays.map(({ what, why }) => h("li", null, word(`deletion.stays.${what}`, what), ": ", h("span", { class: "faint" }, word(`deletion.why.${why}`, why))))),
    h("p", { class: "faint" }, t("deletion.handles"), " ", dayElement(handles_kept_until)),
    h("p", { class: "faint" }, t("deletion.export-first")),
  ];
}

/** A newer service may say what this page has no word for. @param {string} name @param {string} otherwise */
const word = (name, otherwise) => (has(name) ? t(name) : otherwise);

/** @param {Shapes["UnionNamedView"][]} unions */
const named = (unions) => unions.flatMap(({ slug, name }, place) => [place > 0 && ", ", h("a", { href: pageOf(slug, "/home") }, name)]);

/** What I have in unions that I am or was in; one that does not answer is left out. @param {Context["client"]} client @returns {Promise<Left[]>} */
async function whatIsLeft(client) {
  /** @type {Shapes["OwnMembershipView"][]} */
  const unions = await client.all("/v1/me/memberships?limit=100", BALANCES_MAX);
  const asked = unions.slice(0, BALANCES_MAX).map(async ({ slug, name }) => {
    const accounts = await client.get(pathOf(slug, "/accounts")).catch(() => ({ items: [] }));
    const balances = /** @type {Shapes["AccountView"][]} */ (accounts.items).map(({ balance }) => balance);
    return { slug, name, balances: balances.filter(({ minor }) => minor !== "0") };
  });
  return (await Promise.all(asked)).filter(({ balances }) => balances.length > 0);
}
