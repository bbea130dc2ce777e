"""The one table from the market's facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.market.domain import errors

MARKET_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.OfferNotFound: ProblemType(
        "offer-not-found", 404, "No such offer", "This union has no offer {offer_id}."
    ),
    errors.OfferNotOpen: ProblemType(
        "offer-not-open", 409, "The offer is not open", "The offer is {state}; only an open one allows this."
    ),
    errors.NotOfferOwner: ProblemType(
        "not-offer-owner", 403, "This is another member's offer", "Only who made the offer may do this."
    ),
    errors.OwnOffer: ProblemType(
        "own-offer", 409, "This is your own offer", "A member cannot bid for their own offer."
    ),
    errors.WrongAsset: ProblemType(
        "wrong-asset",
        422,
        "Prices are in the union's own token",
        "The asset is {asset}; here it has to be {expected_asset}.",
    ),
    errors.OutOfBounds: ProblemType(
        "out-of-bounds", 422, "Out of bounds", "{field} is {value}; it has to be {least} to {most}."
    ),
    errors.TooManyOpenOffers: ProblemType(
        "too-many-open-offers", 409, "Too many open offers", "A member has at most {limit} open offers."
    ),
    errors.TooManyOpenBids: ProblemType(
        "too-many-open-bids", 409, "Too many open bids", "A member has at most {limit} open bids."
    ),
    errors.BidNotFound: ProblemType("bid-not-found", 404, "No such bid", "This union has no bid {bid_id}."),
    errors.BidNotOpen: ProblemType(
        "bid-not-open", 409, "The bid is not open", "The bid is {state}; only an open one allows this."
    ),
    errors.NotBidder: ProblemType(
        "not-bidder", 403, "This is another member's bid", "Only who made the bid may do this."
    ),
    errors.AlreadyBid: ProblemType(
        "already-bid", 409, "You have a bid here", "Withdraw your bid {bid_id} to bid anew."
    ),
    errors.BidderNotActive: ProblemType(
        "bidder-not-active", 409, "The bidder has left", "The bidder is no active member any more."
    ),
    errors.DebitMismatch: ProblemType(
        "debit-mismatch",
        422,
        "The signed debit is another one",
        "debit.{field} is {value}; it has to be {expected}.",
    ),
    errors.AgreementNotFound: ProblemType(
        "agreement-not-found", 404, "No such agreement", "You have no agreement {agreement_id} here."
    ),
    errors.NotParty: ProblemType(
        "not-party", 403, "Not your agreement", "Only its employer and its worker may do this."
    ),
    errors.NotEmployer: ProblemType(
        "not-employer", 403, "The employer's to do", "Only the employer of the agreement may do this."
    ),
    errors.NotWorker: ProblemType(
        "not-worker", 403, "The worker's to do", "Only the worker of the agreement may do this."
    ),
    errors.AgreementNotInState: ProblemType(
        "agreement-not-in-state",
        409,
        "Not in this state",
        "The agreement is {state}; this needs {needed}.",
    ),
    errors.DeliveryDeadlinePassed: ProblemType(
        "delivery-deadline-passed", 409, "Too late to deliver", "The delivery was due at {due_at}."
    ),
}
