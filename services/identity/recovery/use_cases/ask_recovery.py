"""Ask that a new key be a member's whose keys are lost: of their guardians, or by one of their codes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from asyncpg import UniqueViolationError

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.use_cases.cancel_deletion import withdraw_deletion
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.codes import code_hash
from services.identity.recovery.domain.errors import (
    NewKeyTaken,
    RecoveriesOpenReached,
    RecoveryNotPossible,
)
from services.identity.recovery.domain.recovery import Recovery, RecoveryState, RecoveryWay
from services.identity.recovery.store import recoveries
from services.identity.recovery.store.codes import use_code
from services.identity.recovery.store.guardians import holding_set, withdraw_waiting
from services.identity.recovery.store.recoveries import NewKey
from services.identity.recovery.use_cases.tell_guardians import tell_guardians
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.store.member_keys import has_holder
from services.identity.use_cases.limit_attempts import limit_attempts

COMPLETE_RECOVERY = "complete_recovery"


@dataclass(frozen=True, slots=True)
class AskedRecovery:
    """`member`: handle or id. `greeting`: what the guardians read. Without a code they decide."""

    member: str
    code: str | None
    greeting: str


async def ask_recovery(
    unit: UnitOfWork,
    settings: IdentitySettings,
    codes_key: bytes,
    asked: AskedRecovery,
    key: NewKey,
    address: str | None = None,
) -> Recovery:
    """`key` is proven by then, and its nonce used up: the caller commits a refusal too.

    Raises AttemptLimitReached, NewKeyTaken, RecoveryNotPossible, RecoveriesOpenReached.
    """
    await limit_attempts(unit, settings, AttemptKind.RECOVERY_OF_ADDRESS, address)
    if await has_holder(unit, key.kind, key.identifier):
        raise NewKeyTaken
    if await recoveries.recovery_of_key(unit, key.kind, key.identifier) is not None:
        raise NewKeyTaken
    profile = await members.profile_named(unit, asked.member)
    if profile is None:
        raise RecoveryNotPossible
    await members.lock_member(unit, profile.member_id)
    recovery = await _begin(unit, settings, codes_key, asked, profile.member_id)
    try:
        async with unit.attempt():
            await recoveries.add_recovery(unit, recovery, key, asked.greeting)
    except UniqueViolationError:
        raise NewKeyTaken from None
    await _tell(unit, recovery)
    return recovery


async def _begin(
    unit: UnitOfWork, settings: IdentitySettings, codes_key: bytes, asked: AskedRecovery, member_id: UUID
) -> Recovery:
    """Asked of the guardians, or waiting at once by a code, which is used by then."""
    guardians = await holding_set(unit, member_id)
    can_decide = guardians is not None and len(guardians.guardians) >= guardians.threshold
    if asked.code is None and not can_decide:
        raise RecoveryNotPossible
    if await recoveries.count_open(unit, member_id) >= settings.recoveries_open_max:
        raise RecoveriesOpenReached(settings.recoveries_open_max)
    if asked.code is not None and not await use_code(unit, member_id, code_hash(asked.code, codes_key)):
        raise RecoveryNotPossible
    by_code = asked.code is not None
    return Recovery(
        id=unit.ids.new(),
        member_id=member_id,
        way=RecoveryWay.CODE if by_code else RecoveryWay.GUARDIANS,
        state=RecoveryState.WAITING if by_code else RecoveryState.ASKED,
        round=1,
        threshold=guardians.threshold if guardians else 0,
        guardians_count=len(guardians.guardians) if guardians else 0,
        guardians_version=guardians.version if guardians else 0,
        asked_at=unit.now,
        expires_at=unit.now + timedelta(seconds=settings.recovery_open_seconds),
        waits_until=unit.now + timedelta(seconds=settings.recovery_delay_seconds) if by_code else None,
    )


async def _tell(unit: UnitOfWork, recovery: Recovery) -> None:
    unit.record_act(
        f"recovery_by_{recovery.way.value}",
        f"recoveries/{recovery.id}",
        {"state": recovery.state.value},
        on_behalf_of=f"member:{recovery.member_id}",
    )
    if recovery.waits_until is not None:
        await withdraw_waiting(unit, recovery.member_id)
        await withdraw_deletion(unit, recovery.member_id, f"recovery_by_{recovery.way.value}")
        await unit.set_timer(COMPLETE_RECOVERY, str(recovery.id), recovery.waits_until)
    await tell_account(
        unit, recovery.member_id, f"account.recovery_by_{recovery.way.value}", "recoveries", recovery.id
    )
    if recovery.takes_votes:
        await tell_guardians(unit, recovery, "guardian.asked")
