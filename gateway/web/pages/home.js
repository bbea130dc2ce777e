import { h } from "../ui/dom.js";
import { moneyElement } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { actButton } from "../ui/sheet.js";
import { agoElement, dayElement } from "../ui/time.js";
import { figure, why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { askedToAccept } from "./acceptance.js";
import { balanceOf, foundersShare } from "./balance.js";
import { invite } from "./invite.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

const TYPES = ["membership", "backlink", "voice", "transfer.posted", "hold.changed", "freeze", "agreement", "project", "union"];

/** What I am, have and owe in this union. @type {import("../app/context.js").Page} */
export const home = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live } = context;
  const section = LiveSection.of({
    load: async (signal) => /** @type {Shapes["UnionHomeView"]} */ (await client.get(pathOf(union.slug, "/home"), { signal })),
    render: (shown) => homeOf(context, union, shown),
    types: TYPES,
    live,
  });
  return {
    title: union.name,
    content: [h("h1", null, union.name), h("p", { class: "purpose clamped" }, union.purpose), askedToAccept(context, union), section],
  };
};

/** @param {Context} context @param {Shapes["UnionView"]} union @param {Shapes["UnionHomeView"]} shown */
function homeOf(context, union, shown) {
  const membership = shown.membership;
  if (membership === null || membership.state !== "active") {
    return h("div", { class: "card" }, h("p", null, t("home.outside")), h("p", null, h("a", { class: "main", href: pageOf(union.slug) }, t("home.to-union"))));
  }
  const members = shown.union?.members_count ?? union.members_count;
  return [
    shown.missing.length > 0 && h("p", { class: "problem", role: "status" }, t("home.missing")),
    h("div", { class: "card invites" }, h("p", null, members > 1 ? t("members", { count: members }) : t("home.alone")), actButton(t("invite"), () => invite(context, union), { class: members > 1 ? "" : "main" })),
    balance(context, union, shown.accounts),
    standing(union, shown),
    workDue(context, union, shown.work_due),
    (shown.projects ?? []).length > 0 && projects(union, shown.projects ?? []),
  ];
}

/** @param {Context} context @param {Shapes["UnionView"]} union @param {Shapes["AccountView"][] | null} accounts */
function balance(context, union, accounts) {
  const own = accounts?.find(({ kind }) => kind === "member");
  const grant = accounts?.find(({ kind, balance: { minor } }) => kind === "grant" && minor !== "0");
  return h(
    "section",
    { class: "card" },
    h("h2", null, t("home.balance")),
    own ? balanceOf(context, union, own) : h("p", { class: "faint" }, t("pay.no-account")),
    grant && h("p", { class: "faint" }, moneyElement(grant.balance, "+ "), " ", t("home.grant"), why(t("pay.grant-why"), t("home.grant"))),
    foundersShare(context, union, accounts ?? []),
    h("p", null, h("a", { href: pageOf(union.slug, "/pay") }, t("home.to-pay"))),
  );
}

/** @param {Shapes["UnionView"]} union @param {Shapes["UnionHomeView"]} shown */
function standing(union, { standing: figures, voice, membership }) {
  return h(
    "section",
    { class: "card" },
    h("h2", null, t("home.standing")),
    figures
      ? h(
          "dl",
          { class: "figures" },
          figure(t("figure.supporters"), figures.supporters_count, why(t("figure.supporters-why"), t("figure.supporters"))),
          figure(t("figure.speaks-for"), figures.speaks_for_count, why(t("figure.speaks-for-why"), t("figure.speaks-for"))),
        )
      : h("p", { class: "faint" }, t("home.no-standing")),
    voice && h("p", null, voice.leader_id ? t("home.has-voice") : t("home.no-voice")),
    h("p", null, membership && h("a", { href: pageOf(union.slug, `/leaders/${membership.member_id}`) }, t("home.to-branch")), " · ", h("a", { href: pageOf(union.slug, "/leaders") }, t("home.to-leaders"))),
  );
}

/** @param {Context} context @param {Shapes["UnionView"]} union @param {Shapes["AgreementView"][] | null} due */
function workDue({ session }, union, due) {
  return h(
    "section",
    { class: "card" },
    h("h2", null, t("home.work-due")),
    due?.length
      ? h(
          "ul",
          { class: "rows" },
          due.map((agreement) =>
            h(
              "li",
              null,
              h("a", { href: pageOf(union.slug, `/agreements/${agreement.id}`) }, t(agreement.worker_id === session.member?.id ? "home.deliver" : "home.review")),
              moneyElement(agreement.price),
              h("span", { class: "faint" }, agoElement(agreement.review_due_at ?? agreement.delivery_due_at ?? agreement.agreed_at)),
            ),
          ),
        )
      : h("p", { class: "faint" }, t("home.nothing-due")),
    h("p", null, h("a", { href: pageOf(union.slug, "/work") }, t("home.to-work"))),
  );
}

/** @param {Shapes["UnionView"]} union @param {Shapes["ProjectView"][]} mine */
const projects = (union, mine) =>
  h(
    "section",
    { class: "card" },
    h("h2", null, t("home.projects")),
    h(
      "ul",
      { class: "rows" },
      mine.map((project) =>
        h("li", null, h("a", { href: pageOf(union.slug, `/fund/${project.id}`) }, project.title), moneyElement(project.pledged), h("span", { class: "faint" }, dayElement(project.deadline_at))),
      ),
    ),
  );
