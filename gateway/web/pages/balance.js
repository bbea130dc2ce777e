/** What a member has: the balance, what of it is reserved for others, and what others have reserved for them. */
import { h } from "../ui/dom.js";
import { moneyElement, without } from "../ui/money.js";
import { figure, why } from "../ui/why.js";
import { t } from "../texts/texts.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../ui/money.js").Token} Token
 */

/** @param {Shapes["AccountView"]} account @param {Token} token */
export function balanceOf({ balance, reserved, expected }, token) {
  const spends = reserved.minor !== "0";
  const awaits = expected.minor !== "0";
  return h(
    "div",
    null,
    h("p", { class: "great" }, moneyElement(balance)),
    (spends || awaits) && h(
      "dl",
      { class: "figures" },
      spends && figure(t("balance.to-spend"), moneyElement(without(balance, reserved, token))),
      spends && figure(t("reserved"), moneyElement(reserved), why(t("balance.reserved-why"), t("reserved"))),
      awaits && figure(t("balance.expected"), moneyElement(expected), why(t("balance.expected-why"), t("balance.expected"))),
    ),
  );
}
