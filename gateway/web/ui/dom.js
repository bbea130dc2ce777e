/** Elements are built, never parsed: whatever a member wrote can only become text. */

const SVG = "http://www.w3.org/2000/svg";
const SAFE_LINK = /^(?:\/(?!\/)|#|https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/])/;

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Properties attributes by name; `on...` are listeners; true is an empty attribute
 */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Properties | null} [properties] @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, properties, ...children) {
  const element = document.createElement(name);
  setAll(element, properties ?? {});
  element.append(...nodes(children));
  return element;
}

/** @param {string} name @param {Properties} properties @param {...Child} children @returns {SVGElement} */
export function svg(name, properties, ...children) {
  const element = document.createElementNS(SVG, name);
  setAll(element, properties);
  element.append(...nodes(children));
  return element;
}

/** @param {(Child | Child[])[]} children */
function nodes(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** @param {Element} element @param {Properties} properties */
function setAll(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name === "href") {
      element.setAttribute(name, SAFE_LINK.test(String(value)) ? String(value) : "#");
    } else if (name === "value") {
      /** @type {HTMLInputElement} */ (element).value = String(value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/** The one element of this selector; it is there. @param {string} selector @returns {HTMLElement} */
export function the(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`nothing is ${selector}`);
  return found;
}
