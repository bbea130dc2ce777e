/** Who I am to others, and who sees what of it. */
import { h } from "../../ui/dom.js";
import { area, choice, field, line, written } from "../../ui/fields.js";
import { LiveSection } from "../../ui/section.js";
import { actForm } from "../../ui/sheet.js";
import { skills } from "../../ui/skills.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";
import { avatar } from "./avatar.js";
import { encryptionKey } from "./encryption_key.js";
import { skillsField } from "./skills_field.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {"name" | "avatar" | "bio" | "skills" | "links" | "encryption_key"} Part
 */

/** @type {readonly Part[]} */
const PARTS = ["name", "avatar", "bio", "skills", "links", "encryption_key"];
const CIRCLES = ["public", "unions", "nobody"];

/** @param {Context} context */
export function profile(context) {
  const { client } = context;
  /** @type {() => Promise<unknown>} */
  const changed = () => section.reload();
  const section = LiveSection.of({
    load: async (signal) => {
      const [{ body, headers }, known] = await Promise.all([client.send("GET", "/v1/me", { signal, patienceMs: 0 }), skills(client)]);
      return { me: /** @type {Shapes["OwnProfileView"]} */ (body), etag: headers.get("etag") ?? "", known };
    },
    render: ({ me, etag, known }) => {
      let ifMatch = etag;
      const chosen = skillsField(known, me.skills);
      return [
        avatar(context, me, changed),
        actForm(
          [
            field(t("entrance.name"), line("name", { value: me.name, maxlength: 80, autocomplete: "name" })),
            field(t("me.handle"), line("handle", { value: me.handle, maxlength: 30, required: true, autocapitalize: "none", spellcheck: "false" }), t("me.handle-hint")),
            field(t("me.bio"), area("bio", { value: me.bio, maxlength: 2000 })),
            chosen.element,
            field(t("profile.links"), area("links", { value: me.links.join("\n"), rows: 3, maxlength: 3000, autocapitalize: "none", spellcheck: "false" }), t("profile.links-hint")),
            privacy(me.privacy),
          ],
          t("me.save"),
          async (values, onWait) => {
            const body = {
              name: written(values, "name"),
              handle: written(values, "handle"),
              bio: written(values, "bio"),
              skills: chosen.chosen(),
              links: written(values, "links").split(/\s+/).filter(Boolean),
              privacy: Object.fromEntries(PARTS.map((part) => [part, written(values, `seen-${part}`)])),
            };
            const answer = await client.send("PATCH", "/v1/me", { body, ifMatch, onWait });
            ifMatch = answer.headers.get("etag") ?? "";
            toast(t("me.saved"));
          },
        ),
        encryptionKey(context, me, changed),
      ];
    },
  });
  return section;
}

/** @param {Shapes["OwnProfileView"]["privacy"]} said */
const privacy = (said) =>
  h(
    "details",
    null,
    h("summary", null, t("profile.seen")),
    h("p", { class: "faint" }, t("profile.seen-text")),
    PARTS.map((part) => field(t(`profile.part.${part}`), choice(`seen-${part}`, CIRCLES.map((circle) => [circle, t(`profile.circle.${circle}`)]), said[part]))),
  );
