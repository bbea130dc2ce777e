/** Applying to a union, and what has become of it, for who applies. */
import { Refused } from "../../api/problem.js";
import { h } from "../../ui/dom.js";
import { entrance } from "../../ui/entrance.js";
import { area, field, written } from "../../ui/fields.js";
import { actButton, actForm } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { ruleText } from "./rule.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["OwnApplicationView"]} Own
 */

const ANSWER_MAX_CHARACTERS = 2_000;

/** Null where one has not applied. @param {Context} context @param {Union} union @param {AbortSignal} signal @returns {Promise<Own | null>} */
export async function ownApplication({ client, session }, union, signal) {
  if (session.member === null) return null;
  return client.get(pathOf(union.slug, "/applications/mine"), { signal }).catch((error) => {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  });
}

/** @param {Context} context @param {Union} union @param {Shapes["QuestionsView"]} asked @param {HTMLElement} rules @param {() => void} changed */
export function applying(context, union, asked, rules, changed) {
  const { client } = context;
  const idempotencyKey = crypto.randomUUID();
  return entrance(context, {
    content: [
      h("h2", null, t("apply.title", { union: union.name })),
      h("p", { class: "faint" }, t("apply.rule", { rule: ruleText(asked.rule) })),
      ...asked.questions.map((question, number) => field(question, area(`answer-${number}`, { required: true, maxlength: ANSWER_MAX_CHARACTERS }))),
      h("details", { class: "rules" }, h("summary", null, t("join.rules")), rules),
      h("p", { class: "faint" }, t("join.accepts")),
    ],
    words: t("apply.act"),
    act: async (values, onWait) => {
      const { charter_version, charter_hash } = union;
      const body = { charter_version, charter_hash, answers: asked.questions.map((_, number) => written(values, `answer-${number}`)) };
      await client.send("POST", pathOf(union.slug, "/applications"), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** How far an application is; null where a new one may be made. @param {Context} context @param {Union} union @param {Own} own @param {() => void} changed */
export function applied({ client }, union, own, changed) {
  const path = pathOf(union.slug, "/applications/mine");
  if (own.state === "withdrawn" || own.joined_at !== null) return null;
  return [
    h("h2", null, t("apply.yours")),
    h("p", { role: "status" }, t(`apply.state.${own.state}`)),
    own.place !== null && h("p", null, t("apply.place", { place: own.place })),
    own.ground !== null && h("blockquote", null, own.ground),
    own.may_appeal &&
      actForm([h("p", { class: "faint" }, t("apply.appeal-text")), field(t("apply.appeal"), area("text", { required: true, maxlength: ANSWER_MAX_CHARACTERS }))], t("apply.appeal-act"), async (values, onWait) => {
        await client.send("PUT", `${path}/appeal`, { body: { text: written(values, "text") }, act: true, onWait });
        changed();
      }),
    own.state !== "refused" &&
      actButton(t("apply.withdraw"), async (onWait) => {
        await client.send("DELETE", path, { act: true, onWait });
        changed();
      }, { class: "quiet" }),
  ];
}
