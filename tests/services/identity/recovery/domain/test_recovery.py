"""When guardians decide: the courses that votes, cancellations and time can take, and what was promised."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.recovery.domain.errors import RecoveryFinal, RecoveryOver
from services.identity.recovery.domain.recovery import (
    Recovery,
    RecoveryState,
    RecoveryWay,
    cancelled,
    completed,
    is_due,
    voted,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DELAY, OPEN_FOR = timedelta(days=7), timedelta(days=14)


def asked(count: int = 5, threshold: int = 3, way: RecoveryWay = RecoveryWay.GUARDIANS) -> Recovery:
    is_code = way is RecoveryWay.CODE
    return Recovery(
        id=UUID(int=1),
        member_id=UUID(int=2),
        way=way,
        state=RecoveryState.WAITING if is_code else RecoveryState.ASKED,
        round=1,
        threshold=threshold,
        guardians_count=count,
        guardians_version=1,
        asked_at=NOW,
        expires_at=NOW + OPEN_FOR,
        waits_until=NOW + DELAY if is_code else None,
    )


def test_the_threshold_locks_and_begins_the_delay() -> None:
    assert voted(asked(), 2, 0, NOW, DELAY).state is RecoveryState.ASKED
    waiting = voted(asked(), 3, 0, NOW, DELAY)
    assert (waiting.state, waiting.waits_until, waiting.locks) == (RecoveryState.WAITING, NOW + DELAY, True)
    assert not is_due(waiting, NOW + DELAY - timedelta(microseconds=1))
    assert is_due(waiting, NOW + DELAY)


def test_enough_who_say_no_end_it() -> None:
    assert voted(asked(), 2, 2, NOW, DELAY).state is RecoveryState.ASKED
    assert voted(asked(), 2, 3, NOW, DELAY).state is RecoveryState.REFUSED


def test_a_code_waits_and_locks_nothing() -> None:
    by_code = asked(way=RecoveryWay.CODE)
    assert not by_code.locks
    assert is_due(by_code, NOW + DELAY)
    assert not cancelled(by_code, NOW, OPEN_FOR).locks


def test_a_code_without_guardians_is_over_once_cancelled() -> None:
    over = cancelled(asked(0, 0, RecoveryWay.CODE), NOW, OPEN_FOR)
    assert over.at(NOW).state is RecoveryState.EXPIRED
    with pytest.raises(RecoveryOver):
        voted(over, 0, 0, NOW, DELAY)


@pytest.mark.parametrize(("count", "threshold", "needed"), [(5, 3, 4), (3, 2, 2), (2, 2, 2), (5, 5, 5)])
def test_all_guardians_but_one_override_a_cancellation_for_good(
    count: int, threshold: int, needed: int
) -> None:
    waiting = voted(asked(count, threshold), threshold, 0, NOW, DELAY)
    over = cancelled(waiting, NOW, OPEN_FOR)
    assert (over.state, over.needed_count, over.waits_until) == (RecoveryState.CANCELLED, needed, None)
    assert voted(over, needed - 1, 0, NOW, DELAY).state is RecoveryState.CANCELLED
    final = voted(over, needed, 0, NOW, DELAY)
    assert final.is_final and final.locks
    assert final.waits_until == NOW + DELAY
    with pytest.raises(RecoveryFinal):
        cancelled(final, NOW, OPEN_FOR)


@pytest.mark.parametrize("state", [RecoveryState.DONE, RecoveryState.REFUSED, RecoveryState.CANCELLED])
def test_what_is_decided_is_not_cancelled(state: RecoveryState) -> None:
    decided = {
        RecoveryState.DONE: completed(voted(asked(), 3, 0, NOW, DELAY), is_done=True),
        RecoveryState.REFUSED: voted(asked(), 0, 3, NOW, DELAY),
        RecoveryState.CANCELLED: cancelled(asked(), NOW, OPEN_FOR),
    }[state]
    assert decided.state is state
    with pytest.raises(RecoveryOver):
        cancelled(decided, NOW, OPEN_FOR)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_what_nobody_decides_is_over_in_time(is_cancelled: bool) -> None:
    open_one = cancelled(asked(), NOW, OPEN_FOR) if is_cancelled else asked()
    late = NOW + OPEN_FOR
    assert open_one.at(late).state is RecoveryState.EXPIRED
    with pytest.raises(RecoveryOver):
        voted(open_one, 5, 0, late, DELAY)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Recovery, list[tuple[str, int]]]:
    count = draw(st.integers(2, 7))
    threshold = draw(st.integers(2, count))
    steps = draw(
        st.lists(
            st.tuples(st.sampled_from(["yes", "no", "cancel", "day", "tick"]), st.integers(0, count - 1)),
            max_size=40,
        )
    )
    return asked(count, threshold), steps


@given(courses())
def test_no_course_gives_the_account_away(course: tuple[Recovery, list[tuple[str, int]]]) -> None:
    """Done: by the threshold and a whole delay without a cancellation, or by all but one after it."""
    recovery, steps = course
    now, votes = NOW, {1: dict[int, bool](), 2: dict[int, bool]()}
    began_to_wait, cancellations = None, 0
    for step, guardian in steps:
        before = recovery
        if step in ("day", "tick"):
            now += timedelta(days=1) if step == "day" else timedelta(minutes=1)
            if is_due(recovery, now):
                recovery = completed(recovery, is_done=True)
                assert began_to_wait is not None
                assert now - began_to_wait >= DELAY
                yes = sum(votes[before.round].values())
                assert yes >= (before.threshold if cancellations == 0 else before.guardians_count - 1)
                return
        elif step == "cancel":
            try:
                recovery = cancelled(recovery, now, OPEN_FOR)
            except (RecoveryFinal, RecoveryOver):
                continue
            cancellations += 1
            began_to_wait = None
            assert cancellations == 1
        else:
            if not recovery.at(now).takes_votes or guardian in votes[recovery.round]:
                continue
            votes[recovery.round][guardian] = step == "yes"
            given_votes = list(votes[recovery.round].values())
            recovery = voted(recovery, sum(given_votes), len(given_votes) - sum(given_votes), now, DELAY)
            if recovery.state is RecoveryState.WAITING:
                began_to_wait = now
        assert recovery.locks == (recovery.state is RecoveryState.WAITING)
