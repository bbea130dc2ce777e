/** Paying a business from one's own account. */
import { h } from "../../ui/dom.js";
import { amount, field, line, written } from "../../ui/fields.js";
import { readMoney } from "../../ui/money.js";
import { openForm } from "../../ui/sheet.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";
import { accountOf, posting } from "../transfer.js";

/** @param {import("./business.js").Shown} shown */
export function payBusiness({ context, union, business }) {
  const post = posting(context, union);
  openForm({
    title: t("business.pay"),
    content: [
      h("p", null, h("bdi", null, business.name)),
      field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("business.pay-hint")),
    ],
    submit: t("business.pay"),
    run: async (values, onWait) => {
      const memo = written(values, "memo");
      const transfer = {
        debit_account: accountOf(context.session.member?.id),
        credit_account: `businesses/${business.id}`,
        ...readMoney(written(values, "amount"), union.token),
        code: "pay",
        ...(memo ? { memo } : {}),
      };
      await post(transfer, onWait);
      toast(t("pay.sent", { amount: written(values, "amount"), token: union.token.symbol, name: business.name }));
    },
  });
}
