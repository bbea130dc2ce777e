/** What the operators of the house did: everybody reads it, whom it is about appeals, operators do and decide. */
import { h } from "../ui/dom.js";
import { area, choice, field, line, written } from "../ui/fields.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { momentElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";

const DAY_SECONDS = 86_400;
const CHOSEN_DAYS = 7;
const POWERS = ["lock_member", "hide_union", "remove_picture"];
const PATH = "/v1/operator-acts";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["OperatorActView"]} Act
 * @typedef {{client: Context["client"], names: Context["names"], me: string | undefined, isOperator: boolean, changed: () => void}} Reader
 */

/** @type {import("../app/context.js").Page} */
export const operators = (context) => {
  colour(null);
  const { client, session, names } = context;
  const me = session.member?.id;
  /** @type {LiveSection} */
  const section = LiveSection.of({
    load: async (signal) => /** @type {{items: Shapes["OperatorView"][]}} */ (await client.get("/v1/operators?limit=100", { signal })),
    render: ({ items }) => {
      const isOperator = items.some(({ id }) => id === me);
      /** @type {LiveSection[]} */
      const lists = [];
      const reader = { client, names, me, isOperator, changed: () => lists.forEach((list) => void list.reload()) };
      const all = acts(reader, PATH, t("operators.none-all"));
      lists.push(all);
      const own = me === undefined ? null : acts(reader, "/v1/me/operator-acts", t("operators.none-mine"));
      if (own) lists.push(own);
      return [
        own && h("h2", null, t("operators.mine")),
        own,
        isOperator && doing(reader),
        h("h2", null, t("operators.all")),
        all,
        h("h2", null, t("operators.who")),
        items.length ? h("ul", { class: "rows" }, items.map(({ handle }) => h("li", null, h("bdi", null, `@${handle}`)))) : h("p", { class: "faint" }, t("operators.none")),
      ];
    },
  });
  return {
    title: t("operators.title"),
    content: [
      h("h1", null, t("operators.title")),
      session.exitsOnly && h("p", { class: "problem", role: "alert" }, t("operators.locked")),
      h("p", null, t("operators.text")),
      section,
      h("h2", null, t("operators.can")),
      h("ul", null, POWERS.map((power) => h("li", null, t(`operators.can.${power}`)))),
      h("h2", null, t("operators.never")),
      h("p", null, t("operators.never-text")),
    ],
  };
};

/** What concerned a union, for its members; who is none is told so. @param {Context} context @param {string} slug */
export const actsHere = ({ client, names, session }, slug) =>
  acts({ client, names, me: session.member?.id, isOperator: false, changed: () => {} }, pathOf(slug, "/operator-acts"), t("operators.none-all"));

/** @param {Reader} reader @param {string} path @param {string} none */
const acts = (reader, path, none) =>
  more({
    read: (cursor, signal) => reader.client.get(`${path}?limit=20${cursor}`, { signal }),
    item: (/** @type {Act} */ act) => item(reader, act),
    none,
  });

/** @param {Reader} reader @param {Act} act */
function item(reader, act) {
  const { names } = reader;
  const { id, power, operator, ground, made_at, until, state, union_id, member_id, about_me, appeal, decision, undoing } = act;
  const isOpen = appeal !== null && decision === null;
  return h(
    "li",
    { class: "card" },
    h("p", null, h("strong", null, t(`operators.did.${power}`)), " · ", t(`operators.state.${state}`)),
    h("p", { class: "faint" }, momentElement(made_at), " ", t("operators.by", { handle: operator.handle }), until && [" · ", t("operators.until"), " "], until && momentElement(until)),
    h("p", null, t("operators.ground"), ": ", h("q", null, h("bdi", null, ground))),
    member_id && h("p", null, t("operators.about"), ": ", names.element(member_id)),
    union_id && h("p", null, t("operators.about"), ": ", h("a", { href: pageOf(union_id) }, union_id)),
    appeal && isOpen && h("p", null, t("operators.appealed"), " ", momentElement(appeal.decide_by)),
    appeal?.text && h("p", null, h("q", null, h("bdi", null, appeal.text))),
    [undoing, decision].map((ruling) => ruling && h("p", null, t(`operators.ruling.${ruling.kind}`), ", ", t("operators.by", { handle: ruling.operator.handle }), ": ", h("q", null, h("bdi", null, ruling.reasons)))),
    state === "in_force" && h("div", { class: "buttons" }, [
      about_me && appeal === null && actButton(t("operators.appeal"), async () => appealing(reader, id), { "data-key": `appeal ${id}` }),
      reader.isOperator && !about_me && actButton(t("operators.undo"), async () => undoingIt(reader, id), { class: "quiet", "data-key": `undo ${id}` }),
      reader.isOperator && !about_me && isOpen && actButton(t("operators.decide"), async () => deciding(reader, id), { "data-key": `decide ${id}` }),
    ]),
  );
}

/** @param {Reader} reader @param {string} id */
function appealing({ client, changed }, id) {
  openForm({
    title: t("operators.appeal"),
    content: field(t("operators.appeal-words"), area("text", { required: true }), t("operators.appeal-hint")),
    submit: t("operators.appeal"),
    run: async (values, onWait) => {
      await client.send("PUT", `${PATH}/${id}/appeal`, { body: { text: written(values, "text") }, act: true, onWait });
      changed();
    },
  });
}

/** @param {Reader} reader @param {string} id */
function undoingIt({ client, changed }, id) {
  openForm({
    title: t("operators.undo"),
    content: field(t("operators.reasons"), area("reasons", { required: true }), t("operators.public")),
    submit: t("operators.say"),
    run: async (values, onWait) => {
      await client.send("PUT", `${PATH}/${id}/ending`, { body: { reasons: written(values, "reasons") }, act: true, onWait });
      changed();
    },
  });
}

/** @param {Reader} reader @param {string} id */
function deciding({ client, changed }, id) {
  /** @type {[string, string][]} */
  const outcomes = [["reversed", t("operators.ruling.reversed")], ["upheld", t("operators.ruling.upheld")]];
  openForm({
    title: t("operators.decide"),
    content: [
      field(t("operators.outcome"), choice("outcome", outcomes, "reversed")),
      field(t("operators.reasons"), area("reasons", { required: true }), t("operators.public")),
    ],
    submit: t("operators.say"),
    run: async (values, onWait) => {
      const body = { outcome: written(values, "outcome"), reasons: written(values, "reasons") };
      await client.send("PUT", `${PATH}/${id}/appeal/decision`, { body, act: true, onWait });
      changed();
    },
  });
}

/** @param {Reader} reader */
function doing(reader) {
  const ground = () => field(t("operators.ground"), area("ground", { required: true }), t("operators.public"));
  const member = () => field(t("operators.member"), line("member", { required: true, maxlength: 64 }));
  const days = () => field(t("operators.days"), line("days", { type: "number", inputmode: "numeric", required: true, min: 1, max: 365, maxlength: null, value: CHOSEN_DAYS }));
  return h(
    "div",
    null,
    h("h2", null, t("operators.do")),
    h("div", { class: "buttons" }, [
      act(reader, t("operators.lock"), "member-locks", () => [member(), days(), ground()], (values) => ({
        member: written(values, "member"),
        lasts_seconds: Number(written(values, "days")) * DAY_SECONDS,
      })),
      act(reader, t("operators.hide"), "union-hidings", () => [field(t("operators.union"), line("union", { required: true, maxlength: 64 })), ground()], (values) => ({
        union: written(values, "union"),
      })),
      act(reader, t("operators.take-down"), "picture-removals", () => [member(), field(t("operators.picture"), line("picture", { required: true, pattern: "[0-9a-f]{64}", maxlength: 64 }), t("operators.picture-hint")), ground()], (values) => ({
        member: written(values, "member"),
        picture: written(values, "picture"),
      })),
    ]),
  );
}

/** @param {Reader} reader @param {string} words @param {string} path @param {() => HTMLElement[]} fields @param {(values: FormData) => Record<string, unknown>} about */
const act = ({ client, changed }, words, path, fields, about) =>
  actButton(words, async () => {
    const idempotencyKey = crypto.randomUUID();
    openForm({
      title: words,
      content: fields(),
      submit: t("operators.say"),
      dangerous: true,
      run: async (values, onWait) => {
        const body = { ...about(values), ground: written(values, "ground") };
        await client.send("POST", `${PATH}/${path}`, { body, act: true, idempotencyKey, onWait });
        changed();
      },
    });
  }, { class: "quiet", "data-key": path });
