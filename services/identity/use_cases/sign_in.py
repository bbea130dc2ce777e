"""Sign in with a wallet: the message proves the wallet and certifies the device's key."""

from chassis.device_certificates import WALLET, CertifiedDevice
from chassis.siwe import parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.handle import first_handle
from services.identity.domain.look_alike import look_of
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys
from services.identity.store.keys import KeyHolder
from services.identity.use_cases.issue_nonce import RandomBytes, use_up_nonce
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import Certified, OpenSession, check_scene, open_session
from services.identity.use_cases.prove_wallet import prove_wallet


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
    of chassis.siwe, NonceNotUsable, KeyRemoved, AccountLocked, KeyAwaitsRecovery, DeviceKeyTaken,
    DeviceKeyRevoked, AttemptLimitReached.
    """
    nonce = parse_siwe_message(message).nonce
    await use_up_nonce(unit, nonce, browser)
    device = prove_wallet(unit, settings, message=message, signature=signature, nonce=nonce)
    # Counted once the wallet has signed: nobody uses up another's attempts by naming their wallet.
    wallet = device.wallet_address.lower()
    await limit_attempts(unit, settings, AttemptKind.SIGN_IN_OF_WALLET, wallet)
    holder = await holder_of(unit, settings, (WALLET, wallet), device, address)
    return await open_session(
        unit,
        settings,
        random_bytes,
        holder,
        Certified(
            device_key_id=device.key_id,
            public_key=device.public_key,
            kind=WALLET,
            issuer=device.wallet_address,
            key_identifier=wallet,
            message=message,
            signature=signature,
            expires_at=device.expires_at,
        ),
    )


async def holder_of(
    unit: UnitOfWork,
    settings: IdentitySettings,
    key: tuple[str, str],
    device: CertifiedDevice,
    address: str | None,
) -> KeyHolder:
    """The member of a wallet by its kind and identifier, new where nobody has it; first of all the device key
    is free or theirs."""
    scene = await keys.sign_in_scene(unit, *key, device.key_id)
    await check_scene(unit, scene, device.key_id)
    if scene.holder is not None:
        return scene.holder
    await check_not_awaited(unit, *key)
    await limit_attempts(unit, settings, AttemptKind.NEW_MEMBER_OF_ADDRESS, address)
    member_id = unit.ids.new()
    handle = first_handle(member_id)
    if await keys.add_member_with_key(unit, member_id, handle, look_of(handle), *key):
        return KeyHolder(member_id, handle)
    # Another first sign-in of this wallet was committed in between: that member it is.
    present = await keys.sign_in_scene(unit, *key, device.key_id)
    assert present.holder is not None
    return present.holder
