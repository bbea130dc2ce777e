/** One's own picture: shown, changed, taken away. */
import { h } from "../../ui/dom.js";
import { picture } from "../../ui/person.js";
import { actButton } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";
import { chosen, digestOf, IMAGES } from "../files.js";

/** @param {import("../../app/context.js").Context} context @param {import("../../app/context.js").Shapes["OwnProfileView"]} me @param {() => Promise<unknown>} changed */
export function avatar({ client }, me, changed) {
  const chooser = h("input", { type: "file", accept: IMAGES, hidden: true, "aria-hidden": "true", tabindex: -1 });
  const choose = actButton(t(me.avatar === null ? "profile.picture-add" : "profile.picture-change"), async (onWait) => {
    const [file] = await chosen(chooser);
    if (!file) return;
    const content = new Uint8Array(await file.arrayBuffer());
    await client.send("PUT", `/v1/me/avatar/${await digestOf(content)}`, { content, onWait });
    await changed();
  });
  const remove =
    me.avatar !== null &&
    actButton(t("profile.picture-remove"), async (onWait) => {
      await client.send("DELETE", "/v1/me/avatar", { onWait });
      await changed();
    }, { class: "quiet" });
  return h("div", { class: "field" }, picture(me), chooser, choose, remove, h("small", null, t("profile.picture-hint")));
}
