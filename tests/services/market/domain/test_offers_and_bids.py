"""Offers and bids: who may do what in which state, and what the limits refuse."""

from collections.abc import Callable

import pytest

from chassis.errors import DomainError
from services.market.domain import bids, limits, offers
from services.market.domain.bids import BidState
from services.market.domain.errors import (
    BidNotOpen,
    NotBidder,
    NotOfferOwner,
    OfferNotOpen,
    OutOfBounds,
    TooManyOpenBids,
    TooManyOpenOffers,
    WrongAsset,
)
from services.market.domain.offers import OfferState
from tests.services.market.domain.market_nouns import LIMITS, a_bid, an_offer, employer, worker


def test_an_offer_is_withdrawn_by_its_owner() -> None:
    withdrawn = offers.withdraw(an_offer(), employer)
    assert (withdrawn.state, withdrawn.version) == (OfferState.WITHDRAWN, 2)


def test_nobody_withdraws_the_offer_of_another() -> None:
    with pytest.raises(NotOfferOwner):
        offers.withdraw(an_offer(), worker)


@pytest.mark.parametrize("state", [OfferState.AGREED, OfferState.CLOSED, OfferState.WITHDRAWN])
def test_an_offer_that_is_not_open_is_neither_agreed_nor_withdrawn(state: OfferState) -> None:
    with pytest.raises(OfferNotOpen):
        offers.agree(an_offer(state))
    with pytest.raises(OfferNotOpen):
        offers.withdraw(an_offer(state), employer)


def test_an_offer_is_open_again_when_its_agreement_ended_before_money_moved() -> None:
    assert offers.agree(offers.reopen(offers.agree(an_offer()))).state is OfferState.AGREED


def test_a_bid_is_withdrawn_by_its_bidder_alone() -> None:
    assert bids.withdraw(a_bid(), worker).state is BidState.WITHDRAWN
    with pytest.raises(NotBidder):
        bids.withdraw(a_bid(), employer)


@pytest.mark.parametrize("state", [BidState.ACCEPTED, BidState.DECLINED, BidState.WITHDRAWN])
def test_a_bid_that_is_not_open_is_neither_accepted_nor_withdrawn(state: BidState) -> None:
    with pytest.raises(BidNotOpen):
        bids.accept(a_bid(state))
    with pytest.raises(BidNotOpen):
        bids.withdraw(a_bid(state), worker)


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: limits.check_offer(LIMITS, "", "", 5, 10), "title"),
        (lambda: limits.check_offer(LIMITS, "x" * 11, "", 5, 10), "title"),
        (lambda: limits.check_offer(LIMITS, "x", "x" * 21, 5, 10), "description"),
        (lambda: limits.check_offer(LIMITS, "x", "", 0, 10), "price"),
        (lambda: limits.check_offer(LIMITS, "x", "", 1_001, 10), "price"),
        (lambda: limits.check_offer(LIMITS, "x", "", 5, 0), "review_seconds"),
        (lambda: limits.check_offer(LIMITS, "x", "", 5, 51), "review_seconds"),
        (lambda: limits.check_bid(LIMITS, 0, 10, ""), "price"),
        (lambda: limits.check_bid(LIMITS, 5, 0, ""), "delivery_seconds"),
        (lambda: limits.check_bid(LIMITS, 5, 101, ""), "delivery_seconds"),
        (lambda: limits.check_bid(LIMITS, 5, 10, "x" * 6), "message"),
        (lambda: limits.check_note(LIMITS, "x" * 6), "note"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_name(check: Callable[[], None], field: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        check()
    assert refusal.value.field == field


def test_the_bounds_themselves_are_allowed() -> None:
    limits.check_offer(LIMITS, "x" * 10, "x" * 20, 1_000, 50)
    limits.check_bid(LIMITS, 1, 100, "x" * 5)
    limits.check_note(LIMITS, "x" * 5)
    limits.check_asset("GLD", "GLD")
    limits.check_open_offers(LIMITS, 1)
    limits.check_open_bids(LIMITS, 2)


@pytest.mark.parametrize(
    ("check", "refusal"),
    [
        (lambda: limits.check_asset("SLV", "GLD"), WrongAsset),
        (lambda: limits.check_open_offers(LIMITS, 2), TooManyOpenOffers),
        (lambda: limits.check_open_bids(LIMITS, 3), TooManyOpenBids),
    ],
)
def test_another_token_and_one_too_many_are_refused(
    check: Callable[[], None], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        check()


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [({}, 10), ({"review_seconds": 30}, 30), ({"review_seconds": 900}, 50), ({"review_seconds": 0}, 1)],
)
def test_an_offer_that_names_no_time_to_review_has_the_charters(
    parameters: dict[str, object], seconds: int
) -> None:
    assert limits.review_default(LIMITS, parameters) == seconds
