"""What the settings allow an offer and a bid to be; every number has its unit in its name."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.market.domain.errors import OutOfBounds, TooManyOpenBids, TooManyOpenOffers, WrongAsset


@dataclass(frozen=True, slots=True)
class MarketLimits:
    title_max_characters: int
    description_max_characters: int
    message_max_characters: int
    note_max_characters: int
    price_min_minor: int
    price_max_minor: int
    delivery_min_seconds: int
    delivery_max_seconds: int
    review_min_seconds: int
    review_max_seconds: int
    review_default_seconds: int
    open_offers_per_member: int
    open_bids_per_member: int


def review_default(limits: MarketLimits, parameters: Mapping[str, object]) -> int:
    """Seconds to review where an offer names none: the charter's, within what the market bears."""
    named = int(str(parameters.get("review_seconds", limits.review_default_seconds)))
    return min(max(named, limits.review_min_seconds), limits.review_max_seconds)


def check_offer(
    limits: MarketLimits, title: str, description: str, price_minor: int, review_seconds: int
) -> None:
    """Raises OutOfBounds naming the first field that does not fit."""
    _within("title", len(title), 1, limits.title_max_characters)
    _within("description", len(description), 0, limits.description_max_characters)
    _within("price", price_minor, limits.price_min_minor, limits.price_max_minor)
    _within("review_seconds", review_seconds, limits.review_min_seconds, limits.review_max_seconds)


def check_bid(limits: MarketLimits, price_minor: int, delivery_seconds: int, message: str) -> None:
    """Raises OutOfBounds naming the first field that does not fit."""
    _within("price", price_minor, limits.price_min_minor, limits.price_max_minor)
    _within("delivery_seconds", delivery_seconds, limits.delivery_min_seconds, limits.delivery_max_seconds)
    _within("message", len(message), 0, limits.message_max_characters)


def check_note(limits: MarketLimits, note: str) -> None:
    """Raises OutOfBounds."""
    _within("note", len(note), 0, limits.note_max_characters)


def check_asset(asset: str, expected_asset: str) -> None:
    """Raises WrongAsset: no price is in another union's token."""
    if asset != expected_asset:
        raise WrongAsset(asset, expected_asset)


def check_open_offers(limits: MarketLimits, open_count: int) -> None:
    """Raises TooManyOpenOffers when one more would be too many."""
    if open_count >= limits.open_offers_per_member:
        raise TooManyOpenOffers(limits.open_offers_per_member)


def check_open_bids(limits: MarketLimits, open_count: int) -> None:
    """Raises TooManyOpenBids when one more would be too many."""
    if open_count >= limits.open_bids_per_member:
        raise TooManyOpenBids(limits.open_bids_per_member)


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise OutOfBounds(field, value, least, most)
