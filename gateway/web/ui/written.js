/** Rules as they are commonly written: headings, numbered and other lists, bold, paragraphs of CommonMark; the rest stays text. */
import { h } from "./dom.js";

const HEADING = /^(#{1,4})\s+(.*)$/;
const ITEM = /^(?:(\d+)\.|[-*])\s+(.*)$/;

/** @param {string} text */
export function writtenText(text) {
  /** @type {HTMLElement[]} */
  const blocks = [];
  let open = /** @type {{kind: "p" | "ol" | "ul", parts: string[], first: string} | null} */ (null);
  const close = () => {
    if (open?.kind === "p") blocks.push(h("p", null, inline(open.parts.join(" "))));
    else if (open?.kind === "ol") blocks.push(h("ol", { start: open.first }, open.parts.map((part) => h("li", null, inline(part)))));
    else if (open) blocks.push(h("ul", null, open.parts.map((part) => h("li", null, inline(part)))));
    open = null;
  };
  for (const line of text.split("\n").map((written) => written.trim())) {
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (line === "") close();
    else if (heading) {
      close();
      blocks.push(h("h3", null, inline(heading[2] ?? "")));
    } else if (item) {
      const kind = item[1] ? "ol" : "ul";
      if (open?.kind !== kind) {
        close();
        open = { kind, parts: [], first: item[1] ?? "" };
      }
      open.parts.push(item[2] ?? "");
    } else if (open) open.parts.push(open.kind === "p" ? line : `${open.parts.pop() ?? ""} ${line}`);
    else open = { kind: "p", parts: [line], first: "" };
  }
  close();
  return h("div", { class: "prose" }, blocks);
}

/** @param {string} text */
const inline = (text) => text.split(/\*\*(.+?)\*\*/).map((part, place) => (place % 2 ? h("strong", null, part) : part));
