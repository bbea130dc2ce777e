/** One amount gathered from several accounts or split among several: sent as one intent, and told part by part. */
import { h } from "../ui/dom.js";
import { moneyElement, moneyOf } from "../ui/money.js";
import { refusalText } from "../ui/refusal_text.js";
import { openSheet } from "../ui/sheet.js";
import { pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("../ui/sheet.js").OnWait} OnWait
 * @typedef {Omit<Shapes["AllotmentBody"], "code">} Allotment of payments
 * @typedef {Shapes["PartView"]} Part
 */

/** The allotment of a form. Sent again, it is the same one; a refusal burns its id, and the next try has its own. */
export class Allotting {
  #id = crypto.randomUUID();

  /** @param {Context} context @param {Shapes["UnionView"]} union @param {string} whose the variant of what a refusal says */
  constructor({ client }, union, whose = "") {
    this.client = client;
    this.union = union;
    this.whose = whose;
  }

  get id() {
    return this.#id;
  }

  /** What was moved. Raises what was refused. @param {Allotment} allotment @param {OnWait} onWait @returns {Promise<Part[]>} */
  async send(allotment, onWait) {
    const body = { code: "pay", ...allotment };
    const answer = await this.client.send("PUT", pathOf(this.union.slug, `/allotments/${this.#id}`), { body, act: true, onWait });
    /** @type {Shapes["AllotmentView"]} */
    const told = answer.body;
    const result = told.first_result ?? told.result; // what was refused before an answer was lost
    if (result === "posted" || result === "exists") return told.parts;
    this.#id = crypto.randomUUID();
    throw new Error(refusalText(result, this.whose));
  }
}

/**
 * Account by account, in the order of the parts.
 * @param {string} title @param {Part[]} parts @param {"debit_account" | "credit_account"} side @param {(account: string) => import("../ui/dom.js").Child} nameOf
 * @param {import("../ui/money.js").Token} token @param {import("../ui/dom.js").Child} [below]
 */
export function tellParts(title, parts, side, nameOf, token, below) {
  /** @type {Map<string, bigint>} */
  const sums = new Map();
  for (const part of parts) sums.set(part[side], (sums.get(part[side]) ?? 0n) + BigInt(part.amount.minor));
  const lines = [...sums].map(([account, minor]) => h("li", null, h("span", null, nameOf(account)), moneyElement(moneyOf(minor, token))));
  openSheet(title, [h("ul", { class: "rows parts" }, lines), below]);
}
