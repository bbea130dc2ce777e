/** Whose guardian I am. */
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { nameText } from "../../ui/names.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";

/** @param {import("../../app/context.js").Context} context */
export const wards = ({ client }) =>
  h(
    "div",
    { class: "wards" },
    h("h3", null, t("wards")),
    more({
      read: (cursor, signal) => client.get(`/v1/me/wards?limit=50${cursor}`, { signal }),
      item: (/** @type {import("../../app/context.js").Shapes["WardView"]} */ { member, since }) =>
        h("li", null, h("bdi", null, nameText(member)), h("span", { class: "faint" }, `@${member.handle} · `, t("me.since"), " ", dayElement(since))),
      none: t("wards.none"),
    }),
  );
