"""Suspend a member for a time, and end that: by an officer before it is over, or by the clock."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MembershipNotFound
from services.identity.domain.membership import Membership, MembershipState, Role, resume, suspend
from services.identity.exclusion.domain.errors import (
    FounderNotExcluded,
    NotExcludable,
    SuspensionNotFound,
    SuspensionTooLong,
)
from services.identity.exclusion.domain.suspension import Suspension, lifted
from services.identity.exclusion.store import suspensions
from services.identity.exclusion.use_cases.come_back import under_present_rules
from services.identity.exclusion.use_cases.officers_union import officers_union
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import members, memberships, unions
from services.identity.use_cases.change_membership import change_membership

END_SUSPENSION = "end_suspension"


async def suspend_member(
    unit: UnitOfWork,
    settings: IdentitySettings,
    officer_id: UUID,
    union: str,
    member: str,
    ground: str,
    seconds: int,
) -> Suspension:
    """Raises UnionNotFound, FounderOnly, SuspensionTooLong, MembershipNotFound, FounderNotExcluded,
    NotExcludable.
    """
    found = await officers_union(unit, union, officer_id)
    if seconds > settings.suspension_seconds_max:
        raise SuspensionTooLong(settings.suspension_seconds_max)
    before = await excludable(unit, found.id, member)
    if before.state is not MembershipState.ACTIVE:
        raise NotExcludable(before.state.value)
    suspension = Suspension(
        found.id,
        unit.ids.new(),
        before.member_id,
        officer_id,
        ground,
        unit.now,
        unit.now + timedelta(seconds=seconds),
    )
    await suspensions.add_suspension(unit, suspension)
    await unit.set_timer(END_SUSPENSION, f"{found.id}:{suspension.id}", suspension.ends_at)
    await _tell(unit, settings, suspension, "membership.suspended", officer_id)
    unit.record_act(
        "suspension",
        f"unions/{found.id}/suspensions/{suspension.id}",
        {"member_id": before.member_id, "ends_at": suspension.ends_at},
        union_id=found.id,
        charter_version=found.charter_version,
        on_behalf_of=f"member:{before.member_id}",
    )
    await change_membership(unit, settings, before, suspend(before, unit.now), officer_id)
    return suspension


async def lift_suspension(
    unit: UnitOfWork, settings: IdentitySettings, officer_id: UUID, union: str, suspension_id: UUID
) -> Suspension:
    """Raises UnionNotFound, FounderOnly, SuspensionNotFound, SuspensionOver."""
    found = await officers_union(unit, union, officer_id)
    present = await suspensions.find_suspension(unit, found.id, suspension_id, lock=True)
    if present is None:
        raise SuspensionNotFound(suspension_id)
    after = lifted(present, officer_id, unit.now)
    await suspensions.save_lifting(unit, after)
    await unit.cancel_timer(END_SUSPENSION, f"{found.id}:{suspension_id}")
    unit.record_act(
        "suspension",
        f"unions/{found.id}/suspensions/{suspension_id}",
        {"member_id": after.member_id, "lifted": True},
        union_id=found.id,
        charter_version=found.charter_version,
        on_behalf_of=f"member:{after.member_id}",
    )
    await _back(unit, settings, after, officer_id)
    return after


async def end_suspension(unit: UnitOfWork, settings: IdentitySettings, key: str) -> None:
    """Its time is over: the member is back, unless they left or were expelled meanwhile."""
    union_id, _, suspension_id = key.partition(":")
    await unions.lock_union(unit, union_id)
    present = await suspensions.find_suspension(unit, UUID(union_id), UUID(suspension_id), lock=True)
    if present is not None and present.lifted_at is None:
        await _back(unit, settings, present, None)


async def excludable(unit: UnitOfWork, union_id: UUID, member: str) -> Membership:
    """The membership, locked, of a member who may be kept out.

    Raises MembershipNotFound, FounderNotExcluded.
    """
    profile = await members.profile_named(unit, member)
    if profile is None:
        raise MembershipNotFound
    membership = await memberships.membership_of(unit, union_id, profile.member_id, lock=True)
    if membership is None:
        raise MembershipNotFound
    if membership.role is Role.FOUNDER:
        raise FounderNotExcluded
    return membership


async def _back(
    unit: UnitOfWork, settings: IdentitySettings, suspension: Suspension, officer_id: UUID | None
) -> None:
    before = await memberships.membership_of(unit, suspension.union_id, suspension.member_id, lock=True)
    assert before is not None
    after = resume(before, unit.now)
    if after is not before:
        await _tell(unit, settings, suspension, "membership.resumed", officer_id)
        after = await under_present_rules(unit, settings.notice_gather, after)
        await change_membership(unit, settings, before, after, officer_id or suspension.ordered_by)


async def _tell(
    unit: UnitOfWork, settings: IdentitySettings, suspension: Suspension, kind: str, by: UUID | None
) -> None:
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=suspension.union_id,
        member_id=suspension.member_id,
        kind=kind,
        subject="suspensions",
        subject_id=suspension.id,
        actor_id=by,
    )
