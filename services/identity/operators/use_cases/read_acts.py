"""Read what operators did: everybody what, when and why; whom it is about and operators the rest."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import MembershipState
from services.identity.domain.visibility import may_see_members
from services.identity.operators.domain.act import OperatorAct
from services.identity.operators.domain.errors import OperatorActNotFound
from services.identity.operators.store import acts
from services.identity.operators.store.operators import is_operator
from services.identity.store import charters, memberships
from services.identity.use_cases.find_union import union_of


async def act_of(unit: UnitOfWork, act_id: UUID) -> OperatorAct:
    """Raises OperatorActNotFound."""
    act = await acts.find_act(unit, act_id)
    if act is None:
        raise OperatorActNotFound(act_id)
    return act


async def sees_all(unit: UnitOfWork, reader_id: UUID | None) -> bool:
    """Whether they read whom acts are about, and appeals: operators do."""
    return reader_id is not None and await is_operator(unit, reader_id)


async def union_acts(
    unit: UnitOfWork, reader_id: UUID, union: str, before: UUID | None, limit: int
) -> tuple[Sequence[OperatorAct], UUID, bool]:
    """Those that concern the union, its id, and whether its charter lets the reader see who its members are.

    Raises UnionNotFound, NotAMember.
    """
    found = await union_of(unit, union)
    reader = await memberships.membership_of(unit, found.id, reader_id)
    if reader is None:
        raise NotAMember
    if reader.state not in (MembershipState.ACTIVE, MembershipState.SUSPENDED):
        raise NotAMember(reader.state.value)
    adopted = await charters.charter_version(unit, found.id, found.charter_version)
    assert adopted is not None
    visibility = adopted.charter.parameters.visibility_members
    listed = await acts.list_about_union(unit, found.id, before, limit)
    return listed, found.id, may_see_members(visibility, found.head_id, reader)
