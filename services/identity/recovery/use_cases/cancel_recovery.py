"""A live key says that its member has lost nothing: the recovery is over, unless guardians override that."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.passkeys import PASSKEY
from chassis.siwe import parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import PasskeyUnknown
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.errors import NotAKeyOfTheirs, RecoveryNotFound
from services.identity.recovery.domain.recovery import Recovery, cancelled
from services.identity.recovery.store import recoveries
from services.identity.recovery.use_cases.ask_recovery import COMPLETE_RECOVERY
from services.identity.recovery.use_cases.prove_new_key import WalletProof
from services.identity.recovery.use_cases.tell_guardians import tell_guardians
from services.identity.settings import IdentitySettings
from services.identity.store import passkeys
from services.identity.store.keys import WALLET
from services.identity.store.member_keys import is_living_key_of
from services.identity.use_cases.issue_nonce import use_up_nonce
from services.identity.use_cases.prove_passkey import AskedPasskey, prove_passkey
from services.identity.use_cases.prove_wallet import prove_wallet
from services.identity.use_cases.register_passkey import require_passkeys


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    identifier: str


async def cancel_by_key(
    unit: UnitOfWork,
    settings: IdentitySettings,
    recovery_id: UUID,
    proof: WalletProof | AskedPasskey,
    browser: str | None,
) -> Recovery:
    """For who cannot sign in, as the account is locked. The nonce is used up before anything is verified.

    Raises NonceNotUsable, a SignInRefused of chassis.siwe, the refusals of chassis.passkeys,
    PasskeysUnavailable, PasskeyUnknown, PasskeyCounterBackwards, NotAKeyOfTheirs, RecoveryNotFound,
    RecoveryOver, RecoveryFinal.
    """
    key = await _proven(unit, settings, proof, browser)
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


async def _proven(
    unit: UnitOfWork, settings: IdentitySettings, proof: WalletProof | AskedPasskey, browser: str | None
) -> _Key:
    if isinstance(proof, WalletProof):
        nonce = parse_siwe_message(proof.message).nonce
        await use_up_nonce(unit, nonce, browser)
        device = prove_wallet(unit, settings, message=proof.message, signature=proof.signature, nonce=nonce)
        return _Key(WALLET, device.wallet_address.lower())
    require_passkeys(settings)
    await use_up_nonce(unit, proof.nonce, browser)
    proven = await prove_passkey(unit, settings, proof)
    if proven is None:
        raise PasskeyUnknown
    await passkeys.use_passkey(unit, proven.passkey.id, proven.device.sign_count, proven.device.backed_up)
    return _Key(PASSKEY, proven.passkey.credential_id)


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
