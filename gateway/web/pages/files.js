/** Files of an offer or an agreement: shown, opened, added and taken away. */
import { h } from "../ui/dom.js";
import { LiveSection } from "../ui/section.js";
import { actButton } from "../ui/sheet.js";
import { language, t } from "../texts/texts.js";

const NAME_MAX = 120;
export const IMAGES = "image/jpeg,image/png,image/webp";
const DOCUMENTS = `${IMAGES},application/pdf,text/plain`;

/**
 * @typedef {import("../app/context.js").Shapes["FileView"]} File
 * @typedef {import("../app/context.js").Context} Context
 *
 * @typedef {object} Parts
 * @property {string} path of the list
 * @property {readonly string[]} types of events after which it is read anew
 * @property {boolean} onlyImages
 * @property {boolean} mayAdd
 * @property {(file: File) => boolean} mayRemove
 * @property {string} [title] shown where there are files, or where one may be added
 * @property {string} [hint] what one may add
 */

/** @param {Context} context @param {Parts} parts */
export function files({ client, live }, { path, types, onlyImages, mayAdd, mayRemove, title, hint }) {
  const section = LiveSection.of({
    load: async (signal) => /** @type {{items: File[]}} */ (await client.get(path, { signal })).items,
    render: (items) => [
      title && (items.length > 0 || mayAdd) && h("h2", null, title),
      items.length > 0 && h("ul", { class: "files" }, items.map((file) => shown(file, remove(file)))),
      mayAdd && h("div", { class: "field" }, add(), hint && h("small", null, hint)),
    ],
    types,
    live,
  });
  /** @param {File} file */
  const remove = (file) =>
    mayRemove(file) &&
    actButton(t("file.remove"), async (onWait) => {
      await client.send("DELETE", `${path}/${file.digest}`, { onWait });
      await section.reload();
    }, { class: "quiet", "aria-label": t("file.remove-named", { name: nameOf(file) }) });
  const add = () => {
    const chooser = h("input", { type: "file", accept: onlyImages ? IMAGES : DOCUMENTS, multiple: true, hidden: true, "aria-hidden": "true", tabindex: -1 });
    const button = actButton(t(onlyImages ? "photo.add" : "file.add"), async (onWait) => {
      for (const file of await chosen(chooser)) {
        const content = new Uint8Array(await file.arrayBuffer());
        await client.send("PUT", `${path}/${await digestOf(content)}?name=${encodeURIComponent(nameSent(file))}`, { content, onWait });
        await section.reload();
      }
    });
    button.append(chooser);
    return button;
  };
  return section;
}

/** @param {File} file @param {HTMLElement | false} remove */
function shown(file, remove) {
  const name = h("bdi", null, nameOf(file));
  if (file.width === null || file.height === null) {
    return h("li", null, h("a", { href: file.link, download: nameOf(file) }, name), h("small", null, sizeText(file.size_bytes)), remove);
  }
  const picture = h("img", { src: file.link, alt: nameOf(file), width: file.width, height: file.height, loading: "lazy" });
  return h("li", { class: "photo" }, h("a", { href: file.link, target: "_blank" }, picture), remove);
}

/** @param {File} file */
const nameOf = (file) => file.name || t("file");

/** @param {number} bytes */
function sizeText(bytes) {
  /** @type {[string, number]} */
  const [unit, size] = bytes < 1_000 ? ["byte", 1] : bytes < 1_000_000 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / size);
}

/** On one line, as long as a name may be: its end, where its kind is. @param {globalThis.File} file */
const nameSent = (file) => [...file.name.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, " ")].slice(-NAME_MAX).join("");

/** What the member chooses; nothing where they think better of it. @param {HTMLInputElement} chooser @returns {Promise<globalThis.File[]>} */
export function chosen(chooser) {
  return new Promise((resolve) => {
    chooser.addEventListener("change", () => resolve([...(chooser.files ?? [])]), { once: true });
    chooser.addEventListener("cancel", () => resolve([]), { once: true });
    chooser.click();
  });
}

/** SHA-256 in hexadecimal. @param {Uint8Array<ArrayBuffer>} content */
export async function digestOf(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
