/** What an account had at the end of a day, and what of it was reserved. */
import { h } from "../ui/dom.js";
import { field, line } from "../ui/fields.js";
import { moneyElement } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openSheet } from "../ui/sheet.js";
import { dayValue, momentOf } from "../ui/time.js";
import { figure } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

const DAY_ENDS = "23:59:59.999";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {Pick<Shapes["AccountView"], "balance" | "reserved" | "expected">} Had
 */

/** @param {import("../app/context.js").Context} context @param {Shapes["UnionView"]} union @param {string} account */
export const pastBalance = ({ client }, union, account) =>
  actButton(t("past"), async () => {
    const today = dayValue(0);
    const day = line("day", { type: "date", required: true, maxlength: null, max: today, value: dayValue(-1) });
    const section = LiveSection.of({
      load: async (signal) => {
        const at = day.value === today ? "" : `/balance?at=${encodeURIComponent(momentOf(day.value, DAY_ENDS))}`;
        return /** @type {Had} */ (await client.get(pathOf(union.slug, `/accounts/${account}${at}`), { signal }));
      },
      render: ({ balance, reserved, expected }) =>
        h("dl", { class: "figures wide" }, figure(t("home.balance"), moneyElement(balance)), figure(t("reserved"), moneyElement(reserved)), figure(t("balance.expected"), moneyElement(expected))),
    });
    day.addEventListener("change", () => day.reportValidity() && void section.reload());
    openSheet(t("past"), [field(t("past.day"), day, t("past.day-hint")), section]);
  }, { class: "quiet" });
