"""An offer: a gig with a price that members bid for. It is open, agreed with one worker, then closed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.market.domain.errors import NotOfferOwner, OfferNotOpen


class OfferKind(StrEnum):
    GIG = "gig"


class OfferState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """`review_seconds`: how long the employer may stay silent after a delivery before the worker is paid."""

    union_id: UUID
    offer_id: UUID
    version: int
    state: OfferState
    kind: OfferKind
    owner_id: UUID
    title: str
    description: str
    asset: str
    asset_scale: int
    price_minor: int
    review_seconds: int
    made_at: datetime


def withdraw(offer: Offer, member_id: UUID) -> Offer:
    """Raises NotOfferOwner, OfferNotOpen."""
    if offer.owner_id != member_id:
        raise NotOfferOwner(offer.offer_id)
    _require_open(offer)
    return _moved(offer, OfferState.WITHDRAWN)


def agree(offer: Offer) -> Offer:
    """One of its bids was accepted; raises OfferNotOpen, so one offer has one live agreement."""
    _require_open(offer)
    return _moved(offer, OfferState.AGREED)


def reopen(offer: Offer) -> Offer:
    """The agreement ended before money moved: the offer takes bids and acceptance again."""
    return _moved(offer, OfferState.OPEN)


def close(offer: Offer) -> Offer:
    """The agreement is settled, paid or refunded."""
    return _moved(offer, OfferState.CLOSED)


def _require_open(offer: Offer) -> None:
    if offer.state is not OfferState.OPEN:
        raise OfferNotOpen(offer.offer_id, offer.state)


def _moved(offer: Offer, state: OfferState) -> Offer:
    return replace(offer, state=state, version=offer.version + 1)
