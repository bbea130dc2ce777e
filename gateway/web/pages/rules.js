import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { choice, line } from "../ui/fields.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { skills } from "../ui/skills.js";
import { dayElement, durationText, spanText } from "../ui/time.js";
import { why } from "../ui/why.js";
import { language, t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { forRights } from "../app/rights.js";
import { pageOf, pathOf } from "../app/unions.js";
import { acceptedCount, askedToAccept } from "./acceptance.js";
import { growing } from "./admission/growth.js";
import { invitationLists } from "./admission/lists.js";
import { broughtBy, reviewing } from "./admission/reviewing.js";
import { ruleText, waysIn } from "./admission/rule.js";
import { vouching } from "./admission/vouching.js";
import { amend, KINDS } from "./amend.js";
import { exclusions } from "./exclusion.js";
import { actsHere } from "./operators.js";
import { versions, versionsPage } from "./charter_versions.js";
import { feeText } from "./fees.js";
import { business } from "./businesses/business.js";
import { businesses, businessesPage } from "./businesses/businesses.js";
import { invite } from "./invite.js";
import { bare } from "./member_field.js";
import { wordsOf } from "./parameter_words.js";
import { offices, officesPage } from "./offices/offices.js";
import { parametersOf } from "./parameters.js";
import { supply, supplyPage, vestingText } from "./supply.js";
import { charterText } from "./union.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** What holds here, who belongs, and inviting or leaving. @type {import("../app/context.js").Page} */
export const rules = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  if (context.url.searchParams.has("supply")) return supply(context, union);
  if (context.url.searchParams.has("versions")) return versions(context, union);
  if (context.url.searchParams.has("offices")) return offices(context, union);
  if (context.url.searchParams.has("businesses")) return businesses(context, union);
  const one = context.url.searchParams.get("business");
  if (one !== null) return business(context, union, one);
  const { client, live, session } = context;
  const charter = LiveSection.of({
    load: async (signal) => /** @type {Shapes["CharterView"]} */ (await client.get(pathOf(union.slug, "/charter"), { signal })),
    render: (shown) => charterOf(context, union, shown, () => amend(context, union, shown, () => void charter.reload())),
    types: ["union"],
    live,
  });
  /** @type {Shapes["CharterView"]} */
  const shown = await client.get(pathOf(union.slug, "/charter"));
  return {
    title: t("way.rules"),
    content: [
      h("h1", null, t("way.rules")),
      askedToAccept(context, union),
      charter,
      acceptedCount(context, union),
      h("p", null, h("a", { href: officesPage(union) }, t("offices"))),
      h("p", null, h("a", { href: businessesPage(union) }, t("businesses"))),
      h("div", { class: "titled" }, h("h2", null, t("rules.members")), actButton(t("invite"), () => invite(context, union), { class: "main" })),
      members(context, union),
      forRights(context, union, (rights) => [
        h("h2", null, t("exclusion")),
        exclusions(context, union, rights.includes("moderate")),
        ...admitting(context, union, waysIn(parametersOf(shown).admission), rights.includes("admit")),
      ]),
      session.member && h("h2", null, t("operators.here")),
      session.member && actsHere(context, union.slug),
      union.head.id !== session.member?.id && h("p", null, actButton(t("leave"), async () => leave(context, union), { class: "quiet" })),
    ],
  };
};

/** @param {Context} context @param {Union} union @param {Shapes["CharterView"]} charter @param {() => Promise<void>} change */
function charterOf(context, union, charter, change) {
  const { purpose } = charter.document;
  const parameters = parametersOf(charter);
  return [
    h("p", { class: "purpose" }, purpose),
    charterText(charter),
    forRights(context, union, (rights) => rights.includes("amend") && actButton(t("rules.change"), change, { class: "quiet" })),
    h("h2", null, t("rules.numbers")),
    h(
      "dl",
      { class: "told" },
      told(t("rules.admission"), ruleText(parameters.admission)),
      parameters.admissions_per_day > 0 && told(t("rules.admissions-per-day"), parameters.admissions_per_day),
      told(t("rules.supply"), h("a", { href: supplyPage(union) }, units(parameters.supply_minor, parameters))),
      told(t("rules.policy"), t(`supply.policy.${parameters.supply_policy}`)),
      parameters.founder_vesting_seconds > 0 && told(t("rules.vesting"), vestingText(parameters.founder_vesting_seconds, parameters.founder_cliff_seconds)),
      told(t("rules.grant"), units(parameters.joining_grant_minor, parameters)),
      parameters.joining_grant_halves_every > 0 && told(t("rules.halving"), t("rules.halving-every", { count: parameters.joining_grant_halves_every })),
      told(t("rules.fee-payment"), feeText(parameters.payment_fee_basis_points, parameters)),
      told(t("rules.fee-work"), feeText(parameters.work_fee_basis_points, parameters)),
      told(t("rules.review"), durationText(parameters.review_seconds)),
      told(t("rules.backs-most"), wordsOf("backlinks_max_count", parameters).said(parameters.backlinks_max_count)),
      told(t("rules.grace"), spanText(parameters.acceptance_grace_seconds)),
      told(t("rules.silence"), t(`rules.silence.${parameters.acceptance_by_silence}`)),
      KINDS.map((kind) => told(t(`rules.sees.${kind}`), t(`rules.seen-by.${parameters[`visibility_${kind}`]}`))).flat(),
    ),
    h("p", { class: "faint" }, t("rules.version", { version: charter.version }), " ", dayElement(charter.adopted_at), why([h("p", null, t("rules.hash")), h("code", null, charter.hash)], t("rules.version", { version: charter.version }))),
    h("p", null, h("a", { href: versionsPage(union) }, t("versions"))),
  ];
}

/** Who comes in, for who decides on it, and vouching for every member. @param {Context} context @param {Union} union @param {string[]} ways @param {boolean} admits */
function admitting(context, union, ways, admits) {
  return [
    ways.includes("vouching") && [h("h2", null, t("vouch.title")), vouching(context, union)],
    admits && ways.includes("application") && [h("h2", null, t("review")), reviewing(context, union)],
    admits && [h("h2", null, t("growth")), growing(context, union)],
    admits && [h("h2", null, t("lists")), invitationLists(context, union), h("details", null, h("summary", null, t("review.joinings")), broughtBy(context, union))],
  ]
    .filter((part) => part !== false)
    .flat();
}

/** @param {string} name @param {import("../ui/dom.js").Child} value */
const told = (name, value) => [h("dt", null, name), h("dd", null, value)];

/** Whole units of an amount of the charter. @param {string} minor @param {import("./parameters.js").Parameters} parameters */
const units = (minor, { token_symbol, token_scale }) => `${new Intl.NumberFormat(language()).format(BigInt(minor) / 10n ** BigInt(token_scale))} ${token_symbol}`;

/** @param {Context} context @param {Union} union */
function members(context, union) {
  const { client, live, names } = context;
  const search = line("handle", { "aria-label": t("rules.find"), placeholder: t("rules.find"), maxlength: 30, type: "search" });
  const skilled = choice("skill", [["", t("rules.any-skill")]]);
  skilled.setAttribute("aria-label", t("profile.skills"));
  void skills(client).then((known) => skilled.append(...known.map(({ slug, label }) => h("option", { value: slug }, label)))).catch(() => null);
  const list = more({
    read: (cursor, signal) => {
      const begun = bare(search.value);
      const by = `${begun ? `&handle=${encodeURIComponent(begun)}` : ""}${skilled.value ? `&skill=${skilled.value}` : ""}`;
      return client.get(pathOf(union.slug, `/memberships?limit=50${by}${cursor}`), { signal }).catch(hidden);
    },
    item: (/** @type {Shapes["ListedMemberView"]} */ { member, role, joined_at }) => {
      names.know(member);
      return h("li", null, h("a", { href: pageOf(union.slug, `/leaders/${member.id}`) }, names.element(member.id)), h("span", { class: "faint" }, `@${member.handle}`), h("span", { class: "faint" }, role === "member" ? dayElement(joined_at) : t(`role.${role}`)));
    },
    none: t("rules.nobody"),
    types: ["membership"],
    live,
  });
  search.addEventListener("input", () => void list.reload());
  skilled.addEventListener("change", () => void list.reload());
  return h("div", null, h("div", { class: "titled" }, search, skilled), list);
}

/** @param {unknown} error */
function hidden(error) {
  if (error instanceof Refused && error.status === 403) return { items: [], next_cursor: null };
  throw error;
}

/** @param {Context} context @param {Union} union */
function leave({ client, unions, go }, union) {
  openForm({
    title: t("leave.title", { union: union.name }),
    content: h("p", null, t("leave.text")),
    submit: t("leave"),
    dangerous: true,
    run: async (_, onWait) => {
      await client.send("DELETE", pathOf(union.slug, "/memberships/me"), { act: true, onWait });
      unions.forget();
      go("/");
    },
  });
}
