/** Where I am signed in. */
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { actButton } from "../../ui/sheet.js";
import { agoElement, dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";

const SESSIONS_READ_MAX = 200;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export function sessions({ client }) {
  /** @type {LiveSection} */
  const list = LiveSection.of({
    load: async (signal) => /** @type {Shapes["OwnSessionView"][]} */ (await client.all("/v1/me/sessions?limit=100", SESSIONS_READ_MAX, { signal })),
    render: (items) => h("ul", { class: "rows" }, items.map(row)),
  });
  /** @param {Shapes["OwnSessionView"]} session */
  function row({ id, is_this, device_key_id, device_name, key_kind, began_at, last_seen_at }) {
    const ending = actButton(t("me.end-session"), async (onWait) => {
      await client.send("DELETE", `/v1/me/sessions/${id}`, { act: true, onWait });
      await list.reload();
    }, { class: "quiet", "data-key": `end ${id}` });
    return h(
      "li",
      null,
      h("span", null, device_name || device_key_id.slice(0, 8), is_this ? h("strong", null, " · ", t("me.here")) : null),
      h("span", { class: "faint" }, t(key_kind === "passkey" ? "me.by-passkey" : "me.by-wallet"), " ", dayElement(began_at), is_this ? null : h("span", null, " · ", agoElement(last_seen_at))),
      is_this ? null : ending,
    );
  }
  return list;
}
