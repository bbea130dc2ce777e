"""Sign in by a passkey: its signature certifies the device's key."""

from chassis.passkeys import PASSKEY
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import PasskeyUnknown
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys, passkeys
from services.identity.use_cases.issue_nonce import RandomBytes, use_up_nonce
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import (
    OpenSession,
    certified_by_passkey,
    check_scene,
    open_session,
)
from services.identity.use_cases.prove_passkey import AskedPasskey, prove_passkey
from services.identity.use_cases.register_passkey import require_passkeys


async def sign_in_by_passkey(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    asked: AskedPasskey,
    *,
    browser: str | None,
) -> OpenSession:
    """A session of the member whose passkey it is.

    The nonce is used up before anything is verified: the caller commits a refusal too. Raises the refusals of
    chassis.passkeys, PasskeysUnavailable, NonceNotUsable, PasskeyUnknown, PasskeyCounterBackwards,
    KeyAwaitsRecovery, AccountLocked, DeviceKeyTaken, DeviceKeyRevoked, AttemptLimitReached.
    """
    require_passkeys(settings)
    await use_up_nonce(unit, asked.nonce, browser)
    proven = await prove_passkey(unit, settings, asked)
    if proven is None:
        await check_not_awaited(unit, PASSKEY, asked.credential_id)
        raise PasskeyUnknown
    passkey, device = proven.passkey, proven.device
    # Counted once the passkey has signed: nobody uses up another's attempts by naming their passkey.
    await limit_attempts(unit, settings, AttemptKind.SIGN_IN_OF_PASSKEY, passkey.credential_id)
    scene = await keys.sign_in_scene(unit, PASSKEY, passkey.credential_id, device.key_id)
    await check_scene(unit, scene, device.key_id)
    assert scene.holder is not None
    await passkeys.use_passkey(unit, passkey.id, device.sign_count, device.backed_up)
    certified = certified_by_passkey(proven.certificate, device)
    return await open_session(unit, settings, random_bytes, scene.holder, certified)
