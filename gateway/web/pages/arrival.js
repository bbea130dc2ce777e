/** What of an amount arrives with its payee, said below its field before it is sent. */
import { h } from "../ui/dom.js";
import { moneyOf, moneyText, NoAmount, readMoney } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { feeMinor, feeText, percentText } from "./fees.js";
import { parametersOf, tokenOf } from "./parameters.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("./parameters.js").Parameters} Parameters
 */

/** Nothing where payments have no fee. @param {Context} context @param {Shapes["UnionView"]} union @param {HTMLInputElement} control */
export function arrival({ client, live }, union, control) {
  const said = h("p", { class: "arrival", role: "status" });
  /** @type {Parameters | null} */
  let parameters = null;
  const say = () => (said.textContent = parameters && arrivalText(parameters, control.value));
  control.addEventListener("input", say);
  return LiveSection.of(
    {
      load: async (signal) => /** @type {Shapes["CharterView"]} */ (await client.get(pathOf(union.slug, "/charter"), { signal })),
      render: (charter) => {
        parameters = parametersOf(charter);
        say();
        return parameters.payment_fee_basis_points > 0 && said;
      },
      types: ["union"],
      live,
    },
    "inline",
  );
}

/** @param {Parameters} parameters @param {string} written */
function arrivalText(parameters, written) {
  const { payment_fee_basis_points } = parameters;
  const token = tokenOf(parameters);
  const minor = minorOf(written, token);
  if (minor === null) return t("fee.taken", { fee: feeText(payment_fee_basis_points, parameters) });
  const fee = feeMinor(payment_fee_basis_points, parameters, minor);
  return t("fee.arrives", { money: moneyText(moneyOf(minor - fee, token)), fee: moneyText(moneyOf(fee, token)), percent: percentText(payment_fee_basis_points) });
}

/** Null as long as it is no amount. @param {string} written @param {import("../ui/money.js").Token} token */
function minorOf(written, token) {
  try {
    return BigInt(readMoney(written, token).minor);
  } catch (error) {
    if (error instanceof NoAmount) return null;
    throw error;
  }
}
