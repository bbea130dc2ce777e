/** My unions. */
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pageOf } from "../../app/unions.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export const memberships = ({ client }) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["OwnMembershipView"][]} */ (await client.all("/v1/me/memberships?limit=100", 1_000, { signal })),
    render: (memberships) =>
      memberships.length
        ? h("ul", { class: "rows" }, memberships.map(({ slug, name, state, role, joined_at }) => h("li", null, h("a", { href: pageOf(slug, state === "active" ? "/home" : "") }, name), h("span", { class: "faint" }, t(state === "active" ? `role.${role}` : `membership.${state}`)), h("span", { class: "faint" }, dayElement(joined_at)))))
        : h("p", { class: "faint" }, t("directory.none-mine")),
  });
