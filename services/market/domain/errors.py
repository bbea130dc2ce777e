"""The facts that the market states when it refuses."""

from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError


class OfferNotFound(DomainError):
    def __init__(self, offer_id: UUID) -> None:
        super().__init__("no such offer in this union")
        self.offer_id = offer_id


class OfferNotOpen(DomainError):
    def __init__(self, offer_id: UUID, state: str) -> None:
        super().__init__("the offer takes no bids and no acceptance in this state")
        self.offer_id = offer_id
        self.state = state


class NotOfferOwner(DomainError):
    def __init__(self, offer_id: UUID) -> None:
        super().__init__("only the member who made the offer may do this")
        self.offer_id = offer_id


class OwnOffer(DomainError):
    def __init__(self, offer_id: UUID) -> None:
        super().__init__("a member cannot bid for their own offer")
        self.offer_id = offer_id


class WrongAsset(DomainError):
    def __init__(self, asset: str, expected_asset: str) -> None:
        super().__init__("prices are in the union's own token")
        self.asset = asset
        self.expected_asset = expected_asset


class OutOfBounds(DomainError):
    """A number or a text's length is outside what the settings allow; both bounds are allowed values."""

    def __init__(self, field: str, value: int, least: int, most: int) -> None:
        super().__init__(f"{field} is at least {least} and at most {most}")
        self.field = field
        self.value = str(value)
        self.least = str(least)
        self.most = str(most)


class TooManyOpenOffers(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("the member has as many open offers as are allowed")
        self.limit = limit


class TooManyOpenBids(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("the member has as many open bids as are allowed")
        self.limit = limit


class BidNotFound(DomainError):
    def __init__(self, bid_id: UUID) -> None:
        super().__init__("no such bid in this union")
        self.bid_id = bid_id


class BidNotOpen(DomainError):
    def __init__(self, bid_id: UUID, state: str) -> None:
        super().__init__("the bid is not open any more")
        self.bid_id = bid_id
        self.state = state


class NotBidder(DomainError):
    def __init__(self, bid_id: UUID) -> None:
        super().__init__("only the member who made the bid may do this")
        self.bid_id = bid_id


class AlreadyBid(DomainError):
    def __init__(self, offer_id: UUID, bid_id: UUID) -> None:
        super().__init__("the member has an open bid for this offer; withdraw it to bid anew")
        self.offer_id = offer_id
        self.bid_id = bid_id


class DebitMismatch(DomainError):
    """The signed debit is not exactly what the acceptance moves: amount, asset and destination."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(f"debit.{field} has to be {expected}")
        self.field = field
        self.value = value
        self.expected = expected


class AgreementNotFound(DomainError):
    def __init__(self, agreement_id: UUID) -> None:
        super().__init__("no such agreement in this union")
        self.agreement_id = agreement_id


class NotParty(DomainError):
    def __init__(self, agreement_id: UUID) -> None:
        super().__init__("only the employer and the worker of the agreement may do this")
        self.agreement_id = agreement_id


class NotEmployer(DomainError):
    def __init__(self, agreement_id: UUID) -> None:
        super().__init__("only the employer of the agreement may do this")
        self.agreement_id = agreement_id


class NotWorker(DomainError):
    def __init__(self, agreement_id: UUID) -> None:
        super().__init__("only the worker of the agreement may do this")
        self.agreement_id = agreement_id


class AgreementNotInState(DomainError):
    def __init__(self, agreement_id: UUID, state: str, needed: tuple[str, ...]) -> None:
        super().__init__("the agreement is not in a state that allows this")
        self.agreement_id = agreement_id
        self.state = state
        self.needed = " or ".join(needed)


class DeliveryDeadlinePassed(DomainError):
    def __init__(self, agreement_id: UUID, due_at: datetime) -> None:
        super().__init__("the delivery deadline has passed; the employer is refunded")
        self.agreement_id = agreement_id
        self.due_at = due_at.isoformat()


class BidderNotActive(DomainError):
    def __init__(self, bid_id: UUID) -> None:
        super().__init__("the bidder is no active member of the union any more")
        self.bid_id = bid_id
