"""Join the deployment by a passkey: what makes it certifies the device's key."""

from dataclasses import dataclass
from uuid import UUID

from chassis.passkeys import (
    PASSKEY,
    PasskeyCertificate,
    PasskeyDevice,
    passkey_user_handle,
    why_no_passkey,
)
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import PasskeysUnavailable, PasskeyTaken
from services.identity.domain.handle import first_handle
from services.identity.domain.look_alike import look_of
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys, passkeys
from services.identity.store.keys import KeyHolder
from services.identity.store.passkeys import Passkey
from services.identity.use_cases.issue_nonce import RandomBytes, use_up_nonce
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import (
    OpenSession,
    certified_by_passkey,
    check_scene,
    open_session,
)


@dataclass(frozen=True, slots=True)
class MadePasskey:
    """What a browser's `create()` answered, its parts in base64url, and what the member calls it."""

    nonce: str
    device_public_key: str
    credential_id: str
    client_data: str
    attestation_object: str
    name: str


async def register_passkey(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    made: MadePasskey,
    *,
    browser: str | None,
    address: str | None = None,
) -> OpenSession:
    """A new member with this passkey, and a session.

    The nonce is used up before anything is verified: the caller commits a refusal too. Raises the refusals of
    chassis.passkeys, PasskeysUnavailable, NonceNotUsable, PasskeyTaken, KeyAwaitsRecovery, DeviceKeyTaken,
    DeviceKeyRevoked, AttemptLimitReached.
    """
    require_passkeys(settings)
    await use_up_nonce(unit, made.nonce, browser)
    certificate = certificate_of(unit, made)
    device = certificate.verify(
        public_url=settings.public_url, lifetime_seconds=settings.device_key_lifetime_seconds
    )
    scene = await keys.sign_in_scene(unit, PASSKEY, device.credential_id, device.key_id)
    if scene.holder is not None:
        raise PasskeyTaken
    await check_scene(unit, scene, device.key_id)
    await check_not_awaited(unit, PASSKEY, device.credential_id)
    await limit_attempts(unit, settings, AttemptKind.NEW_MEMBER_OF_ADDRESS, address)
    holder = await _new_member(unit, made, device)
    certified = certified_by_passkey(certificate, device)
    return await open_session(unit, settings, random_bytes, holder, certified)


async def _new_member(unit: UnitOfWork, made: MadePasskey, device: PasskeyDevice) -> KeyHolder:
    member_id = unit.ids.new()
    holder = KeyHolder(member_id, first_handle(member_id))
    look = look_of(holder.handle)
    if not await keys.add_member_with_key(
        unit, member_id, holder.handle, look, PASSKEY, device.credential_id
    ):
        raise PasskeyTaken
    await passkeys.add_passkey(unit, new_passkey(unit, member_id, made, device))
    return holder


def new_passkey(unit: UnitOfWork, member_id: UUID, made: MadePasskey, device: PasskeyDevice) -> Passkey:
    """The passkey that was verified, as it is kept."""
    return Passkey(
        id=unit.ids.new(),
        member_id=member_id,
        credential_id=device.credential_id,
        public_key=device.credential_public_key,
        user_handle=passkey_user_handle(made.nonce),
        sign_count=device.sign_count,
        backed_up=device.backed_up,
        name=made.name,
        added_at=unit.now,
        used_at=unit.now,
    )


def certificate_of(unit: UnitOfWork, made: MadePasskey) -> PasskeyCertificate:
    return PasskeyCertificate.of_registration(
        nonce=made.nonce,
        device_public_key=made.device_public_key,
        credential_id=made.credential_id,
        client_data=made.client_data,
        attestation_object=made.attestation_object,
        certified_at=unit.now,
    )


def require_passkeys(settings: IdentitySettings) -> None:
    """Raises PasskeysUnavailable where PUBLIC_URL is none that passkeys are bound to."""
    reason = why_no_passkey(settings.public_url)
    if reason is not None:
        raise PasskeysUnavailable(reason)
