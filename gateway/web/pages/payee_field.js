/** Whom a payment is for: a member, found by the handle, or the common purse. */
import { h } from "../ui/dom.js";
import { nameText } from "../ui/names.js";
import { t } from "../texts/texts.js";
import { memberField, memberOf } from "./member_field.js";
import { accountOf, PURSE } from "./transfer.js";

/**
 * @typedef {{account: string, member: string | null, name: string}} Payee `member` is an id, null for the common purse; `name` as a sentence says it
 * @typedef {{element: HTMLElement, isPurse: () => boolean, read: () => Promise<Payee>}} PayeeField `read` raises Refused, Error
 */

/** @param {import("../app/context.js").Context} context @param {string} union @param {string} label @param {string} [handle] chosen already @returns {PayeeField} */
export function payeeField(context, union, label, handle = "") {
  const person = memberField(context, union, label, handle);
  const control = /** @type {HTMLInputElement} */ (person.querySelector("input"));
  const box = h("input", { type: "checkbox", name: "purse" });
  box.addEventListener("input", () => (person.hidden = control.disabled = box.checked));
  return {
    element: h("div", null, person, h("label", { class: "check" }, box, h("span", null, t("payee.purse")))),
    isPurse: () => box.checked,
    read: async () => {
      if (box.checked) return { account: PURSE, member: null, name: t("purse.named") };
      const member = await memberOf(context, control.value);
      return { account: accountOf(member.id), member: member.id, name: nameText(member) };
    },
  };
}
