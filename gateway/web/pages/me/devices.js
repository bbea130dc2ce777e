/** The devices that may sign for me, and those that might once. */
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { agoElement, dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { signed } from "./acts.js";
import { renaming } from "./rename.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export function devices(context) {
  /** @type {LiveSection} */
  const list = LiveSection.of({
    load: async (signal) => Promise.all(["", "?revoked=true"].map(async (which) => /** @type {Shapes["DeviceView"][]} */ ((await context.client.get(`/v1/me/devices${which}`, { signal })).items))),
    render: ([items = [], former = []]) => [
      h("ul", { class: "rows" }, items.map((device) => row(context, device, () => list.reload()))),
      former.length > 0 && h("details", { class: "ended" }, h("summary", null, t("me.former-devices")), h("ul", { class: "rows" }, former.map((device) => formerRow(context, device)))),
    ],
  });
  return list;
}

/** @param {Context} context @param {Shapes["DeviceView"]} device @param {() => Promise<void>} changed */
function row(context, { key_id, name, is_this, certified_at, last_seen_at }, changed) {
  const path = `/v1/me/devices/${encodeURIComponent(key_id)}`;
  const called = name || key_id.slice(0, 8);
  return h(
    "li",
    null,
    h("span", null, name || !is_this ? called : null, name && is_this ? " · " : null, is_this ? h("strong", null, t("me.this-device")) : null),
    h("span", { class: "faint" }, t("me.since"), " ", dayElement(certified_at), last_seen_at && !is_this ? h("span", null, " · ", agoElement(last_seen_at)) : null),
    h("span", null, signed(context, path, called), renaming(context, path, name, changed), is_this ? null : ending(context, path, changed)),
  );
}

/** @param {Context} context @param {Shapes["DeviceView"]} device */
function formerRow(context, { key_id, name, certified_at, revoked_at }) {
  const called = name || key_id.slice(0, 8);
  return h(
    "li",
    null,
    h("span", null, called),
    h("span", { class: "faint" }, dayElement(certified_at), " – ", revoked_at && dayElement(revoked_at)),
    signed(context, `/v1/me/devices/${encodeURIComponent(key_id)}`, called),
  );
}

/** @param {Context} context @param {string} path @param {() => Promise<void>} changed */
const ending = ({ client }, path, changed) =>
  actButton(t("me.end-device"), async () => {
    openForm({
      title: t("me.end-device"),
      content: h("p", null, t("me.end-device-text")),
      submit: t("me.end-device"),
      dangerous: true,
      run: async (_, onWait) => {
        await client.send("DELETE", path, { act: true, onWait });
        await changed();
      },
    });
  }, { class: "quiet", "data-key": `end ${path}` });
