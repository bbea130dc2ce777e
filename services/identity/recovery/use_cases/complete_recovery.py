"""The delay is over: the new key takes the place of all that there were."""

from uuid import UUID

from chassis.passkeys import PASSKEY, read_base64url
from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.use_cases.cancel_deletion import withdraw_deletion
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.recovery import Recovery, RecoveryState, completed, is_due
from services.identity.recovery.store import recoveries
from services.identity.recovery.store.codes import drop_codes
from services.identity.recovery.store.guardians import withdraw_waiting
from services.identity.recovery.store.recoveries import NewKey
from services.identity.recovery.use_cases.prove_new_key import KeptPasskey
from services.identity.recovery.use_cases.tell_guardians import tell_guardians
from services.identity.store import devices, keys, passkeys, revocations, sessions
from services.identity.store.member_keys import remove_keys
from services.identity.store.passkeys import Passkey


async def complete_recovery(unit: UnitOfWork, recovery_id: UUID) -> None:
    """Keys, devices, sessions, codes and a change of guardians that waits: all are gone. Once."""
    recovery = await recoveries.lock_recovery(unit, recovery_id)
    if recovery is None or not is_due(recovery, unit.now):
        return
    member_id = recovery.member_id
    # Whoever signs in at the same time has done so by now, or finds their key removed.
    await recoveries.unlock_account(unit, member_id, None)
    await withdraw_deletion(unit, member_id, f"recovery_by_{recovery.way.value}")
    found = await recoveries.find_recovery(unit, recovery_id)
    assert found is not None
    is_done = await _replace_keys(unit, member_id, found[1])
    after = completed(recovery, is_done=is_done)
    await recoveries.save_recovery(unit, after)
    unit.record_act(
        f"recovery_by_{recovery.way.value}",
        f"recoveries/{recovery.id}",
        {"state": after.state.value, found[1].kind: found[1].identifier},
        on_behalf_of=f"member:{member_id}",
    )
    if is_done:
        await recoveries.end_others(unit, member_id, recovery.id)
    await _tell(unit, after)
    await _end_what_was(unit, member_id)


async def _replace_keys(unit: UnitOfWork, member_id: UUID, new: NewKey) -> bool:
    """False, and nothing changed, where somebody has the new key by now."""
    if not await keys.add_key(unit, member_id, new.kind, new.identifier):
        return False
    await remove_keys(unit, member_id, but=(new.kind, new.identifier))
    await drop_codes(unit, member_id)
    await withdraw_waiting(unit, member_id)
    if new.kind == PASSKEY:
        assert new.passkey is not None
        kept = KeptPasskey(**new.passkey)
        await passkeys.add_passkey(
            unit,
            Passkey(
                id=unit.ids.new(),
                member_id=member_id,
                credential_id=new.identifier,
                public_key=read_base64url("public_key", kept.public_key),
                user_handle=read_base64url("user_handle", kept.user_handle),
                sign_count=kept.sign_count,
                backed_up=kept.backed_up,
                name=kept.name,
                added_at=unit.now,
                used_at=unit.now,
            ),
        )
    return True


async def _tell(unit: UnitOfWork, recovery: Recovery) -> None:
    is_done = recovery.state is RecoveryState.DONE
    said = "account.recovered" if is_done else "account.recovery_refused"
    await tell_account(unit, recovery.member_id, said, "recoveries", recovery.id)
    if is_done:
        await tell_guardians(unit, recovery, "guardian.recovered")


async def _end_what_was(unit: UnitOfWork, member_id: UUID) -> None:
    """Devices that the old keys certified sign no more; the log's head is locked last."""
    ended = await sessions.end_sessions(unit, member_id, "recovered")
    revoked = await devices.revoke_devices(unit, member_id)
    for session_id in ended:
        await revocations.record_ended_session(unit, session_id, member_id)
    for device_key_id in revoked:
        await revocations.record_revoked_key(unit, device_key_id, member_id)
