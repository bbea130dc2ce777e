import { unsubscribe } from "../api/push.js";
import { h } from "../ui/dom.js";
import { actButton } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { codes } from "./me/codes.js";
import { deletion } from "./me/deletion.js";
import { devices } from "./me/devices.js";
import { exportOwn } from "./me/export.js";
import { guardians } from "./me/guardians.js";
import { keys } from "./me/keys.js";
import { memberships } from "./me/memberships.js";
import { profile } from "./me/profile.js";
import { recoveries } from "./me/recoveries.js";
import { sessions } from "./me/sessions.js";
import { signer } from "./me/signer.js";
import { wards } from "./me/wards.js";
import { told } from "./told.js";

/** Who I am here, how I get in and back in, and my unions. @type {import("../app/context.js").Page} */
export const me = (context) => {
  colour(null);
  const { session, go } = context;
  if (session.member === null) {
    go("/sign-in?next=/me", { replace: true });
    return { title: t("sign-in"), content: [] };
  }
  return {
    title: t("way.me"),
    content: [
      h("h1", null, t("way.me")),
      session.exitsOnly && h("p", { class: "problem", role: "alert" }, t("operators.locked"), " ", h("a", { href: "/operators" }, t("operators.read-why"))),
      recoveries(context),
      card("me.profile", null, profile(context)),
      card("me.unions", null, memberships(context)),
      card("me.keys", "me.keys-text", keys(context)),
      card("guardians", "guardians.text", guardians(context), wards(context)),
      card("codes", "codes.text", codes(context)),
      card("me.devices", "me.devices-text", devices(context), signer(context)),
      card("me.sessions", "me.sessions-text", sessions(context)),
      card("told.title", "told.text", told(context)),
      card("export", "export.text", exportOwn(context)),
      card("deletion", "deletion.text", deletion(context)),
      actButton(t("sign-out"), async () => {
        await unsubscribe().catch(() => null);
        await session.signOut();
        go("/");
      }, { class: "quiet" }),
    ],
  };
};

/** @param {string} title @param {string | null} text @param {...HTMLElement} content */
const card = (title, text, ...content) =>
  h("section", { class: "card" }, h("h2", null, t(title)), text && h("p", { class: "faint" }, t(text)), content);
