"""The description of a state event names every state that its service knows."""

import re
from enum import StrEnum

import pytest

from events.catalogue import CATALOGUE
from services.funding.domain.projects import ProjectState
from services.identity.domain.membership import MembershipState
from services.identity.domain.union import UnionState
from services.ledger.bridge.domain.states import WithdrawalState
from services.ledger.domain.runs import RunState
from services.market.domain.agreements import AgreementState
from services.market.domain.offers import OfferState

STATES: dict[str, type[StrEnum]] = {
    "union": UnionState,
    "membership": MembershipState,
    "offer": OfferState,
    "agreement": AgreementState,
    "run": RunState,
    "withdrawal": WithdrawalState,
    "project": ProjectState,
}


@pytest.mark.parametrize("event_type", sorted(STATES))
def test_every_state_is_named(event_type: str) -> None:
    told = CATALOGUE[event_type].__doc__ or ""
    named = set(re.findall(r"[a-z_]+", told.split("States:", 1)[1]))
    assert {state.value for state in STATES[event_type]} <= named
