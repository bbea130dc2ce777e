"""What is done next with a transaction, in every situation; and fees that rise within their limit."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.bridge.domain.sending import (
    Fate,
    Fees,
    Observation,
    Step,
    first_fees,
    next_step,
    raised_fees,
)

RESEND_SECONDS = 60
LIMIT = 10**12


def seen(
    attempts: int = 1, fate: Fate = Fate.UNSEEN, *, spent: bool = False, known: bool = True, age: int = 0
) -> Observation:
    return Observation(attempts, fate, spent, known, age)


@pytest.mark.parametrize(
    ("look", "step"),
    [
        (seen(attempts=0, known=False), Step.SIGN),
        (seen(), Step.WAIT),
        (seen(age=59), Step.WAIT),
        (seen(age=60), Step.RAISE),
        (seen(known=False), Step.REPEAT),
        (seen(known=False, age=600), Step.REPEAT),
        (seen(fate=Fate.MINED), Step.WAIT),
        (seen(fate=Fate.MINED, age=600), Step.WAIT),
        (seen(fate=Fate.DONE, spent=True), Step.DONE),
        (seen(fate=Fate.FAILED, spent=True), Step.FAILED),
        (seen(spent=True), Step.RENUMBER),
        (seen(attempts=0, spent=True, known=False), Step.RENUMBER),
    ],
)
def test_the_next_step(look: Observation, step: Step) -> None:
    assert next_step(look, RESEND_SECONDS) is step


def test_nothing_new_is_signed_once_anything_was_mined() -> None:
    for attempts, fate, spent, known, age in product(
        (0, 1, 5), (Fate.MINED, Fate.DONE, Fate.FAILED), (False, True), (False, True), (0, 10**6)
    ):
        look = Observation(attempts, fate, spent, known, age)
        assert next_step(look, RESEND_SECONDS) in {Step.WAIT, Step.DONE, Step.FAILED}


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_first_fees_stay_within_the_limit(base: int, priority: int) -> None:
    fees = first_fees(base, priority, LIMIT)
    assert fees.priority_fee_wei <= fees.max_fee_wei <= LIMIT
    assert fees.max_fee_wei == min(LIMIT, 2 * base + priority)


@given(st.integers(1, LIMIT), st.integers(1, LIMIT), st.integers(0, LIMIT))
def test_a_raise_is_at_least_an_eighth_or_not_at_all(before: int, market: int, priority: int) -> None:
    old = Fees(before, min(priority, before))
    raised = raised_fees(old, Fees(market, min(priority, market)), 1_250, LIMIT)
    if raised is None:
        assert max(market, before * 11_250 // 10_000 + 1) > LIMIT or before * 1.125 > LIMIT
        return
    assert raised.max_fee_wei * 8 >= old.max_fee_wei * 9
    assert raised.priority_fee_wei <= raised.max_fee_wei <= LIMIT
