/** A sheet over the page: the one place where a member fills in and confirms something. */
import { Refused, Unreachable } from "../api/problem.js";
import { h } from "./dom.js";
import { problemText } from "./problem_text.js";
import { t } from "../texts/texts.js";

/**
 * @typedef {import("./dom.js").Child} Child
 * @typedef {(wait: import("../api/client.js").Wait) => void} OnWait
 *
 * @typedef {object} FormParts
 * @property {string} title
 * @property {Child | Child[]} content fields, and what is said about them
 * @property {Child} submit the words on the button
 * @property {(values: FormData, onWait: OnWait) => Promise<unknown>} run raises what went wrong
 * @property {boolean} [dangerous]
 */

/** @param {string} title @param {Child | Child[]} content @returns {HTMLDialogElement} open */
export function openSheet(title, content) {
  const close = h("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => sheet.close() }, "×");
  const heading = h("h2", { id: `sheet-${crypto.randomUUID()}` }, title);
  const sheet = h("dialog", { class: "sheet", "aria-labelledby": heading.id }, h("header", null, heading, close), content);
  sheet.addEventListener("close", () => sheet.remove());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet && !sheet.querySelector("form")) sheet.close();
  });
  document.body.append(sheet);
  sheet.showModal();
  return sheet;
}

/** A sheet with a form. It closes when `run` is through; what went wrong is said in it. @param {FormParts} parts */
export function openForm({ title, content, submit, run, dangerous = false }) {
  const form = actForm(content, submit, async (values, onWait) => {
    await run(values, onWait);
    sheet.close();
  });
  if (dangerous) form.classList.add("dangerous");
  form.querySelector("footer")?.prepend(h("button", { type: "button", class: "quiet", onclick: () => sheet.close() }, t("cancel")));
  const sheet = openSheet(title, form);
  return sheet;
}

/**
 * A form whose one button runs once at a time and says what is going on.
 * @param {Child | Child[]} content @param {Child} submit the words on the button @param {(values: FormData, onWait: OnWait) => Promise<unknown>} run
 */
export function actForm(content, submit, run) {
  const status = h("p", { class: "status", role: "status" });
  const button = h("button", { class: "main" }, submit);
  const form = h("form", { novalidate: true, class: "act" }, content, status, h("footer", null, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    void running(button, status, (onWait) => run(new FormData(form), onWait));
  });
  return form;
}

/** A button that acts. @param {string} words @param {(onWait: OnWait) => Promise<unknown>} run @param {import("./dom.js").Properties} [properties] */
export function actButton(words, run, properties = {}) {
  const status = h("span", { class: "status", role: "status" });
  const button = h("button", { type: "button", "data-key": words, ...properties }, words);
  button.addEventListener("click", () => void running(button, status, run));
  return h("span", { class: "acting" }, button, status);
}

/** @param {HTMLButtonElement} button @param {HTMLElement} status @param {(onWait: OnWait) => Promise<unknown>} run */
async function running(button, status, run) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  status.classList.remove("wrong");
  const late = setTimeout(() => (status.textContent = t("sending")), 300);
  try {
    await run((wait) => (status.textContent = waitText(wait)));
    status.textContent = "";
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) {
      status.classList.add("wrong");
      status.textContent = [problemText(error), isOpen(error) && t("unanswered")].filter(Boolean).join(" ");
    }
  } finally {
    clearTimeout(late);
    if (status.textContent === t("sending")) status.textContent = "";
    button.removeAttribute("aria-disabled");
  }
}

/** Whether it may yet have had its effect. @param {unknown} error */
const isOpen = (error) => error instanceof Unreachable || (error instanceof Refused && error.asksToRepeat);

/** @param {import("../api/client.js").Wait} wait */
const waitText = ({ why, seconds }) => t(`waiting.${why}`, { seconds });
