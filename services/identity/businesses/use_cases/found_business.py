"""Found a business: its founder has all its shares."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import Business, BusinessState, plain_name
from services.identity.businesses.domain.errors import BusinessLimit, BusinessNameTaken, BusinessRefused
from services.identity.businesses.domain.shares import ShareChange, ShareWay
from services.identity.businesses.store.businesses import add_business, open_counts
from services.identity.businesses.store.shares import record_changes, save_shares, stakes_of
from services.identity.businesses.use_cases.standing import hold_members, require_active
from services.identity.businesses.use_cases.tell_grants import business_event, tell_grants
from services.identity.settings import IdentitySettings
from services.identity.store import unions
from services.identity.use_cases.find_union import union_of


async def found_business(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, name: str, shares_count: int
) -> Business:
    """Raises UnionNotFound, UnionDissolved, NotAMember, BusinessRefused, BusinessLimit, BusinessNameTaken."""
    plain = plain_name(name)
    if shares_count > settings.business_shares_max:
        raise BusinessRefused(f"a business has at most {settings.business_shares_max} shares")
    found = await union_of(unit, union, unions.lock_union)  # alone, so that they can be counted
    found.require_active()
    members = await hold_members(unit, found.id, {member_id})
    require_active(members[member_id])
    await _require_room(unit, settings, found.id, member_id)
    business = Business(
        union_id=found.id,
        id=unit.ids.new(),
        name=plain,
        state=BusinessState.ACTIVE,
        shares_count=shares_count,
        version=1,
        founded_by=member_id,
        founded_at=unit.now,
    )
    if not await add_business(unit, business):
        raise BusinessNameTaken(plain)
    await save_shares(unit, found.id, business.id, {}, {member_id: shares_count})
    issued = ShareChange(unit.ids.new(), None, member_id, shares_count, ShareWay.FOUNDED, unit.now)
    await record_changes(unit, found.id, business.id, [issued])
    unit.publish(business_event(business))
    unit.record_act(
        "member",
        f"unions/{found.id}/businesses/{business.id}",
        {"founded": business.id, "shares": str(shares_count)},
        union_id=found.id,
        charter_version=found.charter_version,
    )
    await tell_grants(unit, business)
    return business


async def _require_room(
    unit: UnitOfWork, settings: IdentitySettings, union_id: UUID, member_id: UUID
) -> None:
    of_union, of_founder = await open_counts(unit, union_id, member_id)
    for what, count, limit in (
        ("businesses", of_union, settings.businesses_per_union_max),
        ("businesses_of_founder", of_founder, settings.businesses_per_founder_max),
        (
            "stakes_of_member",
            await stakes_of(unit, union_id, member_id),
            settings.business_stakes_per_member_max,
        ),
    ):
        if count >= limit:
            raise BusinessLimit(what, limit)
