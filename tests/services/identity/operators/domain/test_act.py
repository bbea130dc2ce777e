"""What becomes of what an operator did, as a table; and grounds that name nobody."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.operators.domain.act import (
    ActState,
    Appeal,
    OperatorAct,
    Ruling,
    RulingKind,
    check_ground,
)
from services.identity.operators.domain.errors import GroundNamesMember
from services.identity.operators.domain.powers import Power

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
MEMBER, OPERATOR = UUID(int=1), UUID(int=2)
LATER, BEFORE = NOW + timedelta(days=1), NOW - timedelta(seconds=1)


def ruled(kind: RulingKind) -> Ruling:
    return Ruling(OPERATOR, "warden", kind, "So.", NOW)


def act(
    until: datetime | None,
    decide_by: datetime | None = None,
    decision: RulingKind | None = None,
    *,
    undone: bool = False,
) -> OperatorAct:
    return OperatorAct(
        id=UUID(int=3),
        operator_id=OPERATOR,
        operator_handle="warden",
        power=Power.LOCK_MEMBER,
        member_id=MEMBER,
        union_id=None,
        head_id=None,
        picture=None,
        ground="So.",
        made_at=NOW,
        until=until,
        appeal=None if decide_by is None else Appeal(MEMBER, "No.", NOW, decide_by),
        decision=None if decision is None else ruled(decision),
        undoing=ruled(RulingKind.UNDONE) if undone else None,
    )


@pytest.mark.parametrize(
    ("of", "state"),
    [
        (act(LATER), ActState.IN_FORCE),
        (act(None), ActState.IN_FORCE),
        (act(NOW), ActState.OVER),
        (act(LATER, LATER), ActState.IN_FORCE),
        (act(LATER, NOW), ActState.LAPSED),
        (act(LATER, BEFORE, RulingKind.UPHELD), ActState.IN_FORCE),
        (act(BEFORE, BEFORE, RulingKind.UPHELD), ActState.OVER),
        (act(LATER, LATER, RulingKind.REVERSED), ActState.REVERSED),
        (act(LATER, undone=True), ActState.UNDONE),
        (act(LATER, LATER, RulingKind.UPHELD, undone=True), ActState.UNDONE),
    ],
)
def test_it_holds_until_its_time_an_undoing_or_an_appeal_that_is_won(
    of: OperatorAct, state: ActState
) -> None:
    assert of.state_at(NOW) is state


@pytest.mark.parametrize("ground", ["it was ada.", "@ADA sold it", "ada, again", "Ada Lovelace"])
def test_a_ground_that_names_the_member_is_refused(ground: str) -> None:
    with pytest.raises(GroundNamesMember):
        check_ground(ground, "ada", "Lovelace", str(MEMBER))


@pytest.mark.parametrize("ground", ["It was adamant.", "ada-x said so", "An order of the court."])
def test_other_words_name_nobody(ground: str) -> None:
    check_ground(ground, "ada", "", str(MEMBER))
