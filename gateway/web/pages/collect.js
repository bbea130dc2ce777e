/** Taking one amount from several members at once, by the mandates that they gave. */
import { h } from "../ui/dom.js";
import { amount, field, line, written } from "../ui/fields.js";
import { moneyOf, moneyText, readMoney } from "../ui/money.js";
import { OF_SEVERAL } from "../ui/refusal_text.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { Allotting, tellParts } from "./allotment.js";
import { arrivesText, feeMinor, feeText, NOTHING, takesFee } from "./fees.js";
import { readParameters } from "./parameters.js";
import { accountOf } from "./transfer.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["MandateView"]} Mandate
 * @typedef {import("./parameters.js").Parameters} Parameters
 */

/** Nothing where fewer than two members let one take. @param {Context} context @param {Union} union @param {Mandate[]} received @param {() => void} changed */
export function collecting(context, union, received, changed) {
  const usable = received.filter(({ state, left }) => state === "active" && left.minor !== "0");
  if (new Set(usable.map(({ payer_id }) => payer_id)).size < 2) return null;
  return actButton(t("collect"), async () => collect(context, union, usable, changed));
}

/** @param {Context} context @param {Union} union @param {Mandate[]} mandates @param {() => void} changed */
function collect(context, union, mandates, changed) {
  const { token } = union;
  const allotting = new Allotting(context, union, OF_SEVERAL);
  const inAll = mandates.reduce((sum, { left }) => sum + BigInt(left.minor), 0n);
  const caps = mandates.map(() => amount("most", token, { required: false }));
  /** @type {Parameters | null} */
  let parameters = null;
  openForm({
    title: t("collect"),
    content: [
      h("p", null, t("collect.text", { money: moneyText(moneyOf(inAll, token)) })),
      field(t("pay.amount", { token: token.symbol }), amount("amount", token)),
      h("p", { class: "faint" }, t("collect.most-text")),
      mandates.map(({ payer_id, left }, place) =>
        h("fieldset", null, h("legend", null, context.names.element(payer_id)), h("p", { class: "faint" }, t("mandate.left"), " ", moneyText(left)), field(t("mandate.how-many", { token: token.symbol }), caps[place] ?? amount("most", token))),
      ),
      LiveSection.of(
        {
          load: (signal) => readParameters(context, union, signal),
          render: (read) => {
            parameters = read;
            return takesFee(read.payment_fee_basis_points, read) && h("p", { class: "faint" }, t("fee.taken", { fee: feeText(read.payment_fee_basis_points, read) }));
          },
        },
        "inline",
      ),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint-many")),
    ].flat(),
    submit: t("collect"),
    run: async (values, onWait) => {
      const memo = written(values, "memo");
      const sources = mandates.flatMap(({ id, payer_id }, place) => sourceOf(id, payer_id, caps[place]?.value.trim() ?? "", token));
      if (sources.length === 0) throw new Error(t("collect.nobody"));
      const allotment = {
        amount: readMoney(written(values, "amount"), token),
        sources,
        destinations: [{ account: accountOf(context.session.member?.id), shares: 1 }],
        ...(memo ? { memo } : {}),
      };
      const parts = await allotting.send(allotment, onWait);
      const payers = new Map(mandates.map(({ debit_account, payer_id }) => [debit_account, payer_id]));
      tellParts(t("collect.done"), parts, "debit_account", (account) => context.names.element(payers.get(account) ?? null), token, feesText(parts, parameters));
      changed();
    },
  });
}

/** Nobody, where nothing is to be taken from them. @param {string} mandate id @param {string} payer id @param {string} most as it was written @param {import("../ui/money.js").Token} token */
function sourceOf(mandate, payer, most, token) {
  if (NOTHING.test(most)) return [];
  return [{ account: accountOf(payer), mandate_id: mandate, ...(most ? { max: readMoney(most, token) } : {}) }];
}

/** Each part has a fee of its own. @param {Shapes["PartView"][]} parts @param {Parameters | null} parameters */
function feesText(parts, parameters) {
  if (parameters === null || !takesFee(parameters.payment_fee_basis_points, parameters)) return null;
  const { payment_fee_basis_points } = parameters;
  const minors = parts.map(({ amount }) => BigInt(amount.minor));
  const fee = minors.reduce((sum, minor) => sum + feeMinor(payment_fee_basis_points, parameters, minor), 0n);
  return h("p", null, arrivesText(payment_fee_basis_points, parameters, minors.reduce((sum, minor) => sum + minor, 0n), fee));
}
