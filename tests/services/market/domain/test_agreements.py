"""Every state of an agreement against every act: what it becomes, or what the refusal is."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from services.market.domain import agreements
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.errors import (
    AgreementNotInState,
    DebitMismatch,
    DeliveryDeadlinePassed,
    NotEmployer,
    NotParty,
    NotWorker,
)
from tests.services.market.domain.market_nouns import (
    AFTER_DELIVERY_DEADLINE,
    AFTER_REVIEW_DEADLINE,
    NOW,
    a_bid,
    an_agreement,
    an_offer,
    bid_id,
    employer,
    stranger,
    worker,
)

S = AgreementState
Act = Callable[[Agreement], Agreement | None]

ACTS: dict[str, Act] = {
    "accept the bid again": lambda a: agreements.begin_again(a, NOW),
    "funding posted": lambda a: agreements.funding_posted(a, NOW),
    "funding refused": lambda a: agreements.funding_refused(a, "insufficient_funds", NOW),
    "worker delivers": lambda a: agreements.deliver(a, worker, "done", NOW),
    "employer accepts": lambda a: agreements.accept_delivery(a, employer),
    "worker cancels": lambda a: agreements.cancel(a, worker, NOW),
    "employer cancels": lambda a: agreements.cancel(a, employer, NOW),
    "employer cancels late": lambda a: agreements.cancel(a, employer, AFTER_DELIVERY_DEADLINE),
    "delivery overdue": lambda a: agreements.delivery_overdue(a, AFTER_DELIVERY_DEADLINE),
    "review overdue": lambda a: agreements.review_overdue(a, AFTER_REVIEW_DEADLINE),
    "settlement posted": lambda a: agreements.settlement_posted(a, NOW),
    "settlement refused": lambda a: agreements.settlement_refused(a, "locked"),
}

# What is not listed for an act is refused, or, for the two deadlines, changes nothing.
ALLOWED: dict[str, dict[AgreementState, AgreementState]] = {
    "accept the bid again": {S.UNFUNDED: S.FUNDING},
    "funding posted": {S.FUNDING: S.FUNDED, S.CANCELLING: S.REFUNDING},
    "funding refused": {S.FUNDING: S.UNFUNDED, S.CANCELLING: S.CANCELLED},
    "worker delivers": {S.FUNDED: S.DELIVERED},
    "employer accepts": {S.DELIVERED: S.PAYING},
    "worker cancels": {
        S.FUNDING: S.CANCELLING,
        S.UNFUNDED: S.CANCELLED,
        S.FUNDED: S.REFUNDING,
        S.DELIVERED: S.REFUNDING,
    },
    "employer cancels": {
        S.FUNDING: S.FUNDING,
        S.UNFUNDED: S.CANCELLED,
        S.FUNDED: S.FUNDED,
        S.DELIVERED: S.DELIVERED,
    },
    "employer cancels late": {
        S.FUNDING: S.FUNDING,
        S.UNFUNDED: S.CANCELLED,
        S.FUNDED: S.REFUNDING,
        S.DELIVERED: S.DELIVERED,
    },
    "delivery overdue": {S.FUNDED: S.REFUNDING},
    "review overdue": {S.DELIVERED: S.PAYING},
    "settlement posted": {S.PAYING: S.PAID, S.REFUNDING: S.REFUNDED},
    "settlement refused": {S.PAYING: S.PAYING, S.REFUNDING: S.REFUNDING},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_in_every_state_moves_the_agreement_or_is_refused(act: str, state: AgreementState) -> None:
    before = an_agreement(state)
    expected = ALLOWED[act].get(state)
    if expected is not None:
        after = ACTS[act](before)
        assert after is not None
        assert after.state is expected
        assert after.version == before.version + 1
    elif act in {"delivery overdue", "review overdue"}:
        assert ACTS[act](before) is None
    else:
        with pytest.raises(AgreementNotInState):
            ACTS[act](before)


def test_an_agreement_begins_unfunded_with_the_price_of_the_bid_and_not_of_the_offer() -> None:
    agreement = agreements.begin(an_offer(), a_bid(), NOW)
    assert agreement.state is S.FUNDING
    assert agreement.agreement_id == bid_id
    assert (agreement.employer_id, agreement.worker_id) == (employer, worker)
    assert agreement.price_minor == 450


def test_the_delivery_deadline_runs_from_the_funding_and_the_review_from_the_delivery() -> None:
    funded = agreements.funding_posted(an_agreement(S.FUNDING), NOW)
    assert funded.delivery_due_at == AFTER_DELIVERY_DEADLINE
    assert agreements.deliver(funded, worker, "done", NOW).review_due_at == AFTER_REVIEW_DEADLINE


def test_a_delivery_at_the_deadline_is_too_late_even_before_the_timer_ran() -> None:
    with pytest.raises(DeliveryDeadlinePassed):
        agreements.deliver(an_agreement(S.FUNDED), worker, "late", AFTER_DELIVERY_DEADLINE)


@pytest.mark.parametrize("member", [employer, stranger])
def test_only_the_worker_delivers(member: UUID) -> None:
    with pytest.raises(NotWorker):
        agreements.deliver(an_agreement(S.FUNDED), member, "mine", NOW)


@pytest.mark.parametrize("member", [worker, stranger])
def test_only_the_employer_accepts_a_delivery(member: UUID) -> None:
    with pytest.raises(NotEmployer):
        agreements.accept_delivery(an_agreement(S.DELIVERED), member)


@pytest.mark.parametrize("state", list(S))
def test_a_stranger_cancels_nothing(state: AgreementState) -> None:
    with pytest.raises(NotParty):
        agreements.cancel(an_agreement(state), stranger, NOW)


def test_an_employers_proposal_to_cancel_is_kept_once_and_confirmed_by_the_worker() -> None:
    proposed = agreements.cancel(an_agreement(S.FUNDED), employer, NOW)
    assert proposed.cancellation_proposed_at == NOW
    assert agreements.cancel(proposed, employer, NOW) is proposed
    assert agreements.cancel(proposed, worker, NOW).state is S.REFUNDING


def test_the_deadlines_do_nothing_before_their_time() -> None:
    assert agreements.delivery_overdue(an_agreement(S.FUNDED), NOW) is None
    assert agreements.review_overdue(an_agreement(S.DELIVERED), NOW) is None


def test_a_refused_settlement_is_shown_until_one_is_posted() -> None:
    refused = agreements.settlement_refused(an_agreement(S.PAYING), "locked")
    assert refused.refusal == "locked"
    assert agreements.settlement_posted(refused, NOW).refusal is None


def test_a_refused_funding_is_forgotten_when_the_bid_is_accepted_again() -> None:
    refused = agreements.funding_refused(an_agreement(S.FUNDING), "insufficient_funds", NOW)
    assert refused.refusal == "insufficient_funds"
    assert agreements.begin_again(refused, NOW).refusal is None


@pytest.mark.parametrize(
    ("asset", "minor", "to", "field"),
    [
        ("SLV", 450, f"agreements/{bid_id}", "asset"),
        ("GLD", 451, f"agreements/{bid_id}", "minor"),
        ("GLD", 450, "agreements/other", "to"),
    ],
)
def test_a_debit_that_is_not_exactly_the_price_into_this_escrow_is_refused(
    asset: str, minor: int, to: str, field: str
) -> None:
    with pytest.raises(DebitMismatch) as refusal:
        agreements.check_debit(an_agreement(S.FUNDING), asset, minor, to)
    assert refusal.value.field == field


def test_the_debit_of_the_price_into_this_escrow_is_right() -> None:
    agreements.check_debit(an_agreement(S.FUNDING), "GLD", 450, f"agreements/{bid_id}")


def test_no_money_can_wait_for_ever() -> None:
    """Every state that holds money moves on by a deadline or by the ledger's answer alone."""
    for state in (S.FUNDED, S.DELIVERED):
        agreement = replace(an_agreement(state))
        overdue = agreements.delivery_overdue(agreement, AFTER_DELIVERY_DEADLINE) or (
            agreements.review_overdue(agreement, AFTER_REVIEW_DEADLINE)
        )
        assert overdue is not None
        assert agreements.settlement_posted(overdue, NOW).settled_at == NOW
