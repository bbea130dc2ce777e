/** A list that is read a page at a time; the rest comes by a button. What has ended is folded away below what has not. */
import { h } from "./dom.js";
import { LiveSection } from "./section.js";
import { actButton } from "./sheet.js";
import { t } from "../texts/texts.js";

/**
 * @template T
 * @param {object} parts
 * @param {(cursor: string, signal: AbortSignal) => Promise<{items: T[], next_cursor: string | null}>} parts.read `cursor` is the end of a query
 * @param {(item: T) => HTMLElement} parts.item
 * @param {(item: T) => boolean} [parts.hasEnded] whether it is folded away
 * @param {(items: T[]) => import("./dom.js").Child} [parts.below] of those of the first page
 * @param {string} parts.none said where nothing is listed
 * @param {string} [parts.className]
 * @param {readonly string[]} [parts.types]
 * @param {import("../api/live.js").Live} [parts.live]
 */
export function more({ read, item, hasEnded = () => false, below = () => null, none, className = "rows", types, live }) {
  let isUnfolded = false;
  return LiveSection.of({
    load: (signal) => read("", signal),
    render: (page) => {
      const nothing = h("p", { class: "faint" }, none);
      const list = h("ul", { class: className });
      const past = h("ul", { class: "rows" });
      const ended = h("details", { class: "ended", open: isUnfolded }, h("summary", null, t("ended")), past);
      ended.addEventListener("toggle", () => (isUnfolded = ended.open));
      let cursor = page.next_cursor;
      /** @param {T[]} items */
      const add = (items) => {
        for (const one of items) (hasEnded(one) ? past : list).append(item(one));
        nothing.hidden = list.hasChildNodes() || cursor !== null;
        list.hidden = !list.hasChildNodes();
        if (past.hasChildNodes() && list.parentNode && !ended.parentNode) list.after(ended);
      };
      const button = actButton(t("more"), async () => {
        const next = await read(`&cursor=${encodeURIComponent(cursor ?? "")}`, new AbortController().signal);
        cursor = next.next_cursor;
        add(next.items);
        if (cursor === null) button.remove();
      });
      add(page.items);
      return [nothing, list, past.hasChildNodes() && ended, cursor !== null && button, below(page.items)];
    },
    ...(types ? { types } : {}),
    ...(live ? { live } : {}),
  });
}
