"""Sign in with a wallet: the message proves the wallet and certifies the device's key."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.siwe import SignInLimits, parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import DeviceKeyRevoked, DeviceKeyTaken, NonceNotUsable
from services.identity.domain.handle import first_handle
from services.identity.domain.refresh_family import SALT_BYTES, TOKEN_BYTES, token_hash, token_text
from services.identity.settings import IdentitySettings
from services.identity.store import keys, nonces, sessions
from services.identity.store.keys import WALLET, KeyHolder
from services.identity.store.sessions import LiveSession, NewSession
from services.identity.use_cases.issue_nonce import RandomBytes, browser_hash
from services.identity.use_cases.limit_attempts import limit_attempts


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session and the refresh token that goes with it."""

    session: LiveSession
    refresh_token: str


async def sign_in(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    *,
    message: str,
    signature: str,
    browser: str | None,
    address: str | None = None,
) -> OpenSession:
    """Begin a session; a wallet seen for the first time is a new member.

    The nonce is used up before anything is verified: the caller commits a refusal too. Raises a SignInRefused
    of chassis.siwe, NonceNotUsable, DeviceKeyTaken, DeviceKeyRevoked, AttemptLimitReached.
    """
    nonce = parse_siwe_message(message).nonce
    if browser is None or not await nonces.use_up_nonce(unit, nonce, browser_hash(browser)):
        raise NonceNotUsable
    device = DeviceCertificate(message, signature).verify_sign_in(
        public_url=settings.public_url,
        chain_id=settings.chain_id,
        nonce=nonce,
        now=unit.now,
        limits=SignInLimits(
            age_seconds=settings.sign_in_age_max_seconds,
            ahead_seconds=settings.sign_in_ahead_max_seconds,
            device_key_lifetime_seconds=settings.device_key_lifetime_seconds,
        ),
    )
    # Counted once the wallet has signed: nobody uses up another's attempts by naming their wallet.
    wallet = device.wallet_address.lower()
    await limit_attempts(unit, settings, AttemptKind.SIGN_IN_OF_WALLET, wallet)
    holder = await _holder(unit, settings, device, address)
    refresh_token = token_text(random_bytes(TOKEN_BYTES))
    session = NewSession(
        id=unit.ids.new(),
        member_id=holder.member_id,
        device_key_id=device.key_id,
        public_key=device.public_key,
        issuer_kind=WALLET,
        issuer=device.wallet_address,
        message=message,
        signature=signature,
        refresh_salt=random_bytes(SALT_BYTES),
        refresh_hash=token_hash(refresh_token),
        expires_at=min(device.expires_at, unit.now + timedelta(seconds=settings.session_seconds)),
    )
    if not await sessions.start_session(unit, session):
        raise DeviceKeyTaken(device.key_id)
    unit.record_act(
        "wallet_signature",
        f"sessions/{session.id}",
        {"device_key_id": device.key_id, "wallet": device.wallet_address},
        on_behalf_of=f"member:{holder.member_id}",
    )
    live = LiveSession(session.id, holder.member_id, holder.handle, device.key_id, device.public_key)
    return OpenSession(live, refresh_token)


async def _holder(
    unit: UnitOfWork, settings: IdentitySettings, device: CertifiedDevice, address: str | None
) -> KeyHolder:
    """The member of the wallet, new where nobody has it; first of all the device key is free or theirs."""
    wallet = device.wallet_address.lower()
    scene = await keys.sign_in_scene(unit, WALLET, wallet, device.key_id)
    if scene.device_revoked:
        raise DeviceKeyRevoked(device.key_id)
    if scene.device_member_id is not None and (
        scene.holder is None or scene.device_member_id != scene.holder.member_id
    ):
        raise DeviceKeyTaken(device.key_id)
    if scene.holder is not None:
        return scene.holder
    await limit_attempts(unit, settings, AttemptKind.NEW_MEMBER_OF_ADDRESS, address)
    member_id = unit.ids.new()
    handle = first_handle(member_id)
    if await keys.add_member_with_key(unit, member_id, handle, WALLET, wallet):
        return KeyHolder(member_id, handle)
    # Another first sign-in of this wallet was committed in between: that member it is.
    present = await keys.sign_in_scene(unit, WALLET, wallet, device.key_id)
    assert present.holder is not None
    return present.holder
