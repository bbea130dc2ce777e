/** Who lets me back in if I lose my keys, and the change of them that waits. */
import { OF_ACCOUNT } from "../../api/live.js";
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { nameText } from "../../ui/names.js";
import { momentElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { openNaming } from "./name_guardians.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export function guardians(context) {
  const { client, live } = context;
  /** @type {LiveSection} */
  const section = LiveSection.of({
    load: async (signal) => /** @type {Shapes["GuardiansView"]} */ (await client.get("/v1/me/guardians", { signal })),
    render: (/** @type {Shapes["GuardiansView"]} */ { present, change }) => {
      const changed = () => section.reload();
      return [
        present ? list(present) : h("p", null, t("guardians.none")),
        change && coming(context, change, changed),
        h(
          "div",
          { class: "buttons" },
          actButton(t(present ? "guardians.name-others" : "guardians.name"), async () => openNaming(context, change?.guardians.length ? change : present, changed)),
          present && (!change || change.guardians.length > 0) && ending(context, changed),
        ),
      ];
    },
    types: [OF_ACCOUNT],
    live,
  });
  return section;
}

/** @param {Shapes["GuardianSetView"]} set */
const list = ({ guardians, threshold }) =>
  h(
    "div",
    null,
    h("ul", { class: "rows" }, guardians.map((guardian) => h("li", null, h("bdi", null, nameText(guardian)), h("span", { class: "faint" }, `@${guardian.handle}`)))),
    h("p", null, t("guardians.threshold", { count: threshold, all: guardians.length })),
  );

/** @param {Context} context @param {Shapes["GuardianSetView"]} change @param {() => Promise<void>} changed */
const coming = ({ client }, change, changed) =>
  h(
    "div",
    { class: "problem" },
    h("p", null, h("strong", null, t("guardians.change"), " ", momentElement(change.holds_from))),
    change.guardians.length ? list(change) : h("p", null, t("guardians.change-none")),
    h("p", { class: "faint" }, t("guardians.change-text")),
    actButton(t("guardians.stop"), async (onWait) => {
      await client.send("DELETE", "/v1/me/guardians/change", { act: true, onWait });
      await changed();
    }),
  );

/** @param {Context} context @param {() => Promise<void>} changed */
const ending = ({ client }, changed) =>
  actButton(t("guardians.end"), async () => {
    openForm({
      title: t("guardians.end"),
      content: h("p", null, t("guardians.end-text")),
      submit: t("guardians.end"),
      dangerous: true,
      run: async (_, onWait) => {
        await client.send("DELETE", "/v1/me/guardians", { act: true, onWait });
        await changed();
      },
    });
  }, { class: "quiet" });
