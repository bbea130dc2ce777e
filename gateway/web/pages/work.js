import { h } from "../ui/dom.js";
import { amount, area, choice, field, line, written } from "../ui/fields.js";
import { moneyElement, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { agoElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

/** Gigs to bid for, and my agreements. @type {import("../app/context.js").Page} */
export const work = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live, names, session } = context;
  return {
    title: t("way.work"),
    content: [
      h("div", { class: "titled" }, h("h1", null, t("way.work")), actButton(t("offer.new"), async () => newOffer(context, union), { class: "main" })),
      h("h2", null, t("work.agreements")),
      more({
        read: (cursor, signal) => client.get(pathOf(union.slug, `/agreements?limit=10${cursor}`), { signal }),
        item: (/** @type {Shapes["AgreementView"]} */ agreement) => {
          const isWorker = agreement.worker_id === session.member?.id;
          return h(
            "li",
            null,
            h("a", { href: pageOf(union.slug, `/agreements/${agreement.id}`) }, t(isWorker ? "agreement.for" : "agreement.by"), " ", names.element(isWorker ? agreement.employer_id : agreement.worker_id)),
            moneyElement(agreement.price),
            h("span", { class: `state ${agreement.state}` }, t(`agreement.state.${agreement.state}`)),
          );
        },
        none: t("work.no-agreements"),
        types: ["agreement"],
        live,
      }),
      h("h2", null, t("work.offers")),
      more({
        read: (cursor, signal) => client.get(pathOf(union.slug, `/offers?state=open&limit=25${cursor}`), { signal }),
        item: (/** @type {Shapes["OfferView"]} */ offer) =>
          h(
            "li",
            null,
            h("a", { href: pageOf(union.slug, `/work/${offer.id}`) }, offer.title),
            moneyElement(offer.price),
            h("span", { class: "faint" }, names.element(offer.owner_id), " · ", agoElement(offer.made_at)),
          ),
        none: t("work.no-offers"),
        types: ["offer"],
        live,
      }),
    ],
  };
};

/** @param {Context} context @param {Shapes["UnionView"]} union */
function newOffer({ client, go }, union) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("offer.new"),
    content: [
      field(t("offer.title"), line("title", { required: true, placeholder: t("offer.title-example") })),
      field(t("offer.description"), area("description")),
      field(t("offer.price", { token: union.token.symbol }), amount("price", union.token), t("offer.price-hint")),
    ],
    submit: t("offer.post"),
    run: async (values, onWait) => {
      const body = { kind: "gig", title: written(values, "title"), description: written(values, "description"), price: readMoney(written(values, "price"), union.token) };
      const { body: made } = await client.send("POST", pathOf(union.slug, "/offers"), { body, idempotencyKey, onWait });
      go(pageOf(union.slug, `/work/${made.id}`));
    },
  });
}

const DAY_SECONDS = 86_400;
const DELIVERY_DAYS = [1, 3, 7, 14, 30, 90];

/** How long a delivery may take. @param {string} name */
export const deliveryTime = (name) =>
  choice(name, DELIVERY_DAYS.map((days) => [String(days * DAY_SECONDS), t("days", { count: days })]), String(7 * DAY_SECONDS));
