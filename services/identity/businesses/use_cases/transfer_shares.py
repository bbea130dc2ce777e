"""Hand shares over to another member of the union: also who is out of it may."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.errors import BusinessLimit, BusinessRightMissing
from services.identity.businesses.domain.shares import ShareChange, ShareWay, transfer
from services.identity.businesses.store.shares import record_changes, save_shares, stakes_of
from services.identity.businesses.use_cases.standing import OWNERS, Scene, scene_of
from services.identity.businesses.use_cases.tell_grants import tell_grants
from services.identity.domain.errors import MemberNotFound
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import members


async def transfer_shares(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    named: str,
    shares: int,
) -> ShareChange:
    """`named`: handle or id of who receives them.

    Raises UnionNotFound, BusinessNotFound, MemberNotFound, BusinessRightMissing, BusinessClosed,
    SharesRefused, BusinessLimit.
    """
    receiver = await members.profile_named(unit, named)
    if receiver is None:
        raise MemberNotFound(named)
    to_id = receiver.member_id
    scene = await scene_of(unit, member_id, union, business_id, {to_id})
    if member_id not in scene.roster.shares:
        raise BusinessRightMissing(OWNERS, "hand shares of it over")
    scene.business.require_open()
    before = scene.roster.shares
    after = transfer(before, member_id, to_id, shares, can_receive=scene.is_active(to_id))
    await _require_room(unit, settings, scene, to_id, len(after))
    await save_shares(unit, scene.union.id, business_id, before, after)
    change = ShareChange(unit.ids.new(), member_id, to_id, shares, ShareWay.TRANSFERRED, unit.now)
    await record_changes(unit, scene.union.id, business_id, [change])
    scene.record(unit, "own_shares", {"shares": str(shares), "to": to_id, "change": change.id})
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=scene.union.id,
        member_id=to_id,
        kind="business.shares",
        subject="businesses",
        subject_id=business_id,
        actor_id=member_id,
    )
    await tell_grants(unit, scene.business)
    return change


async def _require_room(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, to_id: UUID, owners_after: int
) -> None:
    if to_id in scene.roster.shares:
        return
    if owners_after > settings.business_owners_max:
        raise BusinessLimit("owners", settings.business_owners_max)
    if await stakes_of(unit, scene.union.id, to_id) >= settings.business_stakes_per_member_max:
        raise BusinessLimit("stakes_of_member", settings.business_stakes_per_member_max)
