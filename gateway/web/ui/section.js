/** A part of a page that reads its own data, says when it cannot, and changes by itself when something happens. */
import { Refused, Unreachable } from "../api/problem.js";
import { SignedOut } from "../api/session.js";
import { h } from "./dom.js";
import { problemText } from "./problem_text.js";
import { signInPath } from "./router.js";
import { t } from "../texts/texts.js";

const TOGETHER_MS = 150;
const SPOKEN_AFTER_MS = 250;
const FIRST_PAUSE_MS = 2_000;
const PAUSE_MAX_MS = 30_000;

/**
 * @template T
 * @typedef {object} SectionParts
 * @property {(signal: AbortSignal) => Promise<T>} load
 * @property {(data: T) => import("./dom.js").Child | import("./dom.js").Child[]} render
 * @property {readonly string[]} [types] of events after which it is read anew
 * @property {import("../api/live.js").Live} [live]
 */

export class LiveSection extends HTMLElement {
  /** @type {SectionParts<any> | null} */
  #parts = null;
  #gone = new AbortController();
  #shown = "";
  #asked = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #tellRead = () => {};
  /** Fulfilled once it and what is within it have shown something, or said why not. @type {Promise<void>} */
  read = new Promise((resolve) => (this.#tellRead = resolve));

  /** @template T @param {SectionParts<T>} parts @param {string} [className] */
  static of(parts, className) {
    const section = /** @type {LiveSection} */ (document.createElement("live-section"));
    section.#parts = parts;
    if (className) section.className = className;
    return section;
  }

  connectedCallback() {
    const parts = this.#parts;
    if (parts === null) return;
    this.#gone = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.reload(), TOGETHER_MS);
    };
    parts.live?.listen(parts.types ?? [], heard, this.#gone.signal);
    this.#gone.signal.addEventListener("abort", () => clearTimeout(timer));
    window.addEventListener("online", heard, { signal: this.#gone.signal });
    void this.reload();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** Read anew; what is shown stays until the answer is there. */
  async reload() {
    const parts = this.#parts;
    if (parts === null) return;
    const asked = ++this.#asked;
    const { signal } = this.#gone;
    const waiting = setTimeout(() => {
      if (!this.hasChildNodes()) this.replaceChildren(h("p", { class: "faint waiting", role: "status" }, t("reading")));
    }, SPOKEN_AFTER_MS);
    this.setAttribute("aria-busy", "true");
    try {
      const data = await parts.load(signal);
      if (asked !== this.#asked || signal.aborted) return;
      this.#pauseMs = FIRST_PAUSE_MS;
      this.querySelector(":scope > .problem[role=alert]")?.remove();
      const text = JSON.stringify(data);
      if (text !== this.#shown) {
        this.#shown = text;
        this.#show(parts.render(data));
      }
    } catch (error) {
      if (asked === this.#asked && !signal.aborted) this.#fail(error);
    } finally {
      clearTimeout(waiting);
      if (asked === this.#asked) this.removeAttribute("aria-busy");
      const within = /** @type {LiveSection[]} */ ([...this.querySelectorAll("live-section")]);
      void Promise.all(within.map((section) => section.read)).then(() => this.#tellRead());
    }
  }

  /** Focus stays on the control of the same key. @param {import("./dom.js").Child | import("./dom.js").Child[]} made */
  #show(made) {
    const focused = this.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.key : undefined;
    const whole = h("div", null, made);
    this.replaceChildren(...whole.childNodes);
    if (focused) /** @type {HTMLElement | null} */ (this.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  }

  /** What is shown stays, under what went wrong; what passes by waiting is asked for again. @param {unknown} error */
  #fail(error) {
    const signsIn = error instanceof SignedOut || (error instanceof Refused && error.status === 401);
    const again = signsIn
      ? h("a", { class: "main", href: signInPath() }, t("sign-in"))
      : h("button", { type: "button", onclick: () => void this.reload() }, t("again"));
    const told = h("div", { class: "problem", role: "alert" }, h("p", null, problemText(error)), again);
    this.querySelector(":scope > .problem[role=alert]")?.remove();
    if (this.#shown) this.prepend(told);
    else this.replaceChildren(told);
    if (!(error instanceof Unreachable || (error instanceof Refused && error.asksToRepeat))) return;
    const timer = setTimeout(() => void this.reload(), this.#pauseMs);
    this.#gone.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    this.#pauseMs = Math.min(PAUSE_MAX_MS, this.#pauseMs * 2);
  }
}

customElements.define("live-section", LiveSection);
