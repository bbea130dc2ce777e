"""Give a member one more wallet, by an act that a device of theirs signed."""

from dataclasses import dataclass
from uuid import UUID

from chassis.device_certificates import WALLET
from chassis.siwe import SiweFieldWrong, parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import KeyTaken, WalletsPerMemberReached
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.use_cases.await_recovery import check_not_awaited
from services.identity.settings import IdentitySettings
from services.identity.store import keys, members
from services.identity.store.member_keys import OwnWallet, wallets_of
from services.identity.use_cases.issue_nonce import use_up_nonce_of_act
from services.identity.use_cases.prove_wallet import prove_wallet


@dataclass(frozen=True, slots=True)
class ProvenWallet:
    """As `member_keys` knows it, and the device key that it certified."""

    kind: str
    identifier: str
    device_key_id: str


async def prove_added_wallet(
    unit: UnitOfWork, settings: IdentitySettings, *, message: str, signature: str
) -> ProvenWallet:
    """A key's wallet. Raises a SignInRefused of chassis.siwe, NonceNotUsable."""
    nonce = parse_siwe_message(message).nonce
    await use_up_nonce_of_act(unit, nonce)
    device = prove_wallet(unit, settings, message=message, signature=signature, nonce=nonce)
    return ProvenWallet(WALLET, device.wallet_address.lower(), device.key_id)


async def add_wallet(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    device_key_id: str,
    wallet: ProvenWallet,
    name: str,
) -> OwnWallet:
    """The wallet has certified the device that signs the act.

    Raises SiweFieldWrong, WalletsPerMemberReached, KeyAwaitsRecovery, KeyTaken.
    """
    if wallet.device_key_id != device_key_id:
        raise SiweFieldWrong("resources", wallet.device_key_id, "the key of the device that signs this act")
    await members.lock_member(unit, member_id)
    if len(await wallets_of(unit, member_id)) >= settings.wallets_per_member_max:
        raise WalletsPerMemberReached(settings.wallets_per_member_max)
    await check_not_awaited(unit, wallet.kind, wallet.identifier)
    if not await keys.add_key(unit, member_id, wallet.kind, wallet.identifier, name):
        raise KeyTaken
    unit.record_act("own_keys", f"wallets/{wallet.identifier}", {"wallet": wallet.identifier})
    await tell_account(unit, member_id, "account.key_added", "keys", member_id)
    return OwnWallet(wallet.identifier, name, unit.now, None)
