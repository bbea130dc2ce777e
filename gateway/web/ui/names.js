/** Members' names, which answers leave out: asked for together, and kept while the page is open. */
import { h } from "./dom.js";
import { t } from "../texts/texts.js";

const AT_ONCE_MAX = 100;

/** @typedef {{id: string, handle: string, name: string}} Named */

export class Names {
  /** @type {Map<string, Named>} */
  #known = new Map();
  /** @type {Map<string, Set<(named: Named) => void>>} */
  #wanted = new Map();
  #isAsking = false;

  /** @param {import("../api/client.js").Client} client */
  constructor(client) {
    this.client = client;
  }

  /** @param {Named} named */
  know(named) {
    this.#known.set(named.id, named);
  }

  /** The name as text that fills in once it is known. @param {string | null} id null for one who is not named here */
  element(id) {
    const shown = h("bdi", { class: "name" }, id === null ? t("somebody") : "…");
    if (id !== null) this.ask(id, (named) => (shown.textContent = nameText(named)));
    return shown;
  }

  /** @param {string} id @param {(named: Named) => void} tell */
  ask(id, tell) {
    const known = this.#known.get(id);
    if (known) return tell(known);
    const waiting = this.#wanted.get(id) ?? new Set();
    this.#wanted.set(id, waiting.add(tell));
    if (this.#isAsking) return;
    this.#isAsking = true;
    queueMicrotask(() => void this.#askAll());
  }

  async #askAll() {
    this.#isAsking = false;
    const wanted = new Map(this.#wanted);
    this.#wanted.clear();
    const ids = [...wanted.keys()];
    for (let start = 0; start < ids.length; start += AT_ONCE_MAX) {
      const asked = ids.slice(start, start + AT_ONCE_MAX);
      const page = await this.client.get(`/v1/members?ids=${asked.join(",")}`).catch(() => ({ items: [] }));
      for (const named of page.items) this.know(named);
      for (const id of asked) {
        const named = this.#known.get(id) ?? { id, handle: "", name: t("somebody") };
        wanted.get(id)?.forEach((tell) => tell(named));
      }
    }
  }
}

/** @param {{handle: string, name: string}} named */
export const nameText = ({ name, handle }) => name || `@${handle}`;
