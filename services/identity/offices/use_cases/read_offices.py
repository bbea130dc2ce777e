"""Read the offices of a union, its register, and what a member holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.money import Asset
from chassis.unit_of_work import UnitOfWork
from events.identity import OfficeGrantState
from services.identity.domain.union import NetworkUnion
from services.identity.domain.visibility import may_see_members
from services.identity.offices.domain.tree import OfficeTree
from services.identity.offices.store.grants import told_of
from services.identity.offices.store.holdings import RegisteredHolding, register_page
from services.identity.offices.store.offices import load_tree
from services.identity.offices.use_cases.tell_grants import grants_event
from services.identity.store import memberships
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.read_union import read_charter


@dataclass(frozen=True, slots=True)
class Offices:
    """A union's offices, in which token their limits are, and whether the reader sees names."""

    union: NetworkUnion
    token: Asset
    tree: OfficeTree
    names_shown: bool


async def read_offices(unit: UnitOfWork, union: str, reader_id: UUID | None) -> Offices:
    """Raises UnionNotFound."""
    found, adopted = await read_charter(unit, union, None)
    reader = None if reader_id is None else await memberships.membership_of(unit, found.id, reader_id)
    return Offices(
        found,
        adopted.token,
        await load_tree(unit, found.id, found.head_id),
        may_see_members(adopted.charter.parameters.visibility_members, found.head_id, reader),
    )


async def read_token(unit: UnitOfWork, union: str) -> Asset:
    """In which the limits of the union's offices are. Raises UnionNotFound."""
    _, adopted = await read_charter(unit, union, None)
    return adopted.token


async def read_register(
    unit: UnitOfWork,
    offices: Offices,
    reader_id: UUID | None,
    at: datetime | None,
    office_id: UUID | None,
    before_id: UUID | None,
    limit: int,
) -> Sequence[RegisteredHolding]:
    """Who held what, the newest first; one more than `limit` where more follow."""
    return await register_page(unit, offices.union.id, reader_id, at, office_id, before_id, limit + 1)


async def read_grants(unit: UnitOfWork, union: str, member_id: UUID) -> OfficeGrantState:
    """Derived now, under the version that was told last. Raises UnionNotFound."""
    found = await union_of(unit, union)
    told = await told_of(unit, found.id, member_id)
    tree = await load_tree(unit, found.id, found.head_id)
    return grants_event(found.id, member_id, max(1, told.version), tree.grants_of(member_id, unit.now))
