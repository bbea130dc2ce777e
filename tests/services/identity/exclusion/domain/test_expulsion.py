"""Every course that a case can take: nobody is expelled unheard, and silence is for the member."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import DomainError
from services.identity.exclusion.domain.expulsion import (
    Decision,
    Expulsion,
    ExpulsionState,
    Terms,
    appealed,
    decided,
    heard_again,
    propose,
    stated,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TERMS = Terms(hearing=timedelta(days=7), decision=timedelta(days=30), appeal=timedelta(days=14))
MEMBER, OFFICER = UUID(int=1), UUID(int=2)
STEPS = ("state", "expel", "drop", "appeal", "uphold", "reverse")


def _step(case: Expulsion, step: str, now: datetime) -> Expulsion:
    decision = Decision(OFFICER, "reasons", now)
    match step:
        case "state":
            return stated(case, MEMBER, "text")
        case "expel" | "drop":
            return decided(case, decision, TERMS, expels=step == "expel", left_before=False)
        case "appeal":
            return appealed(case, MEMBER, "text", TERMS, now)
        case _:
            return heard_again(case, decision, upholds=step == "uphold")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 20)), max_size=12))
def test_whatever_is_tried_whenever(steps: list[tuple[str, int]]) -> None:
    now = NOW
    case = propose(UUID(int=9), UUID(int=3), MEMBER, OFFICER, "ground", TERMS, now)
    for step, days in steps:
        now += timedelta(days=days)
        before = case.at(now)
        try:
            case = _step(before, step, now)
        except DomainError:
            case = before
        _promised(case, before, step)


def _promised(case: Expulsion, before: Expulsion, step: str) -> None:
    final = (ExpulsionState.DROPPED, ExpulsionState.LAPSED, ExpulsionState.UPHELD, ExpulsionState.REVERSED)
    if before.state in final:
        assert case == before
    if case.state is ExpulsionState.EXPELLED:
        assert case.decision is not None and case.appeal_until is not None
        assert case.hearing_until <= case.decision.at < case.decide_by
        assert case.appeal_until == case.decision.at + TERMS.appeal
    if case.state is ExpulsionState.APPEALED and step == "appeal" and case is not before:
        assert before.state is ExpulsionState.EXPELLED
    if case.state is ExpulsionState.UPHELD:
        assert case.appeal is not None and case.appeal_decision is not None
    assert case.ground == "ground" and case.proposed_by == OFFICER


def test_an_appeal_that_nobody_decides_is_won() -> None:
    case = propose(UUID(int=9), UUID(int=3), MEMBER, OFFICER, "ground", TERMS, NOW)
    decision = Decision(OFFICER, "reasons", NOW + TERMS.hearing)
    expelled = decided(case, decision, TERMS, expels=True, left_before=False)
    waiting = appealed(expelled, MEMBER, "text", TERMS, decision.at)
    assert heard_again(waiting, None, upholds=False).state is ExpulsionState.REVERSED
