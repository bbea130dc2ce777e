/** Whose guardian I am, and being so no more. */
import { OF_ACCOUNT } from "../../api/live.js";
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { nameText } from "../../ui/names.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";

/**
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {import("../../app/context.js").Shapes["WardView"]} Ward
 */

/** @param {Context} context */
export const wards = ({ client, live }) =>
  h(
    "div",
    { class: "wards" },
    h("h3", null, t("wards")),
    more({
      read: (cursor, signal) => client.get(`/v1/me/wards?limit=50${cursor}`, { signal }),
      item: (/** @type {Ward} */ ward) => shown(client, ward),
      none: t("wards.none"),
      types: [OF_ACCOUNT],
      live,
    }),
  );

/** @param {Context["client"]} client @param {Ward} ward */
function shown(client, { member, since }) {
  const name = nameText(member);
  const line = h("li", null, h("bdi", null, name), h("span", { class: "faint" }, `@${member.handle} · `, t("me.since"), " ", dayElement(since)));
  line.append(
    actButton(t("wards.resign"), async () => {
      openForm({
        title: t("wards.resign-title", { name }),
        content: h("p", null, t("wards.resign-text")),
        submit: t("wards.resign"),
        dangerous: true,
        run: async (_, onWait) => {
          await client.send("DELETE", `/v1/me/wards/${member.id}`, { act: true, onWait });
          line.remove();
        },
      });
    }, { class: "quiet", "data-key": `resign ${member.id}` }),
  );
  return line;
}
