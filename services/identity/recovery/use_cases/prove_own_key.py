"""A key that somebody has, verified by what it signs now; whose it is, is asked elsewhere."""

from dataclasses import dataclass

from chassis.device_certificates import WALLET
from chassis.passkeys import PASSKEY
from chassis.siwe import parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import PasskeyUnknown
from services.identity.recovery.use_cases.prove_new_key import WalletProof
from services.identity.settings import IdentitySettings
from services.identity.store import passkeys
from services.identity.use_cases.issue_nonce import use_up_nonce
from services.identity.use_cases.prove_passkey import AskedPasskey, prove_passkey
from services.identity.use_cases.prove_wallet import prove_wallet
from services.identity.use_cases.register_passkey import require_passkeys


@dataclass(frozen=True, slots=True)
class OwnKey:
    """As `member_keys` knows it."""

    kind: str
    identifier: str


async def prove_own_key(
    unit: UnitOfWork, settings: IdentitySettings, proof: WalletProof | AskedPasskey, browser: str | None
) -> OwnKey:
    """The nonce is used up before anything is verified.

    Raises NonceNotUsable, a SignInRefused of chassis.siwe, the refusals of chassis.passkeys,
    PasskeysUnavailable, PasskeyUnknown, PasskeyCounterBackwards.
    """
    if isinstance(proof, WalletProof):
        nonce = parse_siwe_message(proof.message).nonce
        await use_up_nonce(unit, nonce, browser)
        device = prove_wallet(unit, settings, message=proof.message, signature=proof.signature, nonce=nonce)
        return OwnKey(WALLET, device.wallet_address.lower())
    require_passkeys(settings)
    await use_up_nonce(unit, proof.nonce, browser)
    proven = await prove_passkey(unit, settings, proof)
    if proven is None:
        raise PasskeyUnknown
    await passkeys.use_passkey(unit, proven.passkey.id, proven.device.sign_count, proven.device.backed_up)
    return OwnKey(PASSKEY, proven.passkey.credential_id)
