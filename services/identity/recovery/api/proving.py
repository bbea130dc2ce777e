"""Keys that are proven without a session: by a wallet, a contract's wallet, or a passkey."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Generic, Self, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, model_validator

from chassis.contract_wallets import CONTRACT_WALLET, account_of, is_for_contract
from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.route import Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.auth import SessionBody
from services.identity.api.contract_sessions import ContractSignIn, proven_by_contract
from services.identity.api.joined import ClientAddress, Identity, Joined, answer_or_refusal
from services.identity.api.passkey_bodies import NewPasskeyBody, PasskeySessionBody
from services.identity.api.session_view import NonceCookie, OriginHeader, require_own_origin
from services.identity.recovery.store.recoveries import NewKey
from services.identity.recovery.use_cases.prove_new_key import WalletProof, prove_new_key
from services.identity.recovery.use_cases.prove_own_key import OwnKey, prove_own_key
from services.identity.use_cases.limit_address import limit_address

Proven = TypeVar("Proven")
PasskeyBody = TypeVar("PasskeyBody", bound=BaseModel)


class OneKey(BaseModel, Generic[PasskeyBody]):
    """What a wallet signed, or what a passkey answered."""

    model_config = ConfigDict(extra="forbid")

    wallet: SessionBody | None = None
    passkey: PasskeyBody | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.wallet is None) == (self.passkey is None):
            raise ValueError("either wallet or passkey")
        return self


@dataclass(frozen=True, slots=True)
class Stranger:
    """A request of somebody who is not signed in; `browser`: the nonce's cookie."""

    request: Request
    unit: UnitOfWork
    identity: Identity
    browser: str | None
    address: str | None


async def stranger(
    request: Request,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> Stranger:
    """Raises OriginRefused for a page of another site."""
    require_own_origin(identity, origin)
    return Stranger(request, unit, identity, browser, address)


Asker = Annotated[Stranger, Depends(stranger)]


async def proven_new_key(asker: Stranger, key: OneKey[NewPasskeyBody]) -> NewKey | Response:
    """The key that is to be a member's, or the refusal, which keeps what it used up."""
    device = await _by_contract(asker, key.wallet)
    if isinstance(device, Response):
        return device
    if device is not None:
        assert key.wallet is not None
        account = account_of(device, asker.identity.contract_wallets)
        return NewKey(CONTRACT_WALLET, account, device.key_id, key.wallet.message, key.wallet.signature, None)
    proof = _wallet_proof(key.wallet)
    if proof is None:
        assert key.passkey is not None
        proof = key.passkey.made()
    unit, settings = asker.unit, asker.identity.settings
    return await _limited(asker, lambda: prove_new_key(unit, settings, proof, asker.browser))


async def proven_own_key(asker: Stranger, key: OneKey[PasskeySessionBody]) -> OwnKey | Response:
    """A key that they have, or the refusal, which keeps what it used up."""
    device = await _by_contract(asker, key.wallet)
    if isinstance(device, Response):
        return device
    if device is not None:
        return OwnKey(CONTRACT_WALLET, account_of(device, asker.identity.contract_wallets))
    proof = _wallet_proof(key.wallet)
    if proof is None:
        assert key.passkey is not None
        proof = key.passkey.asked()
    unit, settings = asker.unit, asker.identity.settings
    return await _limited(asker, lambda: prove_own_key(unit, settings, proof, asker.browser))


def _wallet_proof(wallet: SessionBody | None) -> WalletProof | None:
    return None if wallet is None else WalletProof(wallet.message, wallet.signature)


async def _by_contract(asker: Stranger, wallet: SessionBody | None) -> CertifiedDevice | Response | None:
    """None where no contract is to be asked."""
    if wallet is None:
        return None
    certificate = DeviceCertificate(wallet.message, wallet.signature)
    if not is_for_contract(certificate, asker.identity.contract_wallets):
        return None
    sent = ContractSignIn(certificate, asker.browser, asker.address)
    return await proven_by_contract(asker.request, asker.identity, sent)


async def _limited(asker: Stranger, prove: Callable[[], Awaitable[Proven]]) -> Proven | Response:
    async def work() -> Proven:
        await limit_address(asker.unit, asker.identity.settings, asker.address)
        return await prove()

    return await answer_or_refusal(work())
