/** A list that is read a page at a time; the rest comes by a button. */
import { h } from "./dom.js";
import { LiveSection } from "./section.js";
import { actButton } from "./sheet.js";
import { t } from "../texts/texts.js";

/**
 * @template T
 * @param {object} parts
 * @param {(cursor: string, signal: AbortSignal) => Promise<{items: T[], next_cursor: string | null}>} parts.read `cursor` is the end of a query
 * @param {(item: T) => HTMLElement} parts.item
 * @param {string} parts.none said of an empty list
 * @param {string} [parts.className]
 * @param {readonly string[]} [parts.types]
 * @param {import("../api/live.js").Live} [parts.live]
 */
export function more({ read, item, none, className = "rows", types, live }) {
  return LiveSection.of({
    load: (signal) => read("", signal),
    render: (page) => {
      if (!page.items.length) return h("p", { class: "faint" }, none);
      const list = h("ul", { class: className }, page.items.map(item));
      let cursor = page.next_cursor;
      const button = actButton(t("more"), async () => {
        const next = await read(`&cursor=${encodeURIComponent(cursor ?? "")}`, new AbortController().signal);
        list.append(...next.items.map(item));
        cursor = next.next_cursor;
        if (cursor === null) button.remove();
      });
      return [list, cursor !== null && button];
    },
    ...(types ? { types } : {}),
    ...(live ? { live } : {}),
  });
}
