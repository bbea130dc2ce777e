/** What members have reserved for each other: taken or released by whom it is for, else back at its time. */
import { h } from "../ui/dom.js";
import { amount, field, written } from "../ui/fields.js";
import { amountText, moneyElement, moneyText, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm, openSheet } from "../ui/sheet.js";
import { dayElement, momentElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { arrival } from "./arrival.js";
import { accountOf, posting } from "./transfer.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["HoldView"]} Hold
 */

const TYPES = ["hold.changed"];

/** Those that are pending, for me and by me. @param {Context} context @param {Union} union @param {() => void} changed */
export const pendingHolds = (context, union, changed) =>
  more({
    read: (cursor, signal) => context.client.get(pathOf(union.slug, `/holds?limit=25${cursor}`), { signal }),
    item: (/** @type {Hold} */ hold) => {
      const isPending = hold.state === "pending";
      return h(
        "li",
        null,
        who(context, hold),
        moneyElement(hold.amount),
        h("span", { class: "faint" }, t("hold.until"), " ", momentElement(hold.expires_at)),
        !isPending && h("span", { class: "state" }, t(`hold.state.${hold.state}`)),
        isPending && isForMe(context, hold) && h(
          "span",
          { class: "choices" },
          actButton(t("hold.take"), async () => take(context, union, hold, changed), { "data-key": `take ${hold.id}` }),
          actButton(t("hold.release"), async () => release(context, union, hold, changed), { class: "quiet", "data-key": `release ${hold.id}` }),
        ),
      );
    },
    none: t("holds.none"),
    className: "rows holds",
    types: TYPES,
    live: context.live,
  });

/** Those that have ended, in a sheet. @param {Context} context @param {Union} union */
export const endedHolds = (context, union) =>
  actButton(t("holds.ended"), async () => {
    openSheet(
      t("holds.were"),
      more({
        read: (cursor, signal) => context.client.get(pathOf(union.slug, `/holds?ended=true&limit=20${cursor}`), { signal }),
        item: (/** @type {Hold} */ hold) =>
          h(
            "li",
            null,
            who(context, hold),
            moneyElement(hold.amount),
            h("span", { class: "state" }, endText(hold)),
            h("span", { class: "faint" }, dayElement(hold.closed_at ?? hold.expires_at)),
          ),
        none: t("holds.none-ended"),
        types: TYPES,
        live: context.live,
      }),
    );
  }, { class: "quiet" });

/** @param {Context} context @param {Hold} hold */
const isForMe = ({ session }, { payee_id }) => payee_id === session.member?.id;

/** @param {Context} context @param {Hold} hold */
function who(context, hold) {
  const isMine = isForMe(context, hold);
  return h("span", null, t(isMine ? "hold.from" : "hold.for"), " ", context.names.element(isMine ? hold.payer_id : hold.payee_id), hold.memo && h("small", { class: "memo" }, hold.memo));
}

/** @param {Hold} hold */
const endText = ({ state, taken, amount }) => (state === "posted" && taken.minor !== amount.minor ? t("hold.taken-part", { money: moneyText(taken) }) : t(`hold.state.${state}`));

/** @param {Context} context @param {Union} union @param {Hold} hold @param {() => void} changed */
function take(context, union, hold, changed) {
  const post = posting(context, union);
  const much = amount("amount", union.token, { value: amountText(hold.amount) });
  openForm({
    title: t("hold.take"),
    content: [
      h("p", null, t("hold.take-text", { money: moneyText(hold.amount) })),
      field(t("pay.amount", { token: union.token.symbol }), much),
      arrival(context, union, much),
    ],
    submit: t("hold.take"),
    run: async (values, onWait) => {
      await post({ ...ending(hold), ...readMoney(written(values, "amount"), union.token), code: "hold_post" }, onWait);
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union @param {Hold} hold @param {() => void} changed */
function release(context, union, hold, changed) {
  const post = posting(context, union);
  const { asset, minor } = hold.amount;
  openForm({
    title: t("hold.release"),
    content: h("p", null, t("hold.release-text", { money: moneyText(hold.amount) })),
    submit: t("hold.release"),
    dangerous: true,
    run: async (_, onWait) => {
      await post({ ...ending(hold), asset, minor, code: "hold_void" }, onWait);
      changed();
    },
  });
}

/** What every transfer that ends a hold says of it. @param {Hold} hold */
const ending = ({ id, payer_id, payee_id, memo }) => ({
  debit_account: accountOf(payer_id),
  credit_account: accountOf(payee_id),
  pending_id: id,
  ...(memo ? { memo } : {}),
});
