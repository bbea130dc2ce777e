import { unsubscribe } from "../api/push.js";
import { h } from "../ui/dom.js";
import { area, field, line, written } from "../ui/fields.js";
import { LiveSection } from "../ui/section.js";
import { actButton, actForm, openForm } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { agoElement, dayElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf } from "../app/unions.js";
import { told } from "./told.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

/** Who I am here, my keys and devices, and my unions. @type {import("../app/context.js").Page} */
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
      h("section", { class: "card" }, h("h2", null, t("me.profile")), profile(context)),
      h("section", { class: "card" }, h("h2", null, t("me.unions")), unions(context)),
      h("section", { class: "card" }, h("h2", null, t("me.passkeys")), h("p", { class: "faint" }, t("me.passkeys-text")), passkeys(context)),
      h("section", { class: "card" }, h("h2", null, t("me.devices")), h("p", { class: "faint" }, t("me.devices-text")), devices(context)),
      h("section", { class: "card" }, h("h2", null, t("told.title")), h("p", { class: "faint" }, t("told.text")), told(context)),
      actButton(t("sign-out"), async () => {
        await unsubscribe().catch(() => null);
        await session.signOut();
        go("/");
      }, { class: "quiet" }),
    ],
  };
};

/** @param {Context} context */
const profile = ({ client }) =>
  LiveSection.of({
    load: async (signal) => {
      const { body, headers } = await client.send("GET", "/v1/me", { signal, patienceMs: 0 });
      return { me: /** @type {Shapes["OwnProfileView"]} */ (body), etag: headers.get("etag") ?? "" };
    },
    render: ({ me, etag }) => {
      let ifMatch = etag;
      return actForm(
        [
          field(t("entrance.name"), line("name", { value: me.name, maxlength: 80, autocomplete: "name" })),
          field(t("me.handle"), line("handle", { value: me.handle, maxlength: 30, required: true, autocapitalize: "none", spellcheck: "false" }), t("me.handle-hint")),
          field(t("me.bio"), area("bio", { value: me.bio, maxlength: 2000 }), t("me.seen-hint")),
        ],
        t("me.save"),
        async (values, onWait) => {
          const body = { name: written(values, "name"), handle: written(values, "handle"), bio: written(values, "bio") };
          const answer = await client.send("PATCH", "/v1/me", { body, ifMatch, onWait });
          ifMatch = answer.headers.get("etag") ?? "";
          toast(t("me.saved"));
        },
      );
    },
  });

/** @param {Context} context */
const unions = ({ client }) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["OwnMembershipView"][]} */ (await client.all("/v1/me/memberships?limit=100", 1_000, { signal })),
    render: (memberships) =>
      memberships.length
        ? h("ul", { class: "rows" }, memberships.map(({ slug, name, state, role, joined_at }) => h("li", null, h("a", { href: pageOf(slug, state === "active" ? "/home" : "") }, name), h("span", { class: "faint" }, t(state === "active" ? `role.${role}` : `membership.${state}`)), h("span", { class: "faint" }, dayElement(joined_at)))))
        : h("p", { class: "faint" }, t("directory.none-mine")),
  });

/** @param {Context} context */
function passkeys({ client, session }) {
  const list = LiveSection.of({
    load: async (signal) => /** @type {Shapes["PasskeyView"][]} */ ((await client.get("/v1/me/passkeys", { signal })).items),
    render: (items) => [
      h(
        "ul",
        { class: "rows" },
        items.map(({ id, name, added_at, backed_up }) =>
          h(
            "li",
            null,
            h("span", null, name || t("me.passkey")),
            h("span", { class: "faint" }, t(backed_up ? "me.synced" : "me.only-here"), " · ", dayElement(added_at)),
            actButton(t("me.remove"), async () => {
              openForm({
                title: t("me.remove-passkey"),
                content: h("p", null, t("me.remove-passkey-text")),
                submit: t("me.remove"),
                dangerous: true,
                run: async (_, onWait) => {
                  await client.send("DELETE", `/v1/me/passkeys/${id}`, { act: true, onWait });
                  await list.reload();
                },
              });
            }, { class: "quiet", "data-key": `remove ${id}` }),
          ),
        ),
      ),
      actButton(t("me.add-passkey"), async () => {
        await session.addPasskey(client, session.member?.handle ?? "");
        await list.reload();
      }),
    ],
  });
  return list;
}

/** @param {Context} context */
function devices({ client }) {
  const list = LiveSection.of({
    load: async (signal) => /** @type {Shapes["DeviceView"][]} */ ((await client.get("/v1/me/devices", { signal })).items),
    render: (items) =>
      h(
        "ul",
        { class: "rows" },
        items.map(({ key_id, is_this, certified_at, last_seen_at }) =>
          h(
            "li",
            null,
            h("span", null, is_this ? h("strong", null, t("me.this-device")) : h("code", null, key_id.slice(0, 8))),
            h("span", { class: "faint" }, t("me.since"), " ", dayElement(certified_at), last_seen_at && !is_this ? h("span", null, " · ", agoElement(last_seen_at)) : null),
            !is_this && actButton(t("me.end-device"), async () => {
              openForm({
                title: t("me.end-device"),
                content: h("p", null, t("me.end-device-text")),
                submit: t("me.end-device"),
                dangerous: true,
                run: async (_, onWait) => {
                  await client.send("DELETE", `/v1/me/devices/${encodeURIComponent(key_id)}`, { act: true, onWait });
                  await list.reload();
                },
              });
            }, { class: "quiet", "data-key": `end ${key_id}` }),
          ),
        ),
      ),
  });
  return list;
}
