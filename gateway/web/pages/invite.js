import { h } from "../ui/dom.js";
import { actButton, openSheet } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { dayText } from "../ui/time.js";
import { pathOf } from "../app/unions.js";

const USES = 100;
const WEEK_SECONDS = 604_800;

/** Make an invitation and show it as a link and its QR code. @param {import("../app/context.js").Context} context @param {{slug: string, name: string}} union */
export async function invite({ client }, union) {
  /** @type {import("../app/context.js").Shapes["InvitationView"]} */
  const made = (await client.send("POST", pathOf(union.slug, "/invitations"), { body: { uses_max: USES, valid_seconds: WEEK_SECONDS }, act: true, idempotencyKey: crypto.randomUUID() })).body;
  const link = h("input", { readonly: true, value: made.link, "aria-label": t("invite.link"), onfocus: () => link.select() });
  const share = { title: union.name, text: t("invite.text", { union: union.name }), url: made.link };
  openSheet(t("invite.title", { union: union.name }), [
    qrCode(made.link, t("invite.code")),
    link,
    h(
      "div",
      { class: "buttons" },
      actButton(t("invite.copy"), async () => {
        await navigator.clipboard.writeText(made.link);
        toast(t("invite.copied"));
      }, { class: "main" }),
      "share" in navigator && actButton(t("invite.share"), () => navigator.share(share)),
    ),
    h("p", { class: "faint" }, t("invite.until", { count: made.uses_max, day: dayText(made.expires_at) })),
  ]);
}

/** @param {string} text an address of this house @param {string} alt */
export const qrCode = (text, alt) => h("img", { class: "qr", src: `/qr.svg?text=${encodeURIComponent(text)}`, alt, width: 240, height: 240 });
