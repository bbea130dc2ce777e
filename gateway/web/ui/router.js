/** Addresses and pages: a link within the page changes it without loading it anew. */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {Record<string, string>} params
 * @property {URL} url
 */

/** `:name` takes one segment. @type {[string, string][]} */
const ROUTES = [
  ["/", "directory"],
  ["/found", "found"],
  ["/sign-in", "sign-in"],
  ["/recover", "recover"],
  ["/me", "me"],
  ["/notices", "notices"],
  ["/operators", "operators"],
  ["/unsubscribe/:token", "unsubscribe"],
  ["/unions/:union", "union"],
  ["/unions/:union/home", "home"],
  ["/unions/:union/leaders", "leaders"],
  ["/unions/:union/leaders/:member", "leader"],
  ["/unions/:union/work", "work"],
  ["/unions/:union/work/:offer", "offer"],
  ["/unions/:union/agreements/:agreement", "agreement"],
  ["/unions/:union/pay", "pay"],
  ["/unions/:union/fund", "fund"],
  ["/unions/:union/fund/:project", "project"],
  ["/unions/:union/rules", "rules"],
];

/** Null where the page has no such address. @param {URL} url @returns {Place | null} */
export function placeOf(url) {
  const parts = url.pathname.split("/");
  for (const [pattern, name] of ROUTES) {
    const wanted = pattern.split("/");
    if (wanted.length !== parts.length) continue;
    /** @type {Record<string, string>} */
    const params = {};
    const fits = wanted.every((segment, place) => {
      const part = parts[place] ?? "";
      if (!segment.startsWith(":")) return segment === part;
      params[segment.slice(1)] = decoded(part);
      return part !== "";
    });
    if (fits) return { name, params, url };
  }
  return null;
}

/** Where one signs in to come back to where one is. */
export const signInPath = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`;

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export class Router {
  /** @param {(place: Place | null, isFirst: boolean) => void} show */
  constructor(show) {
    this.show = show;
    document.addEventListener("click", (event) => this.#follow(event));
    window.addEventListener("popstate", () => this.#arrive(false));
  }

  start() {
    this.#arrive(true);
  }

  place() {
    return placeOf(new URL(location.href));
  }

  /** @param {string} path @param {{replace?: boolean}} [how] */
  go(path, { replace = false } = {}) {
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    window.scrollTo(0, 0);
    this.#arrive(false);
  }

  /** @param {boolean} isFirst */
  #arrive(isFirst) {
    this.show(this.place(), isFirst);
  }

  /** @param {MouseEvent} event */
  #follow(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.download || link.origin !== location.origin) return;
    if (placeOf(new URL(link.href)) === null || (link.pathname === location.pathname && link.hash)) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  }
}
