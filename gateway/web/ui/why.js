/** "Why?" beside every computed figure: what it counts, and its parts where there are some. */
import { h } from "./dom.js";
import { t } from "../texts/texts.js";

/** @param {import("./dom.js").Child | import("./dom.js").Child[]} explanation @param {string} [of] what is explained, for screen readers */
export const why = (explanation, of) =>
  h("details", { class: "why" }, h("summary", { "aria-label": of ? `${t("why")} ${of}` : null }, t("why")), h("div", null, explanation));

/** One that is made when it is opened. @param {() => import("./dom.js").Child} make @param {string} [of] */
export function lateWhy(make, of) {
  const place = h("div");
  const details = why(place, of);
  details.addEventListener("toggle", () => {
    if (details.open && !place.hasChildNodes()) place.append(...[make()].filter((child) => child instanceof Node));
  });
  return details;
}

/** @param {string} label @param {import("./dom.js").Child} value @param {import("./dom.js").Child} [explained] */
export const figure = (label, value, explained) =>
  h("div", { class: "figure" }, h("dt", null, label), h("dd", null, value, explained));
