/** The founder's office: who holds it, who is to hold it next, and how it passes. */
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement, momentElement, spanText } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { memberField, namedMember } from "../member_field.js";

/** Whoever an heir's step concerns is told; that the office has passed, everybody sees by the union. */
const TYPES = ["union", "notice.made"];

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["SuccessionView"]} Succession
 * @typedef {Shapes["HeirView"]} Heir
 */

/** @param {Context} context @param {Union} union @param {() => void} passed after I handed it over */
export function succession(context, union, passed) {
  const { client, live, names } = context;
  const section = LiveSection.of({
    load: async (signal) => /** @type {Succession} */ (await client.get(pathOf(union.slug, "/succession"), { signal })),
    render: (shown) => officeOf(context, union, shown, () => void section.reload(), passed),
    types: TYPES,
    live,
  });
  const past = more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/succession/history?limit=20${cursor}`), { signal }),
    item: (/** @type {Shapes["PassedView"]} */ one) =>
      h("li", null, names.element(one.from_id), " → ", names.element(one.to_id), " · ", t(`succession.way.${one.way}`), " · ", dayElement(one.passed_at)),
    none: t("succession.never"),
    types: ["union"],
    live,
  });
  return h("section", { class: "succession" }, h("h2", null, t("succession")), section, h("details", null, h("summary", null, t("succession.history")), past));
}

/** @param {Context} context @param {Union} union @param {Succession} shown @param {() => void} changed @param {() => void} passed */
function officeOf(context, union, { founder_id, head_id, heir, objection_seconds }, changed, passed) {
  const { names, session } = context;
  const me = session.member?.id;
  const isHead = me === head_id;
  return [
    h("p", null, names.element(head_id), " ", t(founder_id === head_id ? "succession.founder-holds" : "succession.holds")),
    heir === null ? h("p", { class: "faint" }, t("succession.no-heir")) : heirOf(context, heir),
    h("div", { class: "buttons" }, [
      isHead && actButton(t("succession.name"), async () => nameHeir(context, union, changed), { class: "quiet", "data-key": "name heir" }),
      ...(heir === null ? [] : steps(context, union, heir, isHead, objection_seconds, changed, passed)),
    ]),
  ];
}

/** @param {Context} context @param {Heir} heir */
const heirOf = ({ names }, { member_id, agreed_at, due_at }) =>
  h(
    "div",
    null,
    h("p", null, t("succession.heir"), " ", names.element(member_id), " · ", t(agreed_at === null ? "succession.not-agreed" : "succession.agreed")),
    due_at !== null && h("p", { role: "status" }, t("succession.claimed"), " ", momentElement(due_at)),
  );

/** What the head and the heir may do by now. @param {Context} context @param {Union} union @param {Heir} heir @param {boolean} isHead @param {number} objection in seconds @param {() => void} changed @param {() => void} passed */
function steps({ client, session }, union, heir, isHead, objection, changed, passed) {
  const isHeir = session.member?.id === heir.member_id;
  const rests = heir.rests_until !== null && new Date(heir.rests_until) > new Date();
  /** @param {string} words @param {"PUT" | "DELETE"} method @param {string} what */
  const step = (words, method, what) =>
    actButton(words, async (onWait) => {
      await client.send(method, pathOf(union.slug, `/succession/${what}`), { act: true, onWait });
      changed();
    }, { "data-key": `${method} ${what}` });
  return [
    isHeir && heir.agreed_at === null && step(t("succession.agree"), "PUT", "consent"),
    isHeir && heir.agreed_at !== null && heir.due_at === null && !rests && actButton(t("succession.claim"), async () => claim(client, union, objection, changed), { class: "quiet", "data-key": "claim" }),
    isHead && heir.agreed_at !== null && actButton(t("succession.hand-over"), async () => handOver(client, union, passed), { class: "quiet", "data-key": "hand over" }),
    heir.due_at !== null && (isHead || isHeir) && step(t(isHead ? "succession.object" : "succession.give-up"), "DELETE", "claim"),
    (isHead || isHeir) && step(t(isHead ? "succession.end" : "succession.decline"), "DELETE", "heir"),
  ];
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
function nameHeir(context, union, changed) {
  openForm({
    title: t("succession.name"),
    content: [h("p", null, t("succession.name-text")), memberField(context, union.slug, t("succession.who"))],
    submit: t("succession.name"),
    run: async (values, onWait) => {
      const { id } = await namedMember(context, values);
      await context.client.send("PUT", pathOf(union.slug, "/succession/heir"), { body: { member: id }, act: true, onWait });
      changed();
    },
  });
}

/** @param {import("../../api/client.js").Client} client @param {Union} union @param {number} objection in seconds @param {() => void} changed */
function claim(client, union, objection, changed) {
  openForm({
    title: t("succession.claim"),
    content: [h("p", null, t("succession.claim-text", { time: spanText(objection) }))],
    submit: t("succession.claim"),
    run: async (_values, onWait) => {
      await client.send("PUT", pathOf(union.slug, "/succession/claim"), { act: true, onWait });
      changed();
    },
  });
}

/** @param {import("../../api/client.js").Client} client @param {Union} union @param {() => void} passed */
function handOver(client, union, passed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("succession.hand-over"),
    content: [h("p", null, t("succession.hand-over-text"))],
    submit: t("succession.hand-over"),
    run: async (_values, onWait) => {
      await client.send("POST", pathOf(union.slug, "/succession/handover"), { act: true, idempotencyKey, onWait });
      passed();
    },
  });
}
