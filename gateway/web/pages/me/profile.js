/** Who I am to others. */
import { area, field, line, written } from "../../ui/fields.js";
import { LiveSection } from "../../ui/section.js";
import { actForm } from "../../ui/sheet.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export const profile = ({ client }) =>
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
