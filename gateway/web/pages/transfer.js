/** The transfers that a member sends, each of them one intent. */
import { refusalText, THEIRS } from "../ui/refusal_text.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

/** How the common purse is named in a transfer. */
export const PURSE = "treasury";
/** Where money goes that is burnt. */
export const ISSUANCE = "issuance";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("../ui/sheet.js").OnWait} OnWait
 * @typedef {Omit<Shapes["TransferBody"], "id" | "linked" | "balancing_debit" | "balancing_credit" | "closing_debit">} Transfer
 */

/**
 * Posts the transfer of a form. Sent again, it is the same one; a refusal burns its id, and the next try has its own.
 * What it returns raises what was refused.
 * @param {Context} context @param {Shapes["UnionView"]} union
 */
export function posting({ client, session }, union) {
  let id = crypto.randomUUID();
  /** @param {Transfer} transfer @param {OnWait} onWait */
  return async (transfer, onWait) => {
    const answer = await client.send("POST", pathOf(union.slug, "/transfers"), { body: { transfers: [{ id, ...transfer }] }, act: true, isRepeatable: true, onWait });
    /** @type {Shapes["ResultView"]} */
    const told = answer.body.results[0];
    const result = told.first_result ?? told.result; // what was refused before an answer was lost
    if (result === "posted" || result === "exists") return;
    if (result.startsWith("exists_with_different")) throw new Error(t("result.exists_with_different"));
    id = crypto.randomUUID();
    const isOwn = transfer.debit_account === accountOf(session.member?.id);
    throw new Error(refusalText(result, isOwn ? "" : THEIRS));
  };
}

/** How a member's account is named in a transfer. @param {string | undefined} member id */
export const accountOf = (member) => `members/${member ?? ""}`;
