/** What of an amount arrives with its payee, said below its field before it is sent. */
import { h } from "../ui/dom.js";
import { NoAmount, readMoney } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { t } from "../texts/texts.js";
import { arrivesText, feeText, takesFee } from "./fees.js";
import { readParameters, tokenOf } from "./parameters.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("./parameters.js").Parameters} Parameters
 */

/**
 * Nothing where there is no fee.
 * @param {Context} context @param {Shapes["UnionView"]} union @param {HTMLInputElement} control
 * @param {{fee?: "payment_fee_basis_points" | "work_fee_basis_points", payee?: import("./payee_field.js").PayeeField}} [how] the common purse is paid without a fee
 */
export function arrival(context, union, control, { fee = "payment_fee_basis_points", payee } = {}) {
  const said = h("p", { class: "arrival", role: "status" });
  /** @type {Parameters | null} */
  let parameters = null;
  const say = () => (said.textContent = parameters && !payee?.isPurse() ? arrivalText(parameters[fee], parameters, control.value) : "");
  control.addEventListener("input", say);
  payee?.element.addEventListener("input", say);
  return LiveSection.of(
    {
      load: (signal) => readParameters(context, union, signal),
      render: (read) => {
        parameters = read;
        say();
        return takesFee(read[fee], read) && said;
      },
      types: ["union"],
      live: context.live,
    },
    "inline",
  );
}

/** @param {number} basisPoints @param {Parameters} parameters @param {string} written */
function arrivalText(basisPoints, parameters, written) {
  const minor = minorOf(written, tokenOf(parameters));
  return minor === null ? t("fee.taken", { fee: feeText(basisPoints, parameters) }) : arrivesText(basisPoints, parameters, minor);
}

/** Null as long as it is no amount. @param {string} written @param {import("../ui/money.js").Token} token */
export function minorOf(written, token) {
  try {
    return BigInt(readMoney(written, token).minor);
  } catch (error) {
    if (error instanceof NoAmount) return null;
    throw error;
  }
}
