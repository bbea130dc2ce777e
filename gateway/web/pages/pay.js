import { h } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { moneyElement, moneyText } from "../ui/money.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openSheet } from "../ui/sheet.js";
import { dayElement } from "../ui/time.js";
import { why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { balanceOf, foundersShare } from "./balance.js";
import { burning } from "./burn.js";
import { businessAccounts } from "./business_account.js";
import { EXPLAINED, explained } from "./explanation.js";
import { endedHolds, pendingHolds } from "./holds.js";
import { qrCode } from "./invite.js";
import { mandates } from "./mandates.js";
import { pastBalance } from "./past_balance.js";
import { send } from "./payment.js";
import { schedules } from "./schedules.js";
import { split } from "./split.js";
import { takeOut } from "./take_out.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["StatementLineView"]} StatementLine
 */

const FILES = /** @type {[string, string][]} */ ([["csv", "text/csv"], ["beancount", "text/plain"]]);

/** What I have, what is reserved, what is paid ahead, what I let others take, what came and went, and paying somebody. @type {import("../app/context.js").Page} */
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
        files.append(pastBalance(context, union, own.id), ...FILES.map(([ending, type]) => statementFile(context, union, own.id, ending, type)));
      }
      return [
        own ? balanceOf(context, union, own) : h("p", { class: "faint" }, t("pay.no-account")),
        grant && grant.balance.minor !== "0" && h("p", { class: "faint" }, t("rules.grant"), ": ", moneyElement(grant.balance), " ", why(t("pay.grant-why"), t("rules.grant"))),
        foundersShare(context, union, accounts),
      ];
    },
    types: ["transfer.posted", "hold.changed", "freeze"],
    live,
  });
  const changed = () => (void balance.reload(), void lines?.reload(), void reserved.reload());
  const reserved = pendingHolds(context, union, changed);
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
        actButton(t("split"), async () => split(context, union, changed)),
        actButton(t("pay.receive"), async () => receive(context, union)),
        takeOut(context, union, changed),
      ),
      h("h2", null, t("reserved")),
      reserved,
      endedHolds(context, union),
      schedules(context, union),
      mandates(context, union, changed),
      h("h2", null, t("pay.statement")),
      statement,
      files,
      businessAccounts(context, union, (account) => statementOf(context, union, account)),
      h("details", { class: "folded" }, h("summary", null, h("h2", null, t("pay.more"))), burning(context, union, changed)),
    ],
  };
};

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

/** One transfer with what proves it, kept as a file for `guildhall verify`. @param {Context} context @param {Union} union @param {string} account @param {number} sequence */
const receiptOf = ({ client }, union, account, sequence) =>
  actButton(t("pay.receipt"), async () => {
    const receipt = await client.get(pathOf(union.slug, `/accounts/${account}/statement/${sequence}/receipt`));
    download(`${union.slug}-${sequence}.json`, new Blob([JSON.stringify(receipt)], { type: "application/json" }));
  }, { class: "quiet small", "data-key": `receipt ${sequence}` });

/** A member by name; of a business that it is one. @param {Context} context @param {StatementLine["other_account"]} other */
const otherOwner = ({ names }, { kind, owner_id }) => (kind === "business" ? t("business-account.a") : owner_id && names.element(owner_id));

/** A code alone does not say that. @param {StatementLine} line */
const isToPurse = ({ code, other_account }) => other_account.kind === "treasury" && !EXPLAINED.has(code);

/** @param {Context} context @param {Union} union @param {string} account */
const statementOf = (context, union, account) =>
  more({
    read: (cursor, signal) => context.client.get(pathOf(union.slug, `/accounts/${account}/statement?limit=25${cursor}`), { signal }),
    item: (/** @type {StatementLine} */ line) => {
      const isIn = !line.amount.minor.startsWith("-");
      const other = line.other_account;
      return h(
        "li",
        { class: "line" },
        h("span", null, t(`code.${line.code}`), " ", otherOwner(context, other), isToPurse(line) && t("purse.to"), line.memo && h("small", { class: "memo" }, line.memo)),
        h("span", { class: isIn ? "in" : "out" }, moneyElement(line.amount, isIn ? "+" : "")),
        h("span", { class: "faint" }, dayElement(line.at), " ", receiptOf(context, union, account, line.sequence)),
        h("span", { class: "faint after" }, t("pay.after", { money: moneyText(line.balance_after) })),
        EXPLAINED.has(line.code) && explained(context, union, account, line),
      );
    },
    none: t("pay.nothing"),
    className: "rows statement",
    types: ["transfer.posted"],
    live: context.live,
  });
