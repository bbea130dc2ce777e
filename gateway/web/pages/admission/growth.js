/** Targets of growth: how far they are, for everybody; set and taken back by who admits. */
import { h } from "../../ui/dom.js";
import { field, line, written } from "../../ui/fields.js";
import { more } from "../../ui/more.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayText, dayValue } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["GrowthTargetView"]} Target
 */

const SHOWN = 10;
const MONTH_DAYS = 30;

/** The open ones, where there are any. @param {Context} context @param {Union} union */
export const growth = ({ client }, union) =>
  LiveSection.of({
    load: async (signal) => /** @type {{items: Target[]}} */ (await client.get(pathOf(union.slug, `/growth-targets?state=open&limit=${SHOWN}`), { signal })),
    render: ({ items }) => items.map(howFar),
  });

/** @param {Context} context @param {Union} union */
export function growing({ client }, union) {
  const path = pathOf(union.slug, "/growth-targets");
  const list = more({
    read: (cursor, signal) => client.get(`${path}?limit=${SHOWN}${cursor}`, { signal }),
    item: (/** @type {Target} */ one) =>
      h(
        "li",
        null,
        howFar(one),
        h("span", { class: "faint" }, t(`growth.state.${one.state}`)),
        one.state === "open" &&
          actButton(t("growth.take-back"), async (onWait) => {
            await client.send("DELETE", `${path}/${one.id}`, { act: true, onWait });
            void list.reload();
          }, { class: "quiet" }),
      ),
    hasEnded: (one) => one.state !== "open",
    none: t("growth.none"),
  });
  const begin = async () => {
    const idempotencyKey = crypto.randomUUID();
    openForm({
      title: t("growth.new"),
      content: [
        field(t("growth.members"), line("members", { type: "number", inputmode: "numeric", required: true, maxlength: null, min: union.members_count + 1, value: union.members_count * 2 })),
        field(t("growth.day"), line("due_on", { type: "date", required: true, maxlength: null, min: dayValue(0), value: dayValue(MONTH_DAYS) })),
      ],
      submit: t("growth.new"),
      run: async (form, onWait) => {
        const body = { members: Number(written(form, "members")), due_on: written(form, "due_on") };
        await client.send("POST", path, { body, act: true, idempotencyKey, onWait });
        void list.reload();
      },
    });
  };
  return h("div", null, actButton(t("growth.new"), begin), list);
}

/** @param {Target} target */
function howFar({ members, members_count, due_on }) {
  const words = t("growth.of", { members: members_count, target: members, day: dayText(`${due_on}T12:00:00`) });
  return h("div", { class: "funding" }, h("progress", { max: members, value: Math.min(members, members_count), "aria-label": words }), h("p", null, words));
}
