"""The grace of a material amendment is over: what the charter says of silence happens to the silent."""

from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.use_cases.follow_membership import follow_later
from services.identity.domain.acceptance import Asking, lapse
from services.identity.domain.membership import Membership, MembershipState
from services.identity.domain.union import UnionState
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.offices.use_cases.follow_membership import follow_memberships
from services.identity.settings import IdentitySettings
from services.identity.store import acceptances, unions
from services.identity.use_cases.change_membership import follow_ended
from services.identity.use_cases.publish_state import publish_membership
from services.identity.use_cases.walk_members import asking_of, walk_on


async def end_grace(settings: IdentitySettings, unit: UnitOfWork, timer: Timer) -> None:
    """One stretch of the union; each is recorded, published and told, and keeps the exit rights."""
    asking = await asking_of(unit, timer)
    union = await unions.lock_union(unit, str(asking.union_id))
    if union is None or union.state is not UnionState.ACTIVE:
        return
    due = await walk_on(unit, timer, asking, settings.acceptance_stretch_max_count)
    held = await acceptances.hold_memberships(unit, asking.union_id, due)
    lapsed = [after for before in held if (after := lapse(before, asking, unit.now)) is not before]
    if not lapsed:
        return
    await acceptances.save_lapsed(unit, asking.union_id, lapsed)
    for one in lapsed:
        publish_membership(unit, one)
        unit.record_act(
            "charter: silence",
            f"unions/{one.union_id}/memberships/{one.member_id}",
            {"version": one.version, "state": one.state.value, "asked": asking.charter_version},
            union_id=one.union_id,
            charter_version=union.charter_version,
        )
    await _tell(unit, settings, asking, lapsed)
    await follow_later(unit, lapsed)
    await follow_memberships(unit, settings, lapsed, union.head_id)
    await follow_ended(unit, lapsed)


async def _tell(
    unit: UnitOfWork, settings: IdentitySettings, asking: Asking, lapsed: list[Membership]
) -> None:
    for state, kind in (
        (MembershipState.SUSPENDED, "charter.rights_rest"),
        (MembershipState.LEFT, "charter.membership_ended"),
    ):
        await tell_members(
            unit,
            settings.notice_gather,
            union_id=asking.union_id,
            member_ids=[one.member_id for one in lapsed if one.state is state],
            kind=kind,
            subject="charter",
            subject_id=asking.union_id,
        )
