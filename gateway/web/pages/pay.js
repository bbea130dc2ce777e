import { h } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { amount, field, line, written } from "../ui/fields.js";
import { moneyElement, moneyText, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { nameText } from "../ui/names.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm, openSheet } from "../ui/sheet.js";
import { toast } from "../ui/toast.js";
import { dayElement } from "../ui/time.js";
import { why } from "../ui/why.js";
import { has, t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { qrCode } from "./invite.js";
import { memberField, namedMember } from "./member_field.js";
import { takeOut } from "./take_out.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["StatementLineView"]} StatementLine
 */

const TYPES = ["transfer.posted"];
const FILES = /** @type {[string, string][]} */ ([["csv", "text/csv"], ["beancount", "text/plain"]]);

/** What I have, what came and went, and paying somebody. @type {import("../app/context.js").Page} */
export const pay = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live, url } = context;
  const statement = h("div");
  const files = h("div", { class: "buttons" });
  /** @type {LiveSection | null} */
  let lines = null;
  const balance = LiveSection.of({
    load: async (signal) => /** @type {Shapes["AccountView"][]} */ ((await client.get(pathOf(union.slug, "/accounts"), { signal })).items),
    render: (accounts) => {
      const own = accounts.find(({ kind }) => kind === "member");
      const grant = accounts.find(({ kind }) => kind === "grant");
      if (own && lines === null) {
        statement.append((lines = statementOf(context, union, own.id)));
        files.append(...FILES.map(([ending, type]) => statementFile(context, union, own.id, ending, type)));
      }
      return [
        own ? h("p", { class: "great" }, moneyElement(own.balance)) : h("p", { class: "faint" }, t("pay.no-account")),
        grant && grant.balance.minor !== "0" && h("p", { class: "faint" }, t("reserved"), ": ", moneyElement(grant.balance), " ", why(t("pay.grant-why"), t("reserved"))),
      ];
    },
    types: TYPES,
    live,
  });
  const changed = () => (void balance.reload(), void lines?.reload());
  if (url.searchParams.has("to")) queueMicrotask(() => send(context, union, changed, url.searchParams.get("to") ?? "", url.searchParams.get("amount") ?? ""));
  return {
    title: t("way.pay"),
    content: [
      h("h1", null, t("way.pay")),
      h("section", { class: "card" }, h("h2", null, t("home.balance")), balance),
      h(
        "div",
        { class: "buttons" },
        actButton(t("pay.send"), async () => send(context, union, changed), { class: "main" }),
        actButton(t("pay.receive"), async () => receive(context, union)),
        takeOut(context, union, changed),
      ),
      h("h2", null, t("pay.statement")),
      statement,
      files,
    ],
  };
};

/** Pay a member. Sent again, a transfer of one id is the same payment; a refusal burns the id, and the next try has its own. @param {Context} context @param {Union} union @param {() => void} changed @param {string} [to] handle @param {string} [value] */
function send(context, union, changed, to = "", value = "") {
  let id = crypto.randomUUID();
  openForm({
    title: t("pay.send"),
    content: [
      memberField(context, union.slug, t("pay.to"), to),
      field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token, { value })),
      field(t("pay.memo"), line("memo", { maxlength: 140 }), t("pay.memo-hint")),
    ],
    submit: t("pay.send"),
    run: async (values, onWait) => {
      const payee = await namedMember(context, values);
      const money = readMoney(written(values, "amount"), union.token);
      const memo = written(values, "memo");
      const transfer = {
        id,
        debit_account: `members/${context.session.member?.id}`,
        credit_account: `members/${payee.id}`,
        ...money,
        code: "pay",
        ...(memo ? { memo } : {}),
      };
      const answer = await context.client.send("POST", pathOf(union.slug, "/transfers"), { body: { transfers: [transfer] }, act: true, isRepeatable: true, onWait });
      /** @type {Shapes["ResultView"]} */
      const told = answer.body.results[0];
      const result = told.first_result ?? told.result; // what was refused before an answer was lost
      if (result !== "posted" && result !== "exists") {
        id = crypto.randomUUID();
        throw new Error(has(`result.${result}`) ? t(`result.${result}`) : t("result.other", { code: result.replaceAll("_", " ") }));
      }
      toast(t("pay.sent", { amount: written(values, "amount"), token: union.token.symbol, name: nameText(payee) }));
      changed();
    },
  });
}

/** The whole statement, kept as a file. @param {Context} context @param {Union} union @param {string} account @param {string} ending @param {string} type */
const statementFile = ({ client }, union, account, ending, type) =>
  actButton(t(`pay.file-${ending}`), async () => {
    const content = await client.get(pathOf(union.slug, `/accounts/${account}/statement.${ending}`));
    download(`${union.slug}.${ending}`, new Blob([content], { type }));
  }, { class: "quiet" });

/** A code that others scan to pay me. @param {Context} context @param {Union} union */
function receive({ client, session }, union) {
  const link = `${client.publicUrl}${pageOf(union.slug, "/pay")}?to=${encodeURIComponent(session.member?.handle ?? "")}`;
  openSheet(t("pay.receive"), [qrCode(link, t("pay.code")), h("p", { class: "center" }, `@${session.member?.handle ?? ""}`), h("p", { class: "faint" }, t("pay.receive-text"))]);
}

/** @param {Context} context @param {Union} union @param {string} account */
const statementOf = ({ client, names, live }, union, account) =>
  more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/accounts/${account}/statement?limit=25${cursor}`), { signal }),
    item: (/** @type {StatementLine} */ line) => {
      const isIn = !line.amount.minor.startsWith("-");
      const other = line.other_account;
      return h(
        "li",
        { class: "line" },
        h("span", null, t(`code.${line.code}`), other.owner_id && " ", other.owner_id && names.element(other.owner_id), line.memo && h("small", { class: "memo" }, line.memo)),
        h("span", { class: isIn ? "in" : "out" }, moneyElement(line.amount, isIn ? "+" : "")),
        h("span", { class: "faint" }, dayElement(line.at)),
        h("span", { class: "faint after" }, t("pay.after", { money: moneyText(line.balance_after) })),
      );
    },
    none: t("pay.nothing"),
    className: "rows statement",
    types: TYPES,
    live,
  });
