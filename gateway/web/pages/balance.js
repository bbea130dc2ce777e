/** What a member has: the balance, what of it is reserved for others, what others have reserved for them, and what is locked. */
import { h } from "../ui/dom.js";
import { moneyElement, without } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { dayElement } from "../ui/time.js";
import { figure, why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { frozen } from "./freeze.js";
import { supplyPage } from "./supply.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["AccountView"]} Account
 */

/** @param {Context} context @param {Shapes["UnionView"]} union @param {Account} account */
export function balanceOf(context, union, account) {
  const { balance, reserved, expected } = account;
  const spends = reserved.minor !== "0";
  const awaits = expected.minor !== "0";
  return h(
    "div",
    null,
    frozen(context, union, account),
    h("p", { class: "great" }, moneyElement(balance)),
    (spends || awaits) && h(
      "dl",
      { class: "figures" },
      spends && figure(t("balance.to-spend"), moneyElement(without(balance, reserved, union.token))),
      spends && figure(t("reserved"), moneyElement(reserved), why(t("balance.reserved-why"), t("reserved"))),
      awaits && figure(t("balance.expected"), moneyElement(expected), why(t("balance.expected-why"), t("balance.expected"))),
    ),
  );
}

/** What of the founder's share is not theirs yet, and when more of it will be; nothing for everybody else. @param {Context} context @param {Shapes["UnionView"]} union @param {Account[]} accounts */
export function foundersShare({ client, live }, union, accounts) {
  const locked = accounts.find(({ kind, balance: { minor } }) => kind === "vesting" && minor !== "0");
  if (!locked) return null;
  return LiveSection.of({
    load: async (signal) => /** @type {Shapes["SupplyView"]} */ (await client.get(pathOf(union.slug, "/supply"), { signal })),
    render: ({ vesting: { next_due } }) =>
      h(
        "div",
        { class: "faint" },
        t("balance.vesting"),
        ": ",
        moneyElement(locked.balance),
        ...(next_due === null ? [] : [" · ", t("schedule.next"), " ", dayElement(next_due)]),
        why([t("balance.vesting-why"), " ", h("a", { href: supplyPage(union) }, t("supply"))], t("balance.vesting")),
      ),
    types: ["transfer.posted"],
    live,
  });
}
