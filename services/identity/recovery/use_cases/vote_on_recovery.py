"""A guardian says whether it is their ward who asks; enough of them lock the account and start the delay."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.use_cases.cancel_deletion import withdraw_deletion
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.errors import (
    AnotherRecoveryWaits,
    RecoveryNotFound,
    RecoveryOver,
    VoteCast,
)
from services.identity.recovery.domain.recovery import Recovery, RecoveryState, voted
from services.identity.recovery.store import recoveries
from services.identity.recovery.store.guardians import is_guardian, withdraw_waiting
from services.identity.recovery.use_cases.ask_recovery import COMPLETE_RECOVERY
from services.identity.settings import IdentitySettings
from services.identity.store import revocations, sessions


async def vote_on_recovery(
    unit: UnitOfWork, settings: IdentitySettings, guardian_id: UUID, recovery_id: UUID, *, approves: bool
) -> Recovery:
    """Once a round. Raises RecoveryNotFound, RecoveryOver, VoteCast, AnotherRecoveryWaits."""
    recovery = await recoveries.lock_recovery(unit, recovery_id)
    if recovery is None or not await is_guardian(
        unit, recovery.member_id, recovery.guardians_version, guardian_id
    ):
        raise RecoveryNotFound(str(recovery_id))
    present = recovery.at(unit.now)
    if not present.takes_votes:
        raise RecoveryOver(present.state.value)
    if not await recoveries.add_vote(unit, recovery, guardian_id, approves=approves):
        raise VoteCast
    approvals, disapprovals = await recoveries.count_votes(unit, recovery)
    delay = timedelta(seconds=settings.recovery_delay_seconds)
    after = voted(recovery, approvals, disapprovals, unit.now, delay)
    unit.record_act(
        "guardian",
        f"recoveries/{recovery.id}",
        {"round": recovery.round, "approves": approves, "state": after.state.value},
        on_behalf_of=f"member:{recovery.member_id}",
    )
    if after.state is not recovery.state:
        await recoveries.save_recovery(unit, after)
        await _decided(unit, after)
    return after


async def _decided(unit: UnitOfWork, recovery: Recovery) -> None:
    member_id = recovery.member_id
    if recovery.state is RecoveryState.REFUSED:
        await tell_account(unit, member_id, "account.recovery_refused", "recoveries", recovery.id)
        return
    assert recovery.waits_until is not None
    await unit.set_timer(COMPLETE_RECOVERY, str(recovery.id), recovery.waits_until)
    if not await recoveries.lock_account(unit, member_id, recovery.id):
        raise AnotherRecoveryWaits
    # Whoever named other guardians in the last days may be who the member fled from.
    await withdraw_waiting(unit, member_id)
    await withdraw_deletion(unit, member_id, "guardian")
    await tell_account(unit, member_id, "account.locked", "recoveries", recovery.id)
    for session_id in await sessions.end_sessions(unit, member_id, "account_locked"):
        await revocations.record_ended_session(unit, session_id, member_id)
