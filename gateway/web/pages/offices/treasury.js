/** What was paid from the common purse, for who may see it; and paying from it, for who may. */
import { h } from "../../ui/dom.js";
import { amount, field, line, written } from "../../ui/fields.js";
import { moneyElement, readMoney } from "../../ui/money.js";
import { more } from "../../ui/more.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { memberField, namedMember } from "../member_field.js";
import { accountOf } from "../transfer.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** @param {Context} context @param {Union} union @param {boolean} spends whether I may pay @param {() => void} changed */
export function treasury(context, union, spends, changed) {
  const { client, names, live } = context;
  return h(
    "section",
    null,
    h("h2", null, t("treasury")),
    spends && actButton(t("treasury.pay"), async () => pay(context, union, changed), { "data-key": "pay from the treasury" }),
    more({
      read: (cursor, signal) => client.get(pathOf(union.slug, `/treasury-payments?limit=20${cursor}`), { signal }),
      item: (/** @type {Shapes["TreasuryPaymentView"]} */ { officer_id, payee_id, payee_kind, amount: paid, paid_at }) =>
        h("li", null, payee_kind === "business" ? t("business-account.a") : names.element(payee_id), moneyElement(paid), h("span", { class: "faint" }, t("treasury.by"), " ", names.element(officer_id), " · ", dayElement(paid_at))),
      none: t("treasury.none"),
      types: ["transfer.posted"],
      live,
    }),
  );
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
function pay(context, union, changed) {
  const id = crypto.randomUUID();
  openForm({
    title: t("treasury.pay"),
    content: [
      h("p", null, t("treasury.pay-text")),
      memberField(context, union.slug, t("treasury.whom")),
      field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
    ],
    submit: t("treasury.pay"),
    run: async (values, onWait) => {
      const payee = await namedMember(context, values);
      const memo = written(values, "memo");
      const body = { account: accountOf(payee.id), amount: readMoney(written(values, "amount"), union.token), ...(memo ? { memo } : {}) };
      const answer = await context.client.send("PUT", pathOf(union.slug, `/treasury-payments/${id}`), { body, act: true, onWait });
      const { result } = /** @type {Shapes["PaymentResultView"]} */ (answer.body);
      if (result !== "posted" && result !== "exists") throw new Error(t("treasury.refused", { result }));
      toast(t("treasury.paid", { amount: written(values, "amount"), token: union.token.symbol }));
      changed();
    },
  });
}
