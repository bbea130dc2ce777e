"""The delay is over: out of every union, signed out everywhere, and then nothing personal is left.

One step a transaction: of each union alone is it that the rows and the log of revocations are locked.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.erasure import begin_erasure
from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from events.identity import MemberErased
from services.identity.businesses.domain.shares import ShareWay
from services.identity.businesses.store.shares import next_stake
from services.identity.businesses.use_cases.give_up_shares import give_up_shares
from services.identity.deletion.domain.deletion import OPEN, Deletion, DeletionState, ended
from services.identity.deletion.domain.errors import FounderOfOthers, RecoveryWaits
from services.identity.deletion.domain.look_hash import look_hash
from services.identity.deletion.store import ends
from services.identity.deletion.store.deletions import (
    last_deletion,
    next_membership,
    save_deletion,
    undecided_until,
)
from services.identity.deletion.use_cases.ask_deletion import check_nothing_stands
from services.identity.domain.errors import FounderCannotLeave
from services.identity.domain.handle import first_handle
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.use_cases.resign import resign_as_guardian
from services.identity.settings import IdentitySettings
from services.identity.store import devices, revocations, sessions
from services.identity.use_cases.leave_union import leave_union

WARDS_AT_ONCE_MAX = 100


async def carry_out_deletion(settings: IdentitySettings, key: bytes, unit: UnitOfWork, timer: Timer) -> None:
    """`key`: under which handles are remembered. A deletion that was cancelled meanwhile does nothing."""
    member_id = UUID(timer.key)
    union_id = await next_membership(unit, member_id)
    # Out of every union nobody receives shares any more.
    stake = None if union_id is not None else await next_stake(unit, member_id)
    if union_id is None and stake is None:
        # Before the deletion, as everybody does; but not before a union: who joins one holds it first.
        await ends.hold_member(unit, member_id)
        union_id = await next_membership(unit, member_id)
    deletion = await last_deletion(unit, member_id, lock=True)
    if deletion is None or deletion.state not in OPEN:
        return
    if deletion.state is DeletionState.ERASING:
        await _erase(unit, settings, key, deletion, timer)
    elif await _may_begin(unit, deletion, timer):
        await _leave(unit, settings, deletion, union_id, stake, timer)


async def _may_begin(unit: UnitOfWork, deletion: Deletion, timer: Timer) -> bool:
    """Whether nothing stands in the way; of one that has begun, nothing does."""
    if deletion.state is not DeletionState.WAITING:
        return True
    until = await undecided_until(unit, deletion)
    if until is not None:
        await unit.set_timer(timer.kind, timer.key, until)
        return False
    try:
        await check_nothing_stands(unit, deletion.member_id)
    except (FounderOfOthers, RecoveryWaits) as stands:
        await _stop(unit, deletion, type(stands).__name__)
        return False
    return True


async def _leave(
    unit: UnitOfWork,
    settings: IdentitySettings,
    deletion: Deletion,
    union_id: UUID | None,
    stake: tuple[UUID, UUID] | None,
    timer: Timer,
) -> None:
    """One union, or else one business in which they have shares; when there are none, the end."""
    member_id = deletion.member_id
    if deletion.state is DeletionState.WAITING:
        await save_deletion(unit, replace(deletion, state=DeletionState.LEAVING))
    if stake is not None:
        of_union, business_id = stake
        await give_up_shares(unit, settings, member_id, str(of_union), business_id, ShareWay.ERASED)
        await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due))
        return
    if union_id is None:
        await _end(unit, settings, deletion, timer)
        return
    try:
        async with unit.attempt():
            await leave_union(unit, settings, member_id, str(union_id))
    except FounderCannotLeave as stands:
        await _stop(unit, deletion, type(stands).__name__)
        return
    await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due))


async def _stop(unit: UnitOfWork, deletion: Deletion, why: str) -> None:
    """Somebody came to need the account in the meantime: nothing happens, and its member is told."""
    member_id = deletion.member_id
    await save_deletion(unit, ended(deletion, DeletionState.STOPPED, unit.now))
    _record(unit, member_id, {"deletion": "stopped", "why": why})
    await tell_account(unit, member_id, "account.deletion_stopped", "deletion", member_id)


async def _end(unit: UnitOfWork, settings: IdentitySettings, deletion: Deletion, timer: Timer) -> None:
    """Out of every union: nobody signs in any more. The log's head is locked last."""
    member_id = deletion.member_id
    await tell_account(unit, member_id, "account.deleted", "deletion", member_id)
    await ends.mark_erasing(unit, member_id)
    await save_deletion(unit, replace(deletion, state=DeletionState.ERASING))
    _record(unit, member_id, {"deletion": "erasing"})
    pause = timedelta(seconds=settings.deletion_pause_seconds)
    await unit.set_timer(timer.kind, timer.key, unit.now + pause)
    ended_sessions = await sessions.end_sessions(unit, member_id, "deleted")
    revoked = await devices.revoke_devices(unit, member_id)
    for session_id in ended_sessions:
        await revocations.record_ended_session(unit, session_id, member_id)
    for device_key_id in revoked:
        await revocations.record_revoked_key(unit, device_key_id, member_id)


async def _erase(
    unit: UnitOfWork, settings: IdentitySettings, key: bytes, deletion: Deletion, timer: Timer
) -> None:
    """No request of theirs runs any more: what is personal goes, here and at the others."""
    member_id = deletion.member_id
    wards = await ends.wards_to_leave(unit, member_id, WARDS_AT_ONCE_MAX)
    for ward_id in wards:
        await resign_as_guardian(unit, member_id, ward_id)
    if len(wards) == WARDS_AT_ONCE_MAX:
        await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due))
        return
    await ends.end_what_waits(unit, member_id)
    hashes = [look_hash(look, key) for look in await ends.looks_of(unit, member_id)]
    await ends.keep_looks(unit, hashes, unit.now + timedelta(seconds=settings.erased_handle_seconds))
    await ends.be_called(unit, member_id, first_handle(member_id))
    await save_deletion(unit, ended(deletion, DeletionState.DONE, unit.now))
    _record(unit, member_id, {"deletion": "done"})
    await begin_erasure(unit, member_id, unit.now)
    unit.publish(MemberErased(member_id=member_id, version=1, erased_at=unit.now), is_awaited=False)


def _record(unit: UnitOfWork, member_id: UUID, changed: dict[str, object]) -> None:
    unit.record_act("own_account", f"members/{member_id}", changed, on_behalf_of=f"member:{member_id}")
