"""The key that is to be a member's, verified with the device key that it certified."""

from dataclasses import asdict, dataclass

from chassis.device_certificates import WALLET
from chassis.passkeys import PASSKEY, passkey_user_handle, write_base64url
from chassis.siwe import parse_siwe_message
from chassis.unit_of_work import UnitOfWork
from services.identity.recovery.store.recoveries import NewKey
from services.identity.settings import IdentitySettings
from services.identity.use_cases.issue_nonce import use_up_nonce
from services.identity.use_cases.prove_wallet import prove_wallet
from services.identity.use_cases.register_passkey import MadePasskey, certificate_of, require_passkeys


@dataclass(frozen=True, slots=True)
class WalletProof:
    """An EIP-4361 message and the wallet's signature."""

    message: str
    signature: str


@dataclass(frozen=True, slots=True)
class KeptPasskey:
    """What a new passkey needs to be the member's later; bytes as base64url."""

    public_key: str
    user_handle: str
    sign_count: int
    backed_up: bool
    name: str


async def prove_new_key(
    unit: UnitOfWork, settings: IdentitySettings, proof: WalletProof | MadePasskey, browser: str | None
) -> NewKey:
    """The nonce is used up before anything is verified.

    Raises NonceNotUsable, a SignInRefused of chassis.siwe, the refusals of chassis.passkeys,
    PasskeysUnavailable.
    """
    if isinstance(proof, WalletProof):
        nonce = parse_siwe_message(proof.message).nonce
        await use_up_nonce(unit, nonce, browser)
        device = prove_wallet(unit, settings, message=proof.message, signature=proof.signature, nonce=nonce)
        address = device.wallet_address.lower()
        return NewKey(WALLET, address, device.key_id, proof.message, proof.signature, None)
    require_passkeys(settings)
    await use_up_nonce(unit, proof.nonce, browser)
    certificate = certificate_of(unit, proof)
    made = certificate.verify(
        public_url=settings.public_url, lifetime_seconds=settings.device_key_lifetime_seconds
    )
    kept = KeptPasskey(
        public_key=write_base64url(made.credential_public_key),
        user_handle=write_base64url(passkey_user_handle(proof.nonce)),
        sign_count=made.sign_count,
        backed_up=made.backed_up,
        name=proof.name,
    )
    return NewKey(
        PASSKEY, made.credential_id, made.key_id, certificate.message, certificate.signature, asdict(kept)
    )
