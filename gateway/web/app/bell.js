/** How much happened that the member has not read, at every page's top. */
import { OF_ACCOUNT, OF_UNION } from "../api/live.js";
import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { t } from "../texts/texts.js";

const COUNTED_MAX = 99;

export class Bell {
  #count = h("span", { class: "count", hidden: true });
  element = h("a", { href: "/notices", class: "bell", "aria-label": t("notices") }, icon("notices"), this.#count);

  /** @param {import("../api/client.js").Client} client @param {import("../api/live.js").Live} live */
  constructor(client, live) {
    this.client = client;
    live.listen([OF_UNION, OF_ACCOUNT], () => this.look(), new AbortController().signal);
  }

  /** Ask anew; where nothing answers, what is shown stays. */
  look() {
    if (this.client.session.member === null) return;
    void this.client.get("/v1/me/notices?limit=1").then(({ unread_count }) => this.#show(unread_count), () => null);
  }

  /** @param {number} unread */
  #show(unread) {
    this.#count.hidden = unread === 0;
    this.#count.textContent = unread > COUNTED_MAX ? `${COUNTED_MAX}+` : String(unread);
    this.element.setAttribute("aria-label", unread === 0 ? t("notices") : t("notices.unread", { count: unread }));
  }
}
