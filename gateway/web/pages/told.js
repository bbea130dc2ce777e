/** Where and when a member is told beyond the page. */
import { canBeTold, subscribe, unsubscribe } from "../api/push.js";
import { h } from "../ui/dom.js";
import { choice, field, line, written } from "../ui/fields.js";
import { LiveSection } from "../ui/section.js";
import { actButton, actForm } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {{channels: Shapes["NoticeChannelsView"], chosen: Shapes["NoticeChoiceView"], etag: string}} Told
 * @typedef {{context: Context, reload: () => Promise<void>}} Part
 */

const LANGUAGES = /** @type {[string, string][]} */ ([["en", "English"], ["de", "Deutsch"]]);

/** @param {Context} context */
export function told(context) {
  const { client } = context;
  /** @type {LiveSection} */
  const section = LiveSection.of({
    load: async (signal) => {
      const channels = await client.get("/v1/me/notice-channels", { signal });
      const { body, headers } = await client.send("GET", "/v1/me/notice-choice", { signal, patienceMs: 0 });
      return { channels, chosen: /** @type {Shapes["NoticeChoiceView"]} */ (body), etag: headers.get("etag") ?? "" };
    },
    render: (/** @type {Told} */ { channels, chosen, etag }) => {
      const part = { context, reload: () => section.reload() };
      return [byEmail(part, channels), byPush(part, channels), channels.email?.is_confirmed || channels.push.length ? when(part, chosen, etag) : null];
    },
  });
  return section;
}

/** @param {Part} part @param {Shapes["NoticeChannelsView"]} channels */
function byEmail({ context: { client }, reload }, { has_email, email }) {
  /** @param {string} words */
  const ending = (words) =>
    actButton(words, async (onWait) => {
      await client.send("DELETE", "/v1/me/email-address", { act: true, onWait });
      await reload();
    }, { class: "quiet" });
  const fault = email?.fault ? h("p", { class: "problem" }, t("told.fault", { reason: email.fault })) : null;
  if (email?.is_confirmed) return h("div", { class: "told-email" }, h("h3", null, t("told.email")), h("p", null, email.address), fault, ending(t("told.end-email")));
  if (!has_email) return h("div", null, h("h3", null, t("told.email")), h("p", { class: "faint" }, t("told.email-off")));
  if (email) {
    const code = line("code", { inputmode: "numeric", autocomplete: "one-time-code", pattern: "[0-9]{6}", maxlength: 6, required: true });
    return h(
      "div",
      { class: "told-email" },
      h("h3", null, t("told.email")),
      fault,
      actForm([h("p", null, t("told.code-sent", { address: email.address })), field(t("told.code"), code)], t("told.confirm"), async (values, onWait) => {
        await client.send("POST", "/v1/me/email-address/confirmations", { body: { code: written(values, "code") }, act: true, onWait });
        toast(t("me.saved"));
        await reload();
      }),
      ending(t("told.other-address")),
    );
  }
  const address = line("address", { type: "email", autocomplete: "email", maxlength: 254, required: true });
  return h(
    "div",
    { class: "told-email" },
    h("h3", null, t("told.email")),
    actForm([field(t("told.address"), address, t("told.address-hint"))], t("told.send-code"), async (values, onWait) => {
      await client.send("PUT", "/v1/me/email-address", { body: { address: written(values, "address") }, act: true, onWait });
      await reload();
    }),
  );
}

/** @param {Part} part @param {Shapes["NoticeChannelsView"]} channels */
function byPush({ context: { client }, reload }, { has_push, push_key, push }) {
  const here = push.find(({ is_this }) => is_this);
  const others = push.length - (here ? 1 : 0);
  const content = [];
  if (here) {
    content.push(
      h("p", null, t("told.push-here")),
      here.fault ? h("p", { class: "problem" }, t("told.fault", { reason: here.fault })) : null,
      actButton(t("told.end-push"), async (onWait) => {
        await unsubscribe();
        await client.send("DELETE", "/v1/me/push-subscription", { act: true, onWait });
        await reload();
      }, { class: "quiet" }),
    );
  } else if (!has_push || !push_key) content.push(h("p", { class: "faint" }, t("told.push-off")));
  else if (!canBeTold()) content.push(h("p", { class: "faint" }, t("told.push-impossible")));
  else {
    content.push(
      actButton(t("told.push"), async (onWait) => {
        await client.send("PUT", "/v1/me/push-subscription", { body: await subscribe(push_key), act: true, onWait });
        await reload();
      }),
    );
  }
  return h("div", { class: "told-push" }, h("h3", null, t("told.browsers")), content, others ? h("p", { class: "faint" }, t("told.other-browsers", { count: others })) : null);
}

/** @param {Part} part @param {Shapes["NoticeChoiceView"]} chosen @param {string} etag */
function when({ context: { client } }, chosen, etag) {
  let ifMatch = etag;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const zone = chosen.version > 0 ? chosen.zone : timeZone;
  /** @param {string} name @param {string | null} value */
  const time = (name, value) => line(name, { type: "time", value: value ?? "" });
  return h(
    "div",
    { class: "told-when" },
    h("h3", null, t("told.when")),
    actForm(
      [
        field(t("told.language"), choice("language", LANGUAGES, chosen.version > 0 ? chosen.language : document.documentElement.lang)),
        field(t("told.digest"), time("digest_at", chosen.digest_at), t("told.digest-hint")),
        field(t("told.quiet-from"), time("quiet_from", chosen.quiet_from)),
        field(t("told.quiet-until"), time("quiet_until", chosen.quiet_until), t("told.quiet-hint")),
        h("p", { class: "faint" }, t("told.zone", { zone }), zone === timeZone ? null : t("told.zone-here", { zone: timeZone })),
      ],
      t("me.save"),
      async (values, onWait) => {
        /** @param {string} name */
        const told = (name) => written(values, name).slice(0, 5) || null;
        const body = { language: written(values, "language"), zone: timeZone, quiet_from: told("quiet_from"), quiet_until: told("quiet_until"), digest_at: told("digest_at") };
        const answer = await client.send("PUT", "/v1/me/notice-choice", { body, ifMatch, onWait });
        ifMatch = answer.headers.get("etag") ?? "";
        toast(t("me.saved"));
      },
    ),
  );
}
