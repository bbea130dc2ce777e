import { h, the } from "./dom.js";

const SHOWN_MS = 5_000;

/** Say briefly what has happened. @param {string} text */
export function toast(text) {
  const said = h("p", { class: "toast" }, text);
  the("#said").replaceChildren(said);
  setTimeout(() => said.remove(), SHOWN_MS);
}
