"""A passkey's signature over a nonce and a device key, verified: to sign in, or to cancel a recovery."""

from dataclasses import dataclass

import structlog

from chassis.passkeys import PasskeyCertificate, PasskeyDevice, PasskeyWrong, read_base64url
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import PasskeyCounterBackwards
from services.identity.settings import IdentitySettings
from services.identity.store import passkeys
from services.identity.store.passkeys import Passkey

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


@dataclass(frozen=True, slots=True)
class ProvenPasskey:
    """A living passkey that has just signed, held until the commit."""

    passkey: Passkey
    certificate: PasskeyCertificate
    device: PasskeyDevice


async def prove_passkey(
    unit: UnitOfWork, settings: IdentitySettings, asked: AskedPasskey
) -> ProvenPasskey | None:
    """None for a passkey that nobody has. Its nonce is used up by then.

    Raises the refusals of chassis.passkeys, PasskeyCounterBackwards.
    """
    passkey = await passkeys.lock_passkey(unit, asked.credential_id)
    if passkey is None:
        return None
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
    return ProvenPasskey(passkey, certificate, device)


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
