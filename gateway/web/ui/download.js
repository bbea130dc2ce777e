/** Keep what is shown as a file. */
import { h } from "./dom.js";

const FORGET_MS = 60_000;

/** @param {string} name of the file @param {Blob} blob */
export function download(name, blob) {
  const href = URL.createObjectURL(blob);
  Object.assign(h("a", { download: name }), { href }).click(); // `h` itself makes no link to a blob
  setTimeout(() => URL.revokeObjectURL(href), FORGET_MS);
}
