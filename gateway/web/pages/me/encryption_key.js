/** The key by which others write to me in confidence; its private half is kept elsewhere, by whatever reads them. */
import { h } from "../../ui/dom.js";
import { field, line, written } from "../../ui/fields.js";
import { actButton, actForm } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";

/** @param {import("../../app/context.js").Context} context @param {import("../../app/context.js").Shapes["OwnProfileView"]} me @param {() => Promise<unknown>} changed */
export function encryptionKey({ client }, me, changed) {
  const control = line("public_key", { value: me.encryption_key ?? "", required: true, minlength: 43, maxlength: 43, pattern: "[A-Za-z0-9_\\-]{43}", autocapitalize: "none", spellcheck: "false" });
  const form = actForm(field(t("profile.key"), control, t("profile.key-hint")), t("profile.key-set"), async (values, onWait) => {
    await client.send("PUT", "/v1/me/encryption-key", { body: { public_key: written(values, "public_key") }, act: true, onWait });
    await changed();
  });
  const remove =
    me.encryption_key !== null &&
    actButton(t("profile.key-remove"), async (onWait) => {
      await client.send("DELETE", "/v1/me/encryption-key", { act: true, onWait });
      await changed();
    }, { class: "quiet" });
  return h("details", null, h("summary", null, t("profile.key")), form, remove);
}
