"""Sign in by a passkey: its signature certifies the device's key."""

from dataclasses import dataclass

import structlog

from chassis.passkeys import (
    PASSKEY,
    PasskeyCertificate,
    PasskeyDevice,
    PasskeyWrong,
    read_base64url,
)
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import PasskeyCounterBackwards, PasskeyUnknown
from services.identity.settings import IdentitySettings
from services.identity.store import keys, passkeys
from services.identity.store.passkeys import Passkey
from services.identity.use_cases.issue_nonce import RandomBytes, use_up_nonce
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import (
    OpenSession,
    certified_by_passkey,
    check_device,
    open_session,
)
from services.identity.use_cases.register_passkey import require_passkeys

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AskedPasskey:
    """What a browser's `get()` answered; its parts are base64url."""

    nonce: str
    device_public_key: str
    credential_id: str
    client_data: str
    authenticator_data: str
    signature: str
    user_handle: str | None


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
    DeviceKeyTaken, DeviceKeyRevoked, AttemptLimitReached.
    """
    require_passkeys(settings)
    await use_up_nonce(unit, asked.nonce, browser)
    passkey = await passkeys.lock_passkey(unit, asked.credential_id)
    if passkey is None:
        raise PasskeyUnknown
    certificate = PasskeyCertificate.of_assertion(
        nonce=asked.nonce,
        device_public_key=asked.device_public_key,
        credential_id=asked.credential_id,
        client_data=asked.client_data,
        authenticator_data=asked.authenticator_data,
        signature=asked.signature,
        public_key=passkey.public_key,
        certified_at=unit.now,
    )
    device = certificate.verify(
        public_url=settings.public_url, lifetime_seconds=settings.device_key_lifetime_seconds
    )
    if asked.user_handle and read_base64url("userHandle", asked.user_handle) != passkey.user_handle:
        raise PasskeyWrong("userHandle", "the one that the passkey was made with")
    _check_counter(unit, passkey, device)
    # Counted once the passkey has signed: nobody uses up another's attempts by naming their passkey.
    await limit_attempts(unit, settings, AttemptKind.SIGN_IN_OF_PASSKEY, passkey.credential_id)
    scene = await keys.sign_in_scene(unit, PASSKEY, passkey.credential_id, device.key_id)
    check_device(scene, device.key_id)
    assert scene.holder is not None
    await passkeys.use_passkey(unit, passkey.id, device.sign_count, device.backed_up)
    certified = certified_by_passkey(certificate, device)
    return await open_session(unit, settings, random_bytes, scene.holder, certified)


def _check_counter(unit: UnitOfWork, passkey: Passkey, device: PasskeyDevice) -> None:
    """A passkey that counts goes on counting; one that does not says 0 for ever (section 6.1.1)."""
    if not passkey.sign_count and not device.sign_count:
        return
    if device.sign_count <= passkey.sign_count:
        counted, seen = passkey.sign_count, device.sign_count
        logger.warning("a passkey counted backwards", passkey_id=passkey.id, counted=counted, seen=seen)
        unit.record_act(
            "passkey_counter",
            f"passkeys/{passkey.id}",
            {"refused": "counted backwards", "counted": counted, "seen": seen},
            on_behalf_of=f"member:{passkey.member_id}",
        )
        raise PasskeyCounterBackwards(counted, seen)
