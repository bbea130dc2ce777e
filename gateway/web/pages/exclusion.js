/** Who is kept out: suspensions and expulsions, as the member concerned and the officers see and do them. */
import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { area, choice, field, line, written } from "../ui/fields.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { momentElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

const DAY_SECONDS = 86_400;
const DAYS_MAX = 90;
const CHOSEN_DAYS = 7;
/** Who is concerned by a step of a case is told so. */
const TYPES = ["membership", "notice.made"];

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["SuspensionView"]} Suspension
 * @typedef {Shapes["ExpulsionView"]} Case
 */

/** All that I may see: mine, or as an officer everybody's. @param {Context} context @param {Union} union @param {boolean} isOfficer whether I may suspend and expel */
export function exclusions(context, union, isOfficer) {
  const { client, live } = context;
  /** @param {string} what @param {string} cursor @param {AbortSignal} signal */
  const page = (what, cursor, signal) => client.get(pathOf(union.slug, `/${what}?limit=20${cursor}`), { signal }).catch(nobody);
  const suspensions = more({
    read: (cursor, signal) => page("suspensions", cursor, signal),
    item: (/** @type {Suspension} */ one) => suspensionItem(context, union, one, isOfficer, () => void suspensions.reload()),
    hasEnded: (one) => !one.runs,
    none: t("exclusion.no-suspensions"),
    types: TYPES,
    live,
  });
  const cases = more({
    read: (cursor, signal) => page("expulsions", cursor, signal),
    item: (/** @type {Case} */ one) => caseItem(context, union, one, isOfficer, () => void cases.reload()),
    hasEnded: ({ state }) => !["proposed", "expelled", "appealed"].includes(state),
    none: t("exclusion.no-cases"),
    types: TYPES,
    live,
  });
  return h("div", null, h("h3", null, t("exclusion.suspensions")), suspensions, h("h3", null, t("exclusion.cases")), cases);
}

/** Who is not signed in sees none. @param {unknown} error */
function nobody(error) {
  if (error instanceof Refused && error.status < 500 && error.status !== 429) return { items: [], next_cursor: null };
  throw error;
}

/** What an officer may begin against a member. @param {Context} context @param {Union} union @param {string} member id @param {() => void} changed */
export const excluding = ({ client }, union, member, changed) =>
  h(
    "div",
    null,
    h("h2", null, t("exclusion.theirs")),
    h(
      "div",
      { class: "buttons" },
      actButton(t("exclusion.suspend"), async () => suspend(client, union, member, changed), { class: "quiet", "data-key": "suspend" }),
      actButton(t("exclusion.propose"), async () => propose(client, union, member, changed), { class: "quiet", "data-key": "propose" }),
    ),
  );

/** @param {Context} context @param {Union} union @param {Suspension} suspension @param {boolean} isOfficer @param {() => void} changed */
function suspensionItem({ client, names }, union, { id, member_id, ordered_by, ground, ends_at, runs }, isOfficer, changed) {
  return h(
    "li",
    { class: "card" },
    h("p", null, names.element(member_id), " · ", t(runs ? "exclusion.until" : "exclusion.was-until"), " ", momentElement(ends_at)),
    quoted(t("exclusion.ground"), ground, ordered_by, names),
    isOfficer && runs && actButton(t("exclusion.lift"), async (onWait) => {
      await client.send("DELETE", pathOf(union.slug, `/suspensions/${id}`), { act: true, onWait });
      changed();
    }, { "data-key": `lift ${id}` }),
  );
}

/** @param {Context} context @param {Union} union @param {Case} shown @param {boolean} isOfficer @param {() => void} changed */
function caseItem(context, union, shown, isOfficer, changed) {
  const { names } = context;
  const { member_id, proposed_by, ground, hearing_until, decide_by, state, statement, decision, appeal, appeal_until, appeal_decision } = shown;
  return h(
    "li",
    { class: "card" },
    h("p", null, names.element(member_id), " · ", h("strong", null, t(`exclusion.state.${state}`))),
    state === "proposed" && h("p", { class: "faint" }, t("exclusion.heard-until"), " ", momentElement(hearing_until), " · ", t("exclusion.lapses"), " ", momentElement(decide_by)),
    state === "expelled" && appeal_until && h("p", { class: "faint" }, t("exclusion.appeal-until"), " ", momentElement(appeal_until)),
    state === "appealed" && h("p", { class: "faint" }, t("exclusion.won-at"), " ", momentElement(decide_by)),
    quoted(t("exclusion.ground"), ground, proposed_by, names),
    statement && quoted(t("exclusion.statement"), statement, member_id, names),
    decision && quoted(t("exclusion.decision"), decision.reasons, decision.by, names),
    appeal && quoted(t("exclusion.appeal"), appeal, member_id, names),
    appeal_decision && quoted(t("exclusion.appeal-decision"), appeal_decision.reasons, appeal_decision.by, names),
    h("div", { class: "buttons" }, steps(context, union, shown, isOfficer, changed)),
  );
}

/** What the reader may do in a case at its stage: nobody judges their own, nor hears the appeal against what they decided, but the founder. @param {Context} context @param {Union} union @param {Case} shown @param {boolean} isOfficer @param {() => void} changed */
function steps({ client, session }, union, { id, member_id, state, hearing_until, decision, appeal_until }, isOfficer, changed) {
  const path = pathOf(union.slug, `/expulsions/${id}`);
  const me = session.member?.id;
  const isMine = member_id === me;
  const judges = isOfficer && !isMine;
  const decided = decision?.by === me && me !== union.head.id;
  /** @param {string} words @param {string} to @param {() => string[]} outcomes of now; none: the member's own words */
  const step = (words, to, outcomes = () => []) => actButton(words, async () => speak(client, words, `${path}/${to}`, outcomes(), changed), { "data-key": `${to} ${id}` });
  return [
    isMine && state === "proposed" && step(t("exclusion.state-it"), "statement"),
    isMine && state === "expelled" && appeal_until && new Date(appeal_until) > new Date() && step(t("exclusion.appeal-it"), "appeal"),
    judges && state === "proposed" && step(t("exclusion.decide"), "decision", () => (new Date(hearing_until) > new Date() ? ["dropped"] : ["dropped", "expelled"])),
    judges && state === "appealed" && (decided ? h("p", { class: "faint" }, t("problem.own-decision")) : step(t("exclusion.hear"), "appeal/decision", () => ["reversed", "upheld"])),
  ];
}

/** @param {string} what @param {string} words @param {string} by @param {import("../ui/names.js").Names} names */
const quoted = (what, words, by, names) => h("p", null, what, ", ", names.element(by), ": ", h("q", null, h("bdi", null, words)));

/** @param {import("../api/client.js").Client} client @param {string} title @param {string} path @param {string[]} outcomes @param {() => void} changed */
function speak(client, title, path, outcomes, changed) {
  openForm({
    title,
    content: [
      outcomes.length > 0 && field(t("exclusion.outcome"), choice("outcome", outcomes.map((outcome) => /** @type {[string, string]} */ ([outcome, t(`exclusion.outcome.${outcome}`)])), outcomes[0] ?? "")),
      field(t(outcomes.length ? "exclusion.reasons" : "exclusion.words"), area("text", { required: true }), t("exclusion.read-by")),
    ],
    submit: t("exclusion.say"),
    run: async (values, onWait) => {
      const text = written(values, "text");
      const body = outcomes.length ? { outcome: written(values, "outcome"), reasons: text } : { text };
      await client.send("PUT", path, { body, act: true, onWait });
      changed();
    },
  });
}

/** @param {import("../api/client.js").Client} client @param {Union} union @param {string} member @param {() => void} changed */
function suspend(client, union, member, changed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("exclusion.suspend"),
    content: [
      h("p", null, t("exclusion.suspend-text")),
      field(t("exclusion.ground"), area("ground", { required: true }), t("exclusion.read-by")),
      field(t("exclusion.days"), line("days", { type: "number", inputmode: "numeric", required: true, min: 1, max: DAYS_MAX, maxlength: null, value: CHOSEN_DAYS })),
    ],
    submit: t("exclusion.suspend-act"),
    dangerous: true,
    run: async (values, onWait) => {
      const body = { member, ground: written(values, "ground"), lasts_seconds: Number(written(values, "days")) * DAY_SECONDS };
      await client.send("POST", pathOf(union.slug, "/suspensions"), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {import("../api/client.js").Client} client @param {Union} union @param {string} member @param {() => void} changed */
function propose(client, union, member, changed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("exclusion.propose"),
    content: [h("p", null, t("exclusion.propose-text")), field(t("exclusion.ground"), area("ground", { required: true }), t("exclusion.read-by"))],
    submit: t("exclusion.propose-act"),
    dangerous: true,
    run: async (values, onWait) => {
      const body = { member, ground: written(values, "ground") };
      await client.send("POST", pathOf(union.slug, "/expulsions"), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}
