/** Taking money out to an Ethereum address, where the union has a bridge. */
import { h } from "../ui/dom.js";
import { amount, field, line, written } from "../ui/fields.js";
import { moneyElement, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm, openSheet } from "../ui/sheet.js";
import { dayElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

/** Nothing where the union has no open bridge. @param {Context} context @param {Shapes["UnionView"]} union @param {() => void} changed */
export const takeOut = (context, union, changed) =>
  LiveSection.of(
    {
      load: async (signal) => /** @type {Shapes["BridgeView"]} */ (await context.client.get(pathOf(union.slug, "/bridge"), { signal })),
      render: ({ state }) =>
        state === "open" && [
          actButton(t("take-out"), async () => request(context, union, changed)),
          actButton(t("take-out.list"), async () => list(context, union), { class: "quiet" }),
        ],
    },
    "inline",
  );

/** @param {Context} context @param {Shapes["UnionView"]} union @param {() => void} changed */
function request({ client }, union, changed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("take-out"),
    content: [
      h("p", null, t("take-out.text")),
      field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)),
      field(t("take-out.to"), line("to", { required: true, pattern: "0x[0-9a-fA-F]{40}", placeholder: "0x…", maxlength: 42, spellcheck: "false" }), t("take-out.to-hint")),
    ],
    submit: t("take-out"),
    run: async (values, onWait) => {
      const body = { debit: { ...readMoney(written(values, "amount"), union.token), to: written(values, "to") } };
      await client.send("POST", pathOf(union.slug, "/withdrawals"), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Shapes["UnionView"]} union */
function list({ client, live }, union) {
  openSheet(
    t("take-out.list"),
    more({
      read: (cursor, signal) => client.get(pathOf(union.slug, `/withdrawals?limit=20${cursor}`), { signal }),
      item: (/** @type {Shapes["WithdrawalView"]} */ { amount, state, to, requested_at }) =>
        h("li", null, moneyElement(amount), h("span", { class: "state" }, t(`withdrawal.${state}`)), h("code", { class: "clamped" }, to), h("span", { class: "faint" }, dayElement(requested_at))),
      none: t("take-out.none"),
      types: ["withdrawal"],
      live,
    }),
  );
}
