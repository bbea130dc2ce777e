/** Burning money of one's own: it leaves the union's money for ever. */
import { h } from "../ui/dom.js";
import { amount, field, written } from "../ui/fields.js";
import { readMoney } from "../ui/money.js";
import { actButton, openForm } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { accountOf, ISSUANCE, posting } from "./transfer.js";

/** @param {import("../app/context.js").Context} context @param {import("../app/context.js").Shapes["UnionView"]} union @param {() => void} changed */
export const burning = (context, union, changed) =>
  actButton(t("burn"), async () => {
    const post = posting(context, union);
    openForm({
      title: t("burn"),
      content: [
        h("p", null, t("burn.text")),
        field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)),
        h("label", { class: "check" }, h("input", { type: "checkbox", name: "sure", required: true }), h("span", null, t("burn.sure"))),
      ],
      submit: t("burn.act"),
      dangerous: true,
      run: async (values, onWait) => {
        const transfer = { debit_account: accountOf(context.session.member?.id), credit_account: ISSUANCE, ...readMoney(written(values, "amount"), union.token), code: "burn" };
        await post(transfer, onWait);
        toast(t("burn.done", { amount: written(values, "amount"), token: union.token.symbol }));
        changed();
      },
    });
  }, { class: "quiet" });
