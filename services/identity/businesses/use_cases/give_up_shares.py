"""Give all one's shares of a business up: they fall to the other owners; without one, the business closes."""

from collections.abc import Mapping
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.errors import BusinessRightMissing
from services.identity.businesses.domain.shares import ShareChange, ShareWay, fall
from services.identity.businesses.store.shares import record_changes, save_shares
from services.identity.businesses.use_cases.close_business import close_business
from services.identity.businesses.use_cases.standing import OWNERS, Scene, scene_of
from services.identity.businesses.use_cases.tell_grants import tell_grants
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.settings import IdentitySettings


async def give_up_shares(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    way: ShareWay = ShareWay.GIVEN_UP,
) -> None:
    """Of a closed business too: there is nothing left to own. Who is out of the union may.

    Raises UnionNotFound, BusinessNotFound, BusinessRightMissing.
    """
    scene = await scene_of(unit, member_id, union, business_id)
    before = scene.roster.shares
    given = before.get(member_id, 0)
    if not given:
        raise BusinessRightMissing(OWNERS, "give shares of it up")
    fallen = fall(before, member_id)
    after = {one: count + fallen.get(one, 0) for one, count in before.items() if one != member_id}
    await save_shares(unit, scene.union.id, business_id, before, after)
    parts: Mapping[UUID | None, int] = {**fallen} if fallen else {None: given}
    changes = [
        ShareChange(unit.ids.new(), member_id, to_id, part, way, unit.now) for to_id, part in parts.items()
    ]
    await record_changes(unit, scene.union.id, business_id, changes)
    scene.record(unit, "own_shares", {"shares": str(given), "way": way.value}, member_id)
    await _tell(unit, settings, scene, [*fallen])
    if not after and scene.roster.is_open:
        await close_business(unit, settings, scene, member_id)
    else:
        await tell_grants(unit, scene.business)


async def _tell(unit: UnitOfWork, settings: IdentitySettings, scene: Scene, receivers: list[UUID]) -> None:
    await tell_members(
        unit,
        settings.notice_gather,
        union_id=scene.union.id,
        member_ids=receivers,
        kind="business.shares",
        subject="businesses",
        subject_id=scene.business.id,
        actor_id=scene.member_id,
    )
