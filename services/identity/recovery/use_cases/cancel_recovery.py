"""A live key says that its member has lost nothing: the recovery is over, unless guardians override that."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.errors import NotAKeyOfTheirs, RecoveryNotFound
from services.identity.recovery.domain.recovery import Recovery, cancelled
from services.identity.recovery.store import recoveries
from services.identity.recovery.use_cases.ask_recovery import COMPLETE_RECOVERY
from services.identity.recovery.use_cases.prove_own_key import OwnKey
from services.identity.recovery.use_cases.tell_guardians import tell_guardians
from services.identity.settings import IdentitySettings
from services.identity.store.member_keys import is_living_key_of


async def cancel_by_key(
    unit: UnitOfWork, settings: IdentitySettings, recovery_id: UUID, key: OwnKey
) -> Recovery:
    """For who cannot sign in, as the account is locked. `key` is proven by then.

    Raises NotAKeyOfTheirs, RecoveryNotFound, RecoveryOver, RecoveryFinal.
    """
    recovery = await recoveries.lock_recovery(unit, recovery_id)
    if recovery is None:
        raise RecoveryNotFound(str(recovery_id))
    if not await is_living_key_of(unit, recovery.member_id, key.kind, key.identifier):
        raise NotAKeyOfTheirs
    return await _cancel(unit, settings, recovery, {key.kind: key.identifier})


async def cancel_own(
    unit: UnitOfWork, settings: IdentitySettings, recovery_id: UUID, member_id: UUID
) -> Recovery:
    """By a session of the member's. Raises RecoveryNotFound, RecoveryOver, RecoveryFinal."""
    recovery = await recoveries.lock_recovery(unit, recovery_id)
    if recovery is None or recovery.member_id != member_id:
        raise RecoveryNotFound(str(recovery_id))
    return await _cancel(unit, settings, recovery, {})


async def _cancel(
    unit: UnitOfWork, settings: IdentitySettings, recovery: Recovery, by: dict[str, str]
) -> Recovery:
    after = cancelled(recovery, unit.now, timedelta(seconds=settings.recovery_open_seconds))
    await recoveries.save_recovery(unit, after)
    await recoveries.unlock_account(unit, recovery.member_id, recovery.id)
    await unit.cancel_timer(COMPLETE_RECOVERY, str(recovery.id))
    unit.record_act(
        "own_keys",
        f"recoveries/{recovery.id}",
        {"state": after.state.value} | by,
        on_behalf_of=f"member:{recovery.member_id}",
    )
    await tell_account(unit, recovery.member_id, "account.recovery_cancelled", "recoveries", recovery.id)
    await tell_guardians(unit, after, "guardian.cancelled")
    return after
