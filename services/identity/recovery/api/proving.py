"""Keys that are proven without a session: by a wallet, a contract's wallet, or a passkey."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request, Response

from chassis.contract_wallets import CONTRACT_WALLET, account_of, is_for_contract
from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.unit_of_work import UnitOfWork
from services.identity.api.auth import SessionBody
from services.identity.api.contract_sessions import ContractSignIn, proven_by_contract
from services.identity.api.joined import Identity, answer_or_refusal
from services.identity.api.passkey_bodies import NewPasskeyBody, PasskeySessionBody
from services.identity.recovery.store.recoveries import NewKey
from services.identity.recovery.use_cases.prove_new_key import WalletProof, prove_new_key
from services.identity.recovery.use_cases.prove_own_key import OwnKey, prove_own_key
from services.identity.use_cases.limit_address import limit_address

Proven = TypeVar("Proven")


@dataclass(frozen=True, slots=True)
class Asker:
    """A request of somebody who is not signed in; `browser`: the nonce's cookie."""

    request: Request
    unit: UnitOfWork
    identity: Identity
    browser: str | None
    address: str | None


async def proven_new_key(
    asker: Asker, wallet: SessionBody | None, passkey: NewPasskeyBody | None
) -> NewKey | Response:
    """The key that is to be a member's, or the refusal, which keeps what it used up."""
    device = await _by_contract(asker, wallet)
    if isinstance(device, Response):
        return device
    if device is not None:
        assert wallet is not None
        account = account_of(device, asker.identity.contract_wallets)
        return NewKey(CONTRACT_WALLET, account, device.key_id, wallet.message, wallet.signature, None)
    if wallet is not None:
        proof = WalletProof(wallet.message, wallet.signature)
    else:
        assert passkey is not None
        proof = passkey.made()
    unit, settings = asker.unit, asker.identity.settings
    return await _limited(asker, lambda: prove_new_key(unit, settings, proof, asker.browser))


async def proven_own_key(
    asker: Asker, wallet: SessionBody | None, passkey: PasskeySessionBody | None
) -> OwnKey | Response:
    """A key that they have, or the refusal, which keeps what it used up."""
    device = await _by_contract(asker, wallet)
    if isinstance(device, Response):
        return device
    if device is not None:
        return OwnKey(CONTRACT_WALLET, account_of(device, asker.identity.contract_wallets))
    if wallet is not None:
        proof = WalletProof(wallet.message, wallet.signature)
    else:
        assert passkey is not None
        proof = passkey.asked()
    unit, settings = asker.unit, asker.identity.settings
    return await _limited(asker, lambda: prove_own_key(unit, settings, proof, asker.browser))


async def _by_contract(asker: Asker, wallet: SessionBody | None) -> CertifiedDevice | Response | None:
    """None where no contract is to be asked."""
    if wallet is None:
        return None
    certificate = DeviceCertificate(wallet.message, wallet.signature)
    if not is_for_contract(certificate, asker.identity.contract_wallets):
        return None
    sent = ContractSignIn(certificate, asker.browser, asker.address)
    return await proven_by_contract(asker.request, asker.identity, sent)


async def _limited(asker: Asker, prove: Callable[[], Awaitable[Proven]]) -> Proven | Response:
    async def work() -> Proven:
        await limit_address(asker.unit, asker.identity.settings, asker.address)
        return await prove()

    return await answer_or_refusal(work())
