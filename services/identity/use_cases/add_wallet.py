"""Give a member one more wallet, by an act that a device of theirs signed."""

from uuid import UUID

from chassis.siwe import SiweFieldWrong, parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import KeyTaken, NonceNotUsable, WalletsPerMemberReached
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys, members, nonces
from services.identity.store.keys import WALLET
from services.identity.store.member_keys import OwnWallet, wallets_of
from services.identity.use_cases.prove_wallet import prove_wallet


async def add_wallet(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    device_key_id: str,
    *,
    message: str,
    signature: str,
    name: str,
) -> OwnWallet:
    """The message certifies the device that signs the act.

    Raises a SignInRefused of chassis.siwe, NonceNotUsable, WalletsPerMemberReached, KeyAwaitsRecovery,
    KeyTaken.
    """
    nonce = parse_siwe_message(message).nonce
    if not await nonces.use_up_signed_nonce(unit, nonce):
        raise NonceNotUsable
    device = prove_wallet(unit, settings, message=message, signature=signature, nonce=nonce)
    if device.key_id != device_key_id:
        raise SiweFieldWrong("resources", device.key_id, "the key of the device that signs this act")
    address = device.wallet_address.lower()
    await members.lock_member(unit, member_id)
    if len(await wallets_of(unit, member_id)) >= settings.wallets_per_member_max:
        raise WalletsPerMemberReached(settings.wallets_per_member_max)
    await check_not_awaited(unit, WALLET, address)
    if not await keys.add_key(unit, member_id, WALLET, address, name):
        raise KeyTaken
    unit.record_act("own_keys", f"wallets/{address}", {"wallet": address})
    await tell_account(unit, member_id, "account.key_added", "keys", member_id)
    return OwnWallet(address, name, unit.now, None)
