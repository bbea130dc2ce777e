"""The states of a deletion: what may follow what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.deletion.domain.deletion import DeletionState, ask, cancelled, ended
from services.identity.deletion.domain.errors import DeletionBegun, NoDeletion
from services.identity.deletion.domain.look_hash import look_hash

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DELAY = timedelta(days=7)
MEMBER = UUID(int=7)
WAITING = ask(MEMBER, None, NOW, DELAY)


def test_it_waits_for_the_delay() -> None:
    assert (WAITING.number, WAITING.state, WAITING.due_at) == (1, DeletionState.WAITING, NOW + DELAY)


@pytest.mark.parametrize("state", [DeletionState.WAITING, DeletionState.LEAVING, DeletionState.ERASING])
def test_one_that_is_open_is_the_same_one(state: DeletionState) -> None:
    there = ended(WAITING, state, NOW)
    assert ask(MEMBER, there, NOW + DELAY, DELAY) is there


@pytest.mark.parametrize("state", [DeletionState.CANCELLED, DeletionState.STOPPED, DeletionState.DONE])
def test_after_one_that_is_over_comes_the_next_and_nothing_is_cancelled(state: DeletionState) -> None:
    over = ended(WAITING, state, NOW)
    assert ask(MEMBER, over, NOW, DELAY).number == 2
    with pytest.raises(NoDeletion):
        cancelled(over, NOW)


def test_what_has_begun_is_not_taken_back() -> None:
    assert cancelled(WAITING, NOW).state is DeletionState.CANCELLED
    for state in (DeletionState.LEAVING, DeletionState.ERASING):
        with pytest.raises(DeletionBegun):
            cancelled(ended(WAITING, state, NOW), NOW)
    with pytest.raises(NoDeletion):
        cancelled(None, NOW)


def test_a_look_is_remembered_under_a_key() -> None:
    assert look_hash("ada", b"one") == look_hash("ada", b"one")
    assert len({look_hash("ada", b"one"), look_hash("ada", b"two"), look_hash("bea", b"one")}) == 3
