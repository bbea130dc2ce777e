import { h } from "../ui/dom.js";
import { amount, area, field, written } from "../ui/fields.js";
import { moneyElement, moneyText, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { agoElement, durationText } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { arrival } from "./arrival.js";
import { files } from "./files.js";
import { readParameters } from "./parameters.js";
import { deliveryTime } from "./work.js";
import { workFee, workFeeLine } from "./work_fee.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["OfferView"]} Offer
 * @typedef {Shapes["BidView"]} Bid
 */

const TYPES = ["offer", "agreement", "bid.placed", "bid.withdrawn"];
const BID_TYPES = [...TYPES, "union"];

/** A gig and the bids for it. @type {import("../app/context.js").Page} */
export const offer = async (context) => {
  const { client, live, params } = context;
  const union = await context.unions.of(params.union ?? "");
  colour(union.id);
  const path = pathOf(union.slug, `/offers/${encodeURIComponent(params.offer ?? "")}`);
  /** @type {Offer} */
  const first = await client.get(path);
  const section = LiveSection.of({
    load: async (signal) => /** @type {Offer} */ (await client.get(path, { signal })),
    render: (offer) => shown(context, union, offer),
    types: TYPES,
    live,
  });
  return { title: first.title, content: [h("p", null, h("a", { href: pageOf(union.slug, "/work") }, t("work.back"))), section] };
};

/** @param {Context} context @param {Union} union @param {Offer} offer */
function shown(context, union, offer) {
  const { client, names, session, go } = context;
  const isMine = offer.owner_id === session.member?.id;
  const isOpen = offer.state === "open";
  const path = pathOf(union.slug, `/offers/${offer.id}`);
  const bids = bidList(context, union, offer, isMine);
  return [
    h("h1", null, offer.title),
    h("p", { class: "faint" }, names.element(offer.owner_id), " · ", agoElement(offer.made_at), !isOpen && h("span", { class: "state" }, ` ${t(`offer.state.${offer.state}`)}`)),
    h("p", { class: "great" }, moneyElement(offer.price)),
    offer.description && h("p", { class: "written" }, offer.description),
    files(context, { path: `${path}/photos`, types: ["offer"], onlyImages: true, mayAdd: isMine && isOpen, mayRemove: () => isMine, hint: t("photo.hint") }),
    h("p", { class: "faint" }, t("offer.review", { time: durationText(offer.review_seconds) })),
    isOpen && !isMine && h("p", null, actButton(t("bid.new"), async () => newBid(context, union, offer, () => void bids.reload()), { class: "main" })),
    isOpen && isMine && actButton(t("offer.withdraw"), async (onWait) => {
      await client.send("DELETE", path, { onWait });
      go(pageOf(union.slug, "/work"));
    }, { class: "quiet" }),
    h("h2", null, isMine ? t("bids") : t("bids.mine")),
    bids,
  ];
}

/** @param {Context} context @param {Union} union @param {Offer} offer @param {boolean} isMine */
function bidList(context, union, offer, isMine) {
  const { client, names, live, session } = context;
  /** @type {import("./parameters.js").Parameters | null} */
  let parameters = null;
  const list = more({
    read: async (cursor, signal) => {
      const [page, read] = await Promise.all([client.get(pathOf(union.slug, `/offers/${offer.id}/bids?limit=25${cursor}`), { signal }), readParameters(context, union, signal)]);
      parameters = read;
      return { ...page, read };
    },
    item: (/** @type {Bid} */ bid) =>
      h(
        "li",
        { class: "bid" },
        h("span", null, names.element(bid.bidder_id)),
        moneyElement(bid.price),
        h("span", { class: "faint" }, durationText(bid.delivery_seconds)),
        bid.state !== "open" && h("span", { class: "state" }, t(`bid.state.${bid.state}`)),
        workFeeLine(parameters, bid.price),
        bid.message && h("p", { class: "written" }, bid.message),
        isMine && bid.state === "open" && offer.state === "open" && actButton(t("bid.accept"), async () => accept(context, union, bid), { class: "main", "data-key": bid.id }),
        bid.bidder_id === session.member?.id && bid.state === "open" && actButton(t("bid.withdraw"), async (onWait) => {
          await client.send("DELETE", pathOf(union.slug, `/bids/${bid.id}`), { act: true, onWait });
          await list.reload();
        }, { class: "quiet" }),
      ),
    none: isMine ? t("bids.none") : t("bids.none-mine"),
    types: BID_TYPES,
    live,
  });
  return list;
}

/** @param {Context} context @param {Union} union @param {Offer} offer @param {() => void} made */
function newBid(context, union, offer, made) {
  const price = amount("price", union.token, { value: offer.price.text });
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("bid.for", { title: offer.title }),
    content: [
      field(t("bid.price", { token: union.token.symbol }), price),
      arrival(context, union, price, { fee: "work_fee_basis_points" }),
      field(t("bid.time"), deliveryTime("time")),
      field(t("bid.message"), area("message", { maxlength: 2000, rows: 3 })),
    ],
    submit: t("bid.place"),
    run: async (values, onWait) => {
      const body = { price: readMoney(written(values, "price"), union.token), delivery_seconds: Number(values.get("time")), message: written(values, "message") };
      await context.client.send("POST", pathOf(union.slug, `/offers/${offer.id}/bids`), { body, act: true, idempotencyKey, onWait });
      made();
    },
  });
}

/** @param {Context} context @param {Union} union @param {Bid} bid */
function accept(context, union, bid) {
  const { client, go, names } = context;
  const idempotencyKey = crypto.randomUUID();
  const { asset, minor } = bid.price;
  openForm({
    title: t("bid.accept"),
    content: [h("p", null, t("bid.accepting", { money: moneyText(bid.price) })), workFee(context, union, bid.price), h("p", { class: "faint" }, names.element(bid.bidder_id), " · ", durationText(bid.delivery_seconds))],
    submit: t("bid.agree", { money: moneyText(bid.price) }),
    run: async (_, onWait) => {
      const body = { debit: { asset, minor, to: `agreements/${bid.id}` } };
      const { body: agreed } = await client.send("POST", pathOf(union.slug, `/bids/${bid.id}/acceptance`), { body, act: true, idempotencyKey, onWait });
      go(pageOf(union.slug, `/agreements/${agreed.id}`));
    },
  });
}
