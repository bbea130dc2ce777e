/** Paying a member or the common purse, at once, or a member by an amount that is reserved for them. */
import { h } from "../ui/dom.js";
import { amount, choice, field, line, written } from "../ui/fields.js";
import { readMoney } from "../ui/money.js";
import { openForm } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { arrival } from "./arrival.js";
import { payeeField } from "./payee_field.js";
import { accountOf, posting } from "./transfer.js";

const AT_ONCE = "0";
const RESERVED_DAYS = [1, 2, 3, 4, 5, 6, 7];
const DAY_SECONDS = 86_400;

/**
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("../app/context.js").Shapes} Shapes
 */

/** @param {Context} context @param {Shapes["UnionView"]} union @param {() => void} changed @param {string} [handle] @param {string} [value] */
export function send(context, union, changed, handle = "", value = "") {
  const post = posting(context, union);
  const to = payeeField(context, union.slug, t("pay.to"), handle);
  const much = amount("amount", union.token, { value });
  const when = choice("days", [[AT_ONCE, t("pay.at-once")], ...RESERVED_DAYS.map(reservedFor)], AT_ONCE);
  const words = h("span", null, t("pay.send"));
  const say = () => (words.textContent = t(isAtOnce(when.value) ? "pay.send" : "pay.reserve"));
  when.addEventListener("change", say);
  to.element.addEventListener("input", () => {
    when.disabled = to.isPurse(); // nothing is reserved for the common purse
    if (when.disabled) when.value = AT_ONCE;
    say();
  });
  openForm({
    title: t("pay.send"),
    content: [
      to.element,
      field(t("pay.amount", { token: union.token.symbol }), much),
      arrival(context, union, much, { payee: to }),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
      field(t("pay.when"), when, t("pay.when-hint")),
    ],
    submit: words,
    run: async (values, onWait) => {
      const payee = await to.read();
      const memo = written(values, "memo");
      const days = written(values, "days") || AT_ONCE;
      const transfer = {
        debit_account: accountOf(context.session.member?.id),
        credit_account: payee.account,
        ...readMoney(written(values, "amount"), union.token),
        ...(isAtOnce(days) ? { code: "pay" } : { code: "hold", timeout_seconds: Number(days) * DAY_SECONDS }),
        ...(memo ? { memo } : {}),
      };
      await post(transfer, onWait);
      toast(t(isAtOnce(days) ? "pay.sent" : "pay.reserved", { amount: written(values, "amount"), token: union.token.symbol, name: payee.name }));
      changed();
    },
  });
}

/** @param {string} days */
const isAtOnce = (days) => days === AT_ONCE;

/** @param {number} days @returns {[string, string]} */
const reservedFor = (days) => [String(days), t("pay.reserve-for", { count: days })];
