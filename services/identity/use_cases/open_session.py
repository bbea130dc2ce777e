"""Begin a session of a member on a device that one of their keys has certified."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.device_certificates import WALLET
from chassis.passkeys import PASSKEY, PasskeyCertificate, PasskeyDevice
from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.errors import AccountErasing
from services.identity.domain.errors import DeviceKeyRevoked, DeviceKeyTaken, KeyRemoved
from services.identity.domain.refresh_family import SALT_BYTES, TOKEN_BYTES, token_hash, token_text
from services.identity.operators.store.acts import is_locked
from services.identity.recovery.domain.errors import AccountLocked
from services.identity.recovery.store.recoveries import waits_until
from services.identity.settings import IdentitySettings
from services.identity.store import sessions
from services.identity.store.keys import KeyHolder, SignInScene, sign_in_scene
from services.identity.store.sessions import LiveSession, NewSession
from services.identity.use_cases.issue_nonce import RandomBytes


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session and the refresh token that goes with it."""

    session: LiveSession
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Certified:
    """A device key as a member's key certified it: `kind` and `issuer` name that key, the rest proves it.

    `key_identifier`: by which `member_keys` knows it.
    """

    device_key_id: str
    public_key: bytes
    kind: str
    issuer: str
    key_identifier: str
    message: str
    signature: str
    expires_at: datetime


def certified_by_passkey(certificate: PasskeyCertificate, device: PasskeyDevice) -> Certified:
    """What a verified certificate of a passkey says."""
    return Certified(
        device_key_id=device.key_id,
        public_key=device.public_key,
        kind=PASSKEY,
        issuer=device.credential_id,
        key_identifier=device.credential_id,
        message=certificate.message,
        signature=certificate.signature,
        expires_at=device.expires_at,
    )


async def check_scene(unit: UnitOfWork, scene: SignInScene, device_key_id: str) -> None:
    """Key, account and device key are good for a session of the holder.

    Raises AccountErasing, KeyRemoved, AccountLocked, DeviceKeyRevoked, DeviceKeyTaken.
    """
    if scene.erasing:
        raise AccountErasing
    if scene.key_removed:
        raise KeyRemoved
    if scene.locked_by is not None:
        raise AccountLocked(str(scene.locked_by), await waits_until(unit, scene.locked_by))
    if scene.device_revoked:
        raise DeviceKeyRevoked(device_key_id)
    if scene.device_member_id is not None and (
        scene.holder is None or scene.device_member_id != scene.holder.member_id
    ):
        raise DeviceKeyTaken(device_key_id)


async def open_session(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    holder: KeyHolder,
    certified: Certified,
) -> OpenSession:
    """Session, certificate and first refresh token.

    What `check_scene` raises where something was faster than this sign-in.
    """
    refresh_token = token_text(random_bytes(TOKEN_BYTES))
    session = NewSession(
        id=unit.ids.new(),
        member_id=holder.member_id,
        device_key_id=certified.device_key_id,
        public_key=certified.public_key,
        issuer_kind=certified.kind,
        issuer=certified.issuer,
        key_identifier=certified.key_identifier,
        message=certified.message,
        signature=certified.signature,
        refresh_salt=random_bytes(SALT_BYTES),
        refresh_hash=token_hash(refresh_token),
        expires_at=min(certified.expires_at, unit.now + timedelta(seconds=settings.session_seconds)),
    )
    if not await sessions.start_session(unit, session):
        scene = await sign_in_scene(unit, certified.kind, certified.key_identifier, session.device_key_id)
        await check_scene(unit, scene, session.device_key_id)
        raise DeviceKeyTaken(certified.device_key_id)
    unit.record_act(
        f"{certified.kind}_signature",
        f"sessions/{session.id}",
        {"device_key_id": certified.device_key_id, certified.kind: certified.issuer},
        on_behalf_of=f"member:{holder.member_id}",
    )
    live = LiveSession(
        id=session.id,
        member_id=holder.member_id,
        handle=holder.handle,
        device_key_id=certified.device_key_id,
        public_key=certified.public_key,
        began_at=unit.now,
        wallet_address=certified.issuer if certified.kind == WALLET else None,
        # Read while the member is held: who locks at the same time finds the session, or is found here.
        exits_only=await is_locked(unit, holder.member_id),
    )
    return OpenSession(live, refresh_token)
