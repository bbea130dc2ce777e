/** The register: who held which office from when to when, and why it ended. */
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { nameText } from "../../ui/names.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";

/** @typedef {import("../../app/context.js").Shapes["HoldingView"]} Holding */

/** Folded, and read once it is opened. @param {import("../../app/context.js").Context} context @param {{slug: string}} union */
export function register({ client }, union) {
  const folded = h("details", { class: "folded" }, h("summary", null, h("h2", null, t("register"))));
  const lines = () =>
    more({
      read: (cursor, signal) => client.get(pathOf(union.slug, `/offices/register?limit=50${cursor}`), { signal }),
      item: shown,
      none: t("register.none"),
    });
  folded.addEventListener("toggle", () => folded.append(lines()), { once: true });
  return folded;
}

/** @param {Holding} holding */
const shown = ({ member, office_name, begins_at, until, ended_at, why }) =>
  h(
    "li",
    null,
    h("bdi", null, member === null ? t("somebody") : nameText(member)),
    h("span", null, h("bdi", null, office_name)),
    h("span", { class: "faint" }, dayElement(begins_at), " – ", dayElement(ended_at ?? until), why !== null && ` · ${t(`register.${why}`)}`),
  );
