/** A union's offices: the tree with who holds them, and for who stands above them what they do to it. */
import { h } from "../../ui/dom.js";
import { moneyText } from "../../ui/money.js";
import { nameText } from "../../ui/names.js";
import { LiveSection } from "../../ui/section.js";
import { actButton } from "../../ui/sheet.js";
import { dayElement, spanText } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { readTree, RIGHTS_TYPES, rightsWithin } from "../../app/rights.js";
import { pageOf } from "../../app/unions.js";
import { appoint, change, endHolder, endOffice, found } from "./acts.js";
import { register } from "./register.js";
import { succession } from "./succession.js";
import { treasury } from "./treasury.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["OfficeView"]} Office
 * @typedef {Shapes["HoldingView"]} Holding
 * @typedef {import("../../app/rights.js").Tree} Tree
 * @typedef {{context: Context, union: Union, tree: Tree, changed: () => void}} Shown
 */

/** Where it is shown. @param {{slug: string}} union */
export const officesPage = ({ slug }) => pageOf(slug, "/rules?offices");

/** Everybody may see it; names as the rules show them. @param {Context} context @param {Union} union @returns {import("../../app/context.js").Shown} */
export function offices(context, union) {
  const { client, live, unions } = context;
  const section = LiveSection.of({
    load: async (signal) => ({ present: await unions.of(union.slug), tree: await readTree(client, union, signal) }),
    render: ({ present, tree }) => treeOf({ context, union: present, tree, changed: () => void section.reload() }),
    types: RIGHTS_TYPES,
    live,
  });
  const passed = () => {
    unions.forget();
    void section.reload();
  };
  return {
    title: t("offices"),
    content: [
      h("h1", null, t("offices")),
      h("p", { class: "purpose" }, t("offices.text")),
      succession(context, union, passed),
      section,
      register(context, union),
      h("p", null, h("a", { href: pageOf(union.slug, "/rules") }, t("way.rules"))),
    ],
  };
}

/** @param {Shown} shown */
function treeOf(shown) {
  const { context, union, tree, changed } = shown;
  const rights = rightsWithin(context, union, tree);
  const isFounder = union.head.id === context.session.member?.id;
  return [
    tree.offices.length === 0 ? h("p", { class: "faint" }, t("offices.none")) : below(shown, null, isFounder),
    isFounder && actButton(t("office.found"), async () => found(shown, null), { class: "quiet", "data-key": "found office" }),
    (rights.includes("spend") || rights.includes("audit")) && treasury(context, union, rights.includes("spend"), changed),
  ];
}

/** The offices below one, or below the founder. @param {Shown} shown @param {string | null} parent @param {boolean} isMine whether I stand above them @returns {HTMLElement | null} */
function below(shown, parent, isMine) {
  const children = shown.tree.offices.filter(({ parent_id }) => parent_id === parent);
  return children.length === 0 ? null : h("ul", { class: "offices" }, children.map((office) => officeOf(shown, office, isMine)));
}

/** @param {Shown} shown @param {Office} office @param {boolean} isMine */
function officeOf(shown, office, isMine) {
  const { context, tree } = shown;
  const held = tree.holdings.filter(({ office_id }) => office_id === office.id);
  const isHeldByMe = held.some(({ member }) => member?.id === context.session.member?.id);
  return h(
    "li",
    { class: "office", "data-office": office.id },
    h("p", null, h("strong", null, h("bdi", null, office.name)), " ", h("span", { class: "faint" }, t("office.term", { span: spanText(office.term_seconds) }))),
    h("p", null, rightsText(office)),
    h("ul", { class: "rows holders" }, held.map((holding) => holderOf(shown, office, holding, isMine))),
    held.length === 0 && h("p", { class: "faint" }, t("office.vacant")),
    (isMine || isHeldByMe) && h(
      "div",
      { class: "buttons" },
      isMine && actButton(t("office.appoint"), async () => appoint(shown, office), { class: "quiet", "data-key": `appoint ${office.id}` }),
      isMine && actButton(t("office.change"), async () => change(shown, office), { class: "quiet", "data-key": `change ${office.id}` }),
      actButton(t("office.found-below"), async () => found(shown, office), { class: "quiet", "data-key": `found below ${office.id}` }),
      isMine && actButton(t("office.end"), async () => endOffice(shown, office), { class: "quiet", "data-key": `end ${office.id}` }),
    ),
    below(shown, office.id, isMine || isHeldByMe),
  );
}

/** What it gives by now, and what it does not though it would: the office above has lost that. @param {Office} office */
function rightsText({ rights, present_rights }) {
  if (rights.length === 0) return h("span", { class: "faint" }, t("office.no-rights"));
  return rights.map(({ right }, place) => {
    const present = present_rights.find((one) => one.right === right);
    const words = rightText(present ?? { right, limit: null });
    return [place > 0 && " · ", present ? h("span", null, words) : h("s", { title: t("office.lost") }, words)];
  }).flat();
}

/** @param {Shapes["RightView"]} right */
export const rightText = ({ right, limit }) =>
  limit === null ? t(`right.${right}`) : t("right.spend-limit", { money: moneyText(limit) });

/** @param {Shown} shown @param {Office} office @param {Holding} holding @param {boolean} isMine */
function holderOf(shown, office, { member, until }, isMine) {
  const isMe = member !== null && member.id === shown.context.session.member?.id;
  return h(
    "li",
    null,
    h("bdi", null, member === null ? t("somebody") : nameText(member)),
    h("span", { class: "faint" }, t("office.until"), " ", dayElement(until)),
    member !== null && (isMine || isMe) && actButton(t(isMe ? "office.resign" : "office.dismiss"), async () => endHolder(shown, office, member, isMe), { class: "quiet", "data-key": `dismiss ${office.id} ${member.id}` }),
  );
}
