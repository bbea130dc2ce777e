import { h } from "../ui/dom.js";
import { area, field, written } from "../ui/fields.js";
import { moneyElement, moneyText } from "../ui/money.js";
import { refusalText, THEIRS } from "../ui/refusal_text.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { dayElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { files } from "./files.js";
import { workFee } from "./work_fee.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["AgreementView"]} Agreement
 */

const TYPES = ["agreement", "agreement.paid", "agreement.refunded"];
const STEPS = ["funded", "delivered", "paid"];
const TAKES_FILES = new Set(["funded", "delivered"]);
const WAITING = new Set(["funding", "paying", "refunding", "cancelling"]);
const SETTLED = new Set(["paid", "refunded", "cancelled"]);
const LOOKS_AGAIN_MS = 1_500;

/** An agreement as its two parties see it, and what each may do next. @type {import("../app/context.js").Page} */
export const agreement = async (context) => {
  const { client, live, params } = context;
  const union = await context.unions.of(params.union ?? "");
  colour(union.id);
  const path = pathOf(union.slug, `/agreements/${encodeURIComponent(params.agreement ?? "")}`);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const section = LiveSection.of({
    load: async (signal) => {
      /** @type {Agreement} */
      const agreement = await client.get(path, { signal });
      const { title } = /** @type {Shapes["OfferView"]} */ (await client.get(pathOf(union.slug, `/offers/${agreement.offer_id}`), { signal }));
      clearTimeout(timer);
      if (WAITING.has(agreement.state)) timer = setTimeout(() => void section.reload(), LOOKS_AGAIN_MS);
      return { agreement, title };
    },
    render: ({ agreement, title }) => shown(context, union, path, agreement, title, () => void section.reload()),
    types: TYPES,
    live,
  });
  context.signal.addEventListener("abort", () => clearTimeout(timer));
  return { title: t("agreement"), content: [h("p", null, h("a", { href: pageOf(union.slug, "/work") }, t("work.back"))), section] };
};

/** @param {Context} context @param {Shapes["UnionView"]} union @param {string} path @param {Agreement} agreement @param {string} title @param {() => void} changed */
function shown(context, union, path, agreement, title, changed) {
  const { names, session } = context;
  const isWorker = agreement.worker_id === session.member?.id;
  return [
    h("h1", null, title),
    h("p", { class: "great" }, moneyElement(agreement.price)),
    !SETTLED.has(agreement.state) && workFee(context, union, agreement.price),
    h("p", null, names.element(agreement.worker_id), " ", t("agreement.works-for"), " ", names.element(agreement.employer_id)),
    steps(agreement),
    h("p", { role: "status" }, t(`agreement.told.${agreement.state}`)),
    agreement.refusal && h("p", { class: "problem" }, whyNot(agreement.state, agreement.refusal, isWorker)),
    agreement.delivery_note && h("blockquote", { class: "written" }, agreement.delivery_note),
    agreement.cancellation_proposed_at && !agreement.settled_at && h("p", { class: "problem" }, t(isWorker ? "agreement.cancel-asked" : "agreement.cancel-proposed")),
    actions(context, path, agreement, isWorker, changed),
    files(context, {
      path: `${path}/files`,
      types: ["agreement"],
      onlyImages: false,
      mayAdd: TAKES_FILES.has(agreement.state),
      mayRemove: (file) => agreement.state === "funded" && file.owner_id === session.member?.id,
      title: t("agreement.files"),
      hint: t("agreement.files-hint"),
    }),
  ];
}

/** Nothing is tried again by itself that was not funded. @param {Agreement["state"]} state @param {string} refusal @param {boolean} isWorker */
function whyNot(state, refusal, isWorker) {
  const reason = refusalText(refusal, isWorker ? THEIRS : "");
  return state === "unfunded" ? reason : t("agreement.refusal", { reason });
}

/** @param {Agreement} agreement */
function steps(agreement) {
  const moments = [agreement.funded_at, agreement.delivered_at, agreement.state === "paid" ? agreement.settled_at : null];
  const due = [null, agreement.delivery_due_at, agreement.review_due_at];
  return h(
    "ol",
    { class: "steps" },
    STEPS.map((name, place) => {
      const at = moments[place];
      const until = due[place];
      return h("li", { class: at ? "done" : "" }, h("span", null, t(`agreement.step.${name}`)), at ? dayElement(at) : until ? h("small", null, t("agreement.until"), " ", dayElement(until)) : null);
    }),
  );
}

/** @param {Context} context @param {string} path @param {Agreement} agreement @param {boolean} isWorker @param {() => void} changed */
function actions({ client }, path, agreement, isWorker, changed) {
  /** @param {string} below @param {unknown} [body] */
  const act = (below, body) => {
    const idempotencyKey = crypto.randomUUID();
    return async (/** @type {import("../ui/sheet.js").OnWait} */ onWait) => {
      await client.send("POST", path + below, { act: true, idempotencyKey, onWait, ...(body ? { body } : {}) });
      changed();
    };
  };
  const { state } = agreement;
  const isOverdue = agreement.delivery_due_at !== null && new Date(agreement.delivery_due_at) < new Date();
  const mayCancel = ["unfunded", "funded", "delivered"].includes(state);
  const cancelWords = isWorker || state === "unfunded" || (isOverdue && state === "funded") ? "agreement.cancel" : "agreement.propose-cancel";
  return h(
    "div",
    { class: "buttons" },
    isWorker && state === "funded" && actButton(t("agreement.deliver"), async () => deliver(client, path, changed), { class: "main" }),
    !isWorker && state === "delivered" && actButton(t("agreement.accept", { money: moneyText(agreement.price) }), act("/acceptance"), { class: "main" }),
    mayCancel && (isWorker || !agreement.cancellation_proposed_at) && actButton(t(cancelWords), async () => {
      openForm({ title: t(cancelWords), content: h("p", null, t(`${cancelWords}-text`)), submit: t(cancelWords), dangerous: true, run: (_, onWait) => act("/cancellation")(onWait) });
    }, { class: "quiet" }),
  );
}

/** @param {import("../api/client.js").Client} client @param {string} path @param {() => void} changed */
function deliver(client, path, changed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("agreement.deliver"),
    content: field(t("agreement.note"), area("note"), t("agreement.note-hint")),
    submit: t("agreement.deliver"),
    run: async (values, onWait) => {
      const { items } = /** @type {Shapes["FilesView"]} */ (await client.get(`${path}/files`));
      const body = { note: written(values, "note"), files: items.map(({ digest }) => digest) };
      await client.send("POST", `${path}/deliveries`, { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}
