"""Every state of a pledge against every act, and what the limits refuse."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chassis.errors import DomainError
from services.funding.domain import limits, pledges
from services.funding.domain.errors import (
    NotBacker,
    OutOfBounds,
    PledgeNotHeld,
    SettlementNotWaiting,
    TooManyOpenProjects,
    TooManyPledges,
    WrongAsset,
)
from services.funding.domain.pledges import Pledge, PledgeState
from tests.services.funding.domain.funding_nouns import LIMITS, NOW, a_pledge, backer, stranger

S = PledgeState
ACTS: dict[str, Callable[[Pledge], Pledge]] = {
    "posted": lambda p: pledges.hold(p, NOW),
    "refused": lambda p: pledges.refuse(p, "insufficient_funds", NOW),
    "withdraw": lambda p: pledges.begin_withdrawal(p, backer),
    "withdrawn": lambda p: pledges.withdraw(p, NOW),
    "withdrawal refused": lambda p: pledges.keep(p, "locked"),
}
ALLOWED: dict[str, dict[PledgeState, PledgeState]] = {
    "posted": {S.WAITING: S.HELD},
    "refused": {S.WAITING: S.REFUSED},
    "withdraw": {S.HELD: S.WITHDRAWING},
    "withdrawn": {S.WITHDRAWING: S.WITHDRAWN},
    "withdrawal refused": {S.WITHDRAWING: S.HELD},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_in_every_state_moves_the_pledge_or_is_refused(act: str, state: PledgeState) -> None:
    expected = ALLOWED[act].get(state)
    if expected is not None:
        assert ACTS[act](a_pledge(state)).state is expected
        return
    refusal: type[DomainError] = PledgeNotHeld if act == "withdraw" else SettlementNotWaiting
    with pytest.raises(refusal):
        ACTS[act](a_pledge(state))


def test_only_the_backer_withdraws_a_pledge() -> None:
    with pytest.raises(NotBacker):
        pledges.begin_withdrawal(a_pledge(S.HELD), stranger)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: limits.check_project(LIMITS, "", "", 10, SECOND), "title"),
        (lambda: limits.check_project(LIMITS, "x" * 11, "", 10, SECOND), "title"),
        (lambda: limits.check_project(LIMITS, "x", "x" * 21, 10, SECOND), "description"),
        (lambda: limits.check_project(LIMITS, "x", "", 9, SECOND), "target"),
        (lambda: limits.check_project(LIMITS, "x", "", 1_001, SECOND), "target"),
        (lambda: limits.check_project(LIMITS, "x", "", 10, SECOND / 2), "deadline_seconds"),
        (lambda: limits.check_project(LIMITS, "x", "", 10, -SECOND), "deadline_seconds"),
        (lambda: limits.check_project(LIMITS, "x", "", 10, 101 * SECOND), "deadline_seconds"),
        (lambda: limits.check_pledge(LIMITS, 4), "debit"),
        (lambda: limits.check_pledge(LIMITS, 501), "debit"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_name(check: Callable[[], None], field: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        check()
    assert refusal.value.field == field


def test_the_bounds_themselves_are_allowed() -> None:
    limits.check_project(LIMITS, "x" * 10, "x" * 20, 1_000, 100 * SECOND)
    limits.check_pledge(LIMITS, 5)
    limits.check_pledge(LIMITS, 500)
    limits.check_asset("GLD", "GLD")
    limits.check_open_projects(LIMITS, 1)
    limits.check_pledges(LIMITS, 2)


@pytest.mark.parametrize(
    ("check", "refusal"),
    [
        (lambda: limits.check_asset("SLV", "GLD"), WrongAsset),
        (lambda: limits.check_open_projects(LIMITS, 2), TooManyOpenProjects),
        (lambda: limits.check_pledges(LIMITS, 3), TooManyPledges),
    ],
)
def test_another_token_and_one_too_many_are_refused(
    check: Callable[[], None], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        check()
