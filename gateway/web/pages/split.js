/** Paying several at once: one amount split by shares, with what each one gets shown before it is sent. */
import { memberAccountId } from "../api/account_id.js";
import { h } from "../ui/dom.js";
import { amount, field, line, written } from "../ui/fields.js";
import { moneyOf, moneyText, readMoney } from "../ui/money.js";
import { LiveSection } from "../ui/section.js";
import { openForm } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { Allotting, tellParts } from "./allotment.js";
import { minorOf } from "./arrival.js";
import { arrivesText, feeMinor, takesFee } from "./fees.js";
import { readParameters } from "./parameters.js";
import { payeeField } from "./payee_field.js";
import { firstPlace, readShares, SHARES_MAX, splitByShares } from "./shares.js";
import { accountOf } from "./transfer.js";

const ROWS_AT_FIRST = 2;

/**
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {import("./parameters.js").Parameters} Parameters
 * @typedef {ReturnType<typeof rowOf>} Row
 */

/** @param {Context} context @param {Union} union @param {() => void} changed */
export function split(context, union, changed) {
  const { token } = union;
  const allotting = new Allotting(context, union);
  const much = amount("amount", token);
  const list = h("div");
  const total = h("p", { class: "arrival", role: "status" });
  /** @type {Row[]} */
  let rows = [];
  /** @type {Parameters | null} */
  let parameters = null;
  const say = () => {
    const parts = parameters && partsOf(rows, minorOf(much.value, token), allotting.id);
    const fees = parameters && parts && feesOf(rows, parts, parameters);
    rows.forEach((row, place) => row.say(place + 1, rows.length > 1, getsText(parts?.[place], fees?.[place], token)));
    total.textContent = parameters && parts && fees && takesFee(parameters.payment_fee_basis_points, parameters) ? arrivesText(parameters.payment_fee_basis_points, parameters, sum(parts), sum(fees)) : "";
  };
  const add = () => {
    const row = rowOf(context, union, () => {
      rows = rows.filter((other) => other !== row);
      row.element.remove();
      say();
      adding.focus();
    });
    rows.push(row);
    list.append(row.element);
    say();
    return row;
  };
  const adding = h("button", { type: "button", onclick: () => add().element.querySelector("input")?.focus() }, t("split.add"));
  const sheet = openForm({
    title: t("split"),
    content: [
      h("p", null, t("split.text")),
      field(t("pay.amount", { token: token.symbol }), much),
      list,
      h("p", null, adding),
      LiveSection.of(
        {
          load: (signal) => readParameters(context, union, signal),
          render: (read) => {
            parameters = read;
            say();
            return total;
          },
          types: ["union"],
          live: context.live,
        },
        "inline",
      ),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint-many")),
    ],
    submit: t("pay.send"),
    run: async (values, onWait) => {
      const shares = rows.map((row) => Number(row.shares()));
      if (shares.includes(0)) throw new Error(t("split.unreadable", { most: SHARES_MAX }));
      const payees = await Promise.all(rows.map(({ payee }) => payee.read()));
      const names = new Map(await Promise.all(payees.map(async ({ member, name }) => /** @type {const} */ ([member && (await memberAccountId(union.id, member)), name]))));
      const memo = written(values, "memo");
      const allotment = {
        amount: readMoney(written(values, "amount"), token),
        sources: [{ account: accountOf(context.session.member?.id) }],
        destinations: payees.map(({ account }, place) => ({ account, shares: shares[place] ?? 0 })),
        ...(memo ? { memo } : {}),
      };
      const parts = await allotting.send(allotment, onWait).finally(say); // a refusal has changed the id
      tellParts(t("split.done"), parts, "credit_account", (account) => h("bdi", null, names.get(account) ?? t("purse")), token);
      changed();
    },
  });
  for (let count = 0; count < ROWS_AT_FIRST; count += 1) add();
  sheet.addEventListener("input", say);
}

/** One payee with their shares. @param {Context} context @param {Union} union @param {() => void} remove */
function rowOf(context, union, remove) {
  const payee = payeeField(context, union.slug, t("pay.to"));
  const control = line("shares", { type: "number", inputmode: "numeric", required: true, min: 1, max: SHARES_MAX, maxlength: null, value: 1 });
  const legend = h("legend");
  const gets = h("p", { class: "gets" });
  const removing = h("button", { type: "button", class: "quiet", onclick: remove });
  return {
    element: h("fieldset", null, legend, payee.element, field(t("split.shares"), control), gets, removing),
    payee,
    shares: () => readShares(control.value),
    /** @param {number} number @param {boolean} isRemovable @param {string} text of what they get */
    say: (number, isRemovable, text) => {
      legend.textContent = t("split.payee", { number });
      removing.textContent = t("split.remove", { number });
      removing.hidden = !isRemovable;
      gets.textContent = text;
    },
  };
}

/** Null as long as something is missing. @param {Row[]} rows @param {bigint | null} minor @param {string} id of the allotment */
function partsOf(rows, minor, id) {
  const shares = rows.map((row) => row.shares()).filter((share) => share !== null);
  return minor === null || shares.length < rows.length ? null : splitByShares(minor, shares, firstPlace(id, shares.length));
}

/** The common purse gives none. @param {Row[]} rows @param {bigint[]} parts @param {Parameters} parameters */
const feesOf = (rows, parts, parameters) => parts.map((part, place) => (rows[place]?.payee.isPurse() ? 0n : feeMinor(parameters.payment_fee_basis_points, parameters, part)));

/** @param {bigint | undefined} part @param {bigint | undefined} fee @param {import("../ui/money.js").Token} token */
function getsText(part, fee, token) {
  if (part === undefined || fee === undefined) return "";
  const money = moneyText(moneyOf(part, token));
  return fee === 0n ? t("split.gets", { money }) : t("split.gets-less", { money, arrives: moneyText(moneyOf(part - fee, token)) });
}

/** @param {bigint[]} minors */
const sum = (minors) => minors.reduce((whole, minor) => whole + minor, 0n);
