"""The union, locked, on which acts about its succession stand."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly
from services.identity.domain.membership import MembershipState
from services.identity.domain.union import NetworkUnion
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import memberships, unions
from services.identity.succession.domain.errors import HeirNotNamed
from services.identity.succession.domain.heir import Heir
from services.identity.succession.store.heirs import heir_of
from services.identity.use_cases.find_union import union_of


async def living_union(unit: UnitOfWork, union: str) -> NetworkUnion:
    """Locked: heirs change one after the other. Raises UnionNotFound, UnionDissolved."""
    found = await union_of(unit, union, unions.lock_union)
    found.require_active()
    return found


async def heads_union(unit: UnitOfWork, union: str, member_id: UUID, act: str) -> NetworkUnion:
    """Locked, of who holds the founder's office. Raises UnionNotFound, UnionDissolved, FounderOnly."""
    found = await living_union(unit, union)
    if found.head_id != member_id:
        raise FounderOnly(act)
    return found


async def required_heir(unit: UnitOfWork, union: NetworkUnion) -> Heir:
    """Raises HeirNotNamed."""
    heir = await heir_of(unit, union.id)
    if heir is None:
        raise HeirNotNamed
    return heir


async def is_active(unit: UnitOfWork, union: NetworkUnion, member_id: UUID) -> bool:
    present = await memberships.membership_of(unit, union.id, member_id)
    return present is not None and present.state is MembershipState.ACTIVE


async def tell(
    unit: UnitOfWork, settings: IdentitySettings, union: NetworkUnion, whom: UUID, kind: str, by: UUID | None
) -> None:
    """On every channel of whom it is about."""
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=union.id,
        member_id=whom,
        kind=kind,
        subject="succession",
        subject_id=union.id,
        actor_id=by,
    )


def record(unit: UnitOfWork, union: NetworkUnion, right: str, changed: dict[str, object]) -> None:
    unit.record_act(
        right,
        f"unions/{union.id}/succession",
        changed,
        union_id=union.id,
        charter_version=union.charter_version,
    )
