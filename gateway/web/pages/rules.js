import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { area, choice, field, line, written } from "../ui/fields.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { dayElement, durationText } from "../ui/time.js";
import { why } from "../ui/why.js";
import { language, t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { invite } from "./invite.js";
import { bare } from "./member_field.js";
import { charterText } from "./union.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

const KINDS = /** @type {const} */ (["members", "backlinks", "voices", "pledges", "balances"]);

/** What holds here, who belongs, and inviting or leaving. @type {import("../app/context.js").Page} */
export const rules = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live, session } = context;
  const charter = LiveSection.of({
    load: async (signal) => /** @type {Shapes["CharterView"]} */ (await client.get(pathOf(union.slug, "/charter"), { signal })),
    render: (shown) => charterOf(shown, union.founder.id === session.member?.id ? () => amend(context, union, shown, () => void charter.reload()) : null),
    types: ["union"],
    live,
  });
  return {
    title: t("way.rules"),
    content: [
      h("h1", null, t("way.rules")),
      charter,
      h("div", { class: "titled" }, h("h2", null, t("rules.members")), actButton(t("invite"), () => invite(context, union), { class: "main" })),
      members(context, union),
      union.founder.id !== session.member?.id && h("p", null, actButton(t("leave"), async () => leave(context, union), { class: "quiet" })),
    ],
  };
};

/** @param {Shapes["CharterView"]} charter @param {(() => void) | null} change */
function charterOf(charter, change) {
  const { purpose, parameters } = charter.document;
  return [
    h("p", { class: "purpose" }, purpose),
    charterText(charter),
    change && actButton(t("rules.change"), async () => change(), { class: "quiet" }),
    h("h2", null, t("rules.numbers")),
    h(
      "dl",
      { class: "told" },
      told(t("rules.admission"), t(`rules.admission.${parameters.admission}`)),
      told(t("rules.supply"), `${units(parameters.supply_minor, parameters.token_scale)} ${parameters.token_symbol}`),
      told(t("rules.grant"), `${units(parameters.joining_grant_minor, parameters.token_scale)} ${parameters.token_symbol}`),
      told(t("rules.review"), durationText(parameters.review_seconds)),
      KINDS.map((kind) => told(t(`rules.sees.${kind}`), t(`rules.seen-by.${parameters[`visibility_${kind}`]}`))).flat(),
    ),
    h("p", { class: "faint" }, t("rules.version", { version: charter.version }), " ", dayElement(charter.adopted_at), why([h("p", null, t("rules.hash")), h("code", null, charter.hash)], t("rules.version", { version: charter.version }))),
  ];
}

/** @param {string} name @param {string} value */
const told = (name, value) => [h("dt", null, name), h("dd", null, value)];

/** Whole units of an amount of the charter. @param {string} minor @param {number} scale */
const units = (minor, scale) => new Intl.NumberFormat(language()).format(BigInt(minor) / 10n ** BigInt(scale));

/** @param {Context} context @param {Union} union @param {Shapes["CharterView"]} charter @param {() => void} changed */
function amend({ client, unions }, union, charter, changed) {
  const { purpose, values, bylaws, parameters } = charter.document;
  openForm({
    title: t("rules.change"),
    content: [
      h("p", { class: "faint" }, t("rules.change-text")),
      field(t("found.purpose"), area("purpose", { required: true, maxlength: 1000, value: purpose })),
      field(t("rules.values"), area("values", { value: values.join("\n") }), t("rules.values-hint")),
      field(t("rules.bylaws"), area("bylaws", { maxlength: 20_000, rows: 8, value: bylaws })),
      field(t("rules.admission"), choice("admission", ["open", "invitation"].map((way) => [way, t(`rules.admission.${way}`)]), parameters.admission)),
      KINDS.map((kind) => field(t(`rules.sees.${kind}`), choice(kind, ["public", "members", "leaders", "nobody"].map((who) => [who, t(`rules.seen-by.${who}`)]), parameters[`visibility_${kind}`]))),
    ].flat(),
    submit: t("rules.save"),
    run: async (form, onWait) => {
      const wanted = Object.fromEntries(KINDS.map((kind) => [`visibility_${kind}`, String(form.get(kind))]));
      const body = {
        purpose: written(form, "purpose"),
        values: written(form, "values").split("\n").map((value) => value.trim()).filter(Boolean),
        bylaws: written(form, "bylaws"),
        parameters: { ...wanted, admission: String(form.get("admission")) },
      };
      const { headers } = await client.send("GET", pathOf(union.slug, "/charter"));
      await client.send("PATCH", pathOf(union.slug, "/charter"), { body, act: true, onWait, ifMatch: headers.get("etag") ?? "" });
      unions.forget();
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union */
function members(context, union) {
  const { client, live, names } = context;
  const search = line("handle", { "aria-label": t("rules.find"), placeholder: t("rules.find"), maxlength: 30, type: "search" });
  const list = more({
    read: (cursor, signal) => {
      const begun = bare(search.value);
      return client.get(pathOf(union.slug, `/memberships?limit=50${begun ? `&handle=${encodeURIComponent(begun)}` : ""}${cursor}`), { signal }).catch(hidden);
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
  return h("div", null, search, list);
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
