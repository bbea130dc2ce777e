/** What stands around every page: whose house it is, the ways within a union, and who is signed in. */
import { h, the } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { signInPath } from "../ui/router.js";
import { t } from "../texts/texts.js";
import { pageOf } from "./unions.js";

/** @type {import("../ui/icons.js").IconName[]} */
const WAYS = ["home", "leaders", "work", "pay", "fund", "rules"];
const HUES = 360;

/** @typedef {import("./context.js").Context} Context */

/** @param {Pick<Context, "session" | "unions" | "bell">} context @param {import("../ui/router.js").Place | null} place */
export function showFrame({ session, unions, bell }, place) {
  const union = place?.params.union;
  const brand = /** @type {HTMLAnchorElement} */ (the(".brand"));
  brand.textContent = "Guildhall";
  brand.href = "/";
  if (union !== undefined && place?.name !== "union" && place?.name !== "home") {
    unions.of(union).then(({ name, slug }) => {
      if (location.pathname !== place?.url.pathname) return;
      brand.textContent = name;
      brand.href = pageOf(slug, "/home");
    }, () => null);
  }
  const inside = union !== undefined && session.member !== null;
  document.body.classList.toggle("inside", inside);
  the("#ways").replaceChildren(...(inside ? WAYS.map((way) => wayTo(union, way, place?.url.pathname ?? "")) : []));
  const isHere = place?.name === "me" || place?.name === "sign-in";
  const account = session.member
    ? h("a", { href: "/me", "aria-current": isHere ? "page" : null }, icon("me"), h("span", null, t("way.me")))
    : h("a", { href: place?.name === "sign-in" ? place.url.pathname + place.url.search : signInPath(), "aria-current": isHere ? "page" : null }, t("sign-in"));
  the("#account").replaceChildren(...(session.member ? [bell.element] : []), account);
  if (place?.name === "notices") bell.element.setAttribute("aria-current", "page");
  else bell.element.removeAttribute("aria-current");
  bell.look();
}

/** @param {string} union @param {import("../ui/icons.js").IconName} way @param {string} path */
function wayTo(union, way, path) {
  const href = pageOf(union, `/${way}`);
  const isHere = path === href || path.startsWith(`${href}/`) || (way === "work" && path.includes("/agreements/"));
  return h("a", { href, "aria-current": isHere ? "page" : null }, icon(way), h("span", null, t(`way.${way}`)));
}

/** What the server wrote around the page, in the reader's language; a skip moves the focus and leaves the page as it is. */
export function nameFrame() {
  the("#ways").setAttribute("aria-label", t("ways"));
  const skip = the(".skip");
  const main = the("main");
  skip.textContent = t("skip");
  main.tabIndex = -1;
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
}

/** A union's accent is a hue of its own, drawn from its id. @param {string | null} unionId */
export function colour(unionId) {
  const root = document.documentElement;
  if (unionId === null) root.style.removeProperty("--hue");
  else root.style.setProperty("--hue", String(Number.parseInt(unionId.slice(-6), 16) % HUES));
}
