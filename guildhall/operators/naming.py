"""Name operators by identity's own use case, beside a running Guildhall or without one."""

from __future__ import annotations

from chassis.errors import DomainError
from chassis.service import Chassis
from guildhall.events.operated import Operated
from guildhall.refusals import StartRefused
from services.identity.domain.errors import MemberNotFound
from services.identity.operators.domain.errors import AlreadyOperator, NoOperator, OperatorsReached
from services.identity.operators.store.operators import list_operators
from services.identity.operators.use_cases.name_operator import name_operator, remove_operator
from services.identity.settings import IdentitySettings

ACTOR = "machine"
BECAUSE_CHARACTERS_MAX = 1_000


async def name(house: Operated, member: str, because: str) -> str:
    """What is said of it. Raises StartRefused."""
    identity = house.chassis["identity"]
    try:
        async with identity.unit(ACTOR) as unit:
            named = await name_operator(unit, _settings(identity), member, _said(because))
    except DomainError as fact:
        raise _refused(fact, member) from None
    return f"@{named.handle} is an operator. What they do is at /operators, for everybody."


async def remove(house: Operated, member: str, because: str) -> str:
    """What is said of it. Raises StartRefused."""
    try:
        async with house.chassis["identity"].unit(ACTOR) as unit:
            removed = await remove_operator(unit, member, _said(because))
    except DomainError as fact:
        raise _refused(fact, member) from None
    return f"@{removed.handle} is no operator any more. What they did stays until somebody undoes it."


async def listed(house: Operated) -> str:
    """A line each: handle, since when, why."""
    identity = house.chassis["identity"]
    async with identity.unit(ACTOR) as unit:
        found = await list_operators(unit, None, _settings(identity).operators_max)
    lines = [f"@{one.handle}\t{one.since.isoformat(timespec='seconds')}\t{one.because}" for one in found]
    return "\n".join(lines) or "Nobody is an operator: guildhall operator add HANDLE --because TEXT"


def _settings(identity: Chassis) -> IdentitySettings:
    assert isinstance(identity.settings, IdentitySettings)
    return identity.settings


def _said(because: str) -> str:
    said = " ".join(because.split())
    if not 1 <= len(said) <= BECAUSE_CHARACTERS_MAX:
        raise StartRefused(f"--because says why, in 1 to {BECAUSE_CHARACTERS_MAX} characters")
    return said


def _refused(fact: DomainError, member: str) -> StartRefused:
    match fact:
        case MemberNotFound():
            return StartRefused(f"nobody is called {member} here")
        case AlreadyOperator():
            return StartRefused(f"{member} is an operator already")
        case NoOperator():
            return StartRefused(f"{member} is no operator: guildhall operator list")
        case OperatorsReached(limit=limit):
            return StartRefused(f"there are {limit} operators, as many as may be: remove one")
        case _:
            raise fact
