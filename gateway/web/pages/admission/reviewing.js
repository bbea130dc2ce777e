/** Reviewing who applied, what they are asked, and who brought whom: for who admits. */
import { h } from "../../ui/dom.js";
import { area, field, written } from "../../ui/fields.js";
import { more } from "../../ui/more.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";

/** Who reviews is told of who applies. */
const TYPES = ["membership", "notice.made"];

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["ApplicantView"]} Applicant
 */

/** @param {Context} context @param {Union} union */
export function reviewing(context, union) {
  const { client, live, names } = context;
  const path = pathOf(union.slug, "/applications");
  const list = more({
    read: (cursor, signal) => client.get(`${path}?limit=20${cursor}`, { signal }),
    item: (/** @type {Applicant} */ one) => {
      names.know(one.applicant);
      return h(
        "li",
        null,
        names.element(one.applicant.id),
        h("span", { class: "faint" }, `@${one.applicant.handle}`),
        dayElement(one.applied_at),
        (one.answers ?? []).map(({ question, answer }) => h("p", null, h("small", { class: "faint" }, question), h("br"), answer)),
        one.appeal !== null && h("p", null, h("small", { class: "faint" }, t("review.appeals")), h("br"), one.appeal),
        actButton(t("review.admit"), async (onWait) => {
          await client.send("PUT", `${path}/${one.id}/admission`, { act: true, onWait });
          void list.reload();
        }),
        actButton(t("review.refuse"), async () => refuse(context, `${path}/${one.id}/refusal`, () => void list.reload()), { class: "quiet" }),
      );
    },
    none: t("review.none"),
    types: TYPES,
    live,
  });
  return h("div", null, list, actButton(t("review.questions"), async () => ask(context, union), { class: "quiet" }));
}

/** @param {Context} context @param {string} path @param {() => void} changed */
function refuse({ client }, path, changed) {
  openForm({
    title: t("review.refuse"),
    content: field(t("review.ground"), area("ground", { required: true, maxlength: 2_000 }), t("review.ground-hint")),
    submit: t("review.refuse"),
    dangerous: true,
    run: async (form, onWait) => {
      await client.send("PUT", path, { body: { ground: written(form, "ground") }, act: true, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union */
async function ask({ client }, union) {
  const path = pathOf(union.slug, "/admission-questions");
  /** @type {Shapes["QuestionsView"]} */
  const asked = await client.get(path);
  openForm({
    title: t("review.questions"),
    content: field(t("review.questions"), area("questions", { value: asked.questions.join("\n") }), t("review.questions-hint")),
    submit: t("rules.save"),
    run: (form, onWait) => client.send("PUT", path, { body: { questions: written(form, "questions").split("\n").map((one) => one.trim()).filter(Boolean) }, act: true, onWait }),
  });
}

/** @param {Context} context @param {Union} union */
export const broughtBy = ({ client, live, names }, union) =>
  more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/joinings?limit=20${cursor}`), { signal }),
    item: (/** @type {Shapes["JoiningView"]} */ one) => {
      names.know(one.member);
      if (one.invited_by) names.know(one.invited_by);
      return h(
        "li",
        null,
        names.element(one.member.id),
        dayElement(one.joined_at),
        one.is_founder && h("span", { class: "faint" }, t("role.founder")),
        one.invited_by && h("span", { class: "faint" }, t("review.brought-by"), " ", names.element(one.invited_by.id)),
        one.has_applied && h("span", { class: "faint" }, t("review.applied")),
        one.vouches_count > 0 && h("span", { class: "faint" }, t("review.vouched", { count: one.vouches_count })),
      );
    },
    none: t("rules.nobody"),
    types: ["membership"],
    live,
  });
