/** Vouching for who wants to join, and what became of it. */
import { h } from "../../ui/dom.js";
import { field, line, written } from "../../ui/fields.js";
import { more } from "../../ui/more.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { bare } from "../member_field.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["MemberVouchView"]} Vouch
 */

/** @param {Context} context @param {Shapes["UnionView"]} union */
export function vouching({ client, names }, union) {
  const path = pathOf(union.slug, "/vouches");
  const list = more({
    read: (cursor, signal) => client.get(`${path}?limit=20${cursor}`, { signal }),
    item: (/** @type {Vouch} */ one) => {
      names.know(one.member);
      const isOpen = one.joined_at === null && one.withdrawn_at === null;
      return h(
        "li",
        null,
        names.element(one.member.id),
        dayElement(one.vouched_at),
        h("span", { class: "faint" }, t(`vouch.state.${isOpen ? "open" : one.withdrawn_at !== null ? "withdrawn" : (one.state ?? "past")}`)),
        isOpen &&
          actButton(t("vouch.take-back"), async (onWait) => {
            await client.send("DELETE", `${path}/${one.member.id}`, { act: true, onWait });
            void list.reload();
          }, { class: "quiet" }),
      );
    },
    hasEnded: (one) => one.withdrawn_at !== null,
    none: t("vouch.none"),
  });
  const begin = async () =>
    void openForm({
      title: t("vouch"),
      content: [h("p", null, t("vouch.text")), field(t("vouch.handle"), line("handle", { required: true, maxlength: 31 }))],
      submit: t("vouch"),
      run: async (form, onWait) => {
        await client.send("PUT", `${path}/${encodeURIComponent(bare(written(form, "handle")))}`, { act: true, onWait });
        void list.reload();
      },
    });
  return h("div", null, actButton(t("vouch"), begin), list);
}
