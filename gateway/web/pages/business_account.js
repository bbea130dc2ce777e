/** The accounts of businesses in which I hold a right: what they have, what came and went, and paying from them. */
import { h } from "../ui/dom.js";
import { amount, field, line, written } from "../ui/fields.js";
import { readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { balanceOf } from "./balance.js";
import { businessPage } from "./businesses/businesses.js";
import { payeeField } from "./payee_field.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["BusinessAccountView"] & {name: string}} BusinessAccount
 */

/** More than one member has shares or posts in. */
const MINE_MAX = 200;

/** @param {Context} context @param {Union} union @param {(account: string) => HTMLElement} statement the lines of an account */
export const businessAccounts = (context, union, statement) => folded(h("h2", null, t("business-account.title")), () => accounts(context, union, statement));

/** @param {Context} context @param {Union} union @param {(account: string) => HTMLElement} statement */
function accounts(context, union, statement) {
  const list = more({
    read: async (cursor, signal) => named(context, union, await context.client.get(pathOf(union.slug, `/business-accounts?limit=20${cursor}`), { signal }), signal),
    item: (/** @type {BusinessAccount} */ account) =>
      h(
        "li",
        { class: "card" },
        h("h3", null, h("a", { href: businessPage(union, account.owner_id ?? "") }, h("bdi", null, account.name))),
        balanceOf(context, union, account),
        account.closed && h("p", { class: "faint" }, t("business-account.closed")),
        account.spends && actButton(t("business-account.pay"), async () => pay(context, union, account, () => void list.reload()), { "data-key": `pay from ${account.id}` }),
        folded(t("pay.statement"), () => statement(account.id)),
      ),
    none: t("business-account.none"),
    types: ["transfer.posted"],
    live: context.live,
  });
  return list;
}

/**
 * The ledger knows no names: identity does. A name that does not come leaves the account as it is.
 * @param {Context} context @param {Union} union @param {{items: Shapes["BusinessAccountView"][], next_cursor: string | null}} page @param {AbortSignal} signal
 */
async function named({ client }, union, page, signal) {
  const path = pathOf(union.slug, "/businesses?mine=true&limit=100");
  /** @type {Shapes["BusinessLine"][]} */
  const mine = page.items.length === 0 ? [] : await client.all(path, MINE_MAX, { signal }).catch(() => []);
  const names = new Map(mine.map(({ id, name }) => [id, name]));
  return { ...page, items: page.items.map((account) => ({ ...account, name: names.get(account.owner_id ?? "") ?? t("business-account.a") })) };
}

/** What is made when it is opened first. @param {import("../ui/dom.js").Child} title @param {() => HTMLElement} content */
function folded(title, content) {
  const place = h("details", { class: "folded" }, h("summary", null, title));
  place.addEventListener("toggle", () => place.append(content()), { once: true });
  return place;
}

/** @param {Context} context @param {Union} union @param {BusinessAccount} account @param {() => void} changed */
function pay(context, union, account, changed) {
  const id = crypto.randomUUID();
  const to = payeeField(context, union.slug, t("pay.to"));
  openForm({
    title: t("business-account.pay"),
    content: [
      h("p", null, t("business-account.pay-text")),
      to.element,
      field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
    ],
    submit: t("business-account.pay"),
    run: async (values, onWait) => {
      const payee = await to.read();
      const memo = written(values, "memo");
      const body = { business_id: account.owner_id, account: payee.account, amount: readMoney(written(values, "amount"), union.token), ...(memo ? { memo } : {}) };
      const answer = await context.client.send("PUT", pathOf(union.slug, `/business-payments/${id}`), { body, act: true, onWait });
      const { result } = /** @type {Shapes["PaymentResultView"]} */ (answer.body);
      if (result !== "posted" && result !== "exists") throw new Error(t("business-account.refused", { result }));
      toast(t("pay.sent", { amount: written(values, "amount"), token: union.token.symbol, name: payee.name }));
      changed();
    },
  });
}
