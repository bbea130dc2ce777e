"""What a contract wallet signed, to sign in or to recover: the node is asked while no transaction is open."""

from dataclasses import dataclass

from fastapi import Request, Response

from chassis.contract_wallets import verify_contract_signature
from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.service import Chassis
from chassis.unit_of_work import UnitOfWork
from services.identity.api.joined import Identity, answer_or_refusal
from services.identity.use_cases.limit_address import limit_address
from services.identity.use_cases.open_session import OpenSession
from services.identity.use_cases.sign_in_by_contract import sign_in_by_contract, take_contract_sign_in


@dataclass(frozen=True, slots=True)
class ContractSignIn:
    """What was sent, by which browser, from which address; `by_act`: its nonce is a signed act's."""

    certificate: DeviceCertificate
    browser: str | None
    address: str | None
    by_act: bool = False


async def open_by_contract(
    request: Request, unit: UnitOfWork, identity: Identity, sent: ContractSignIn
) -> OpenSession | Response:
    """A session, or the refusal. Raises NodeUnavailable: the nonce is used up all the same."""
    proven = await proven_by_contract(request, identity, sent)
    if isinstance(proven, Response):
        return proven
    return await answer_or_refusal(
        sign_in_by_contract(
            unit,
            identity.settings,
            identity.random_bytes,
            identity.contract_wallets,
            sent.certificate,
            proven,
            sent.address,
        )
    )


async def proven_by_contract(
    request: Request, identity: Identity, sent: ContractSignIn
) -> CertifiedDevice | Response:
    """The device that the wallet certified, or the refusal. Raises NodeUnavailable.

    Where the route repeats the request, it is not asked again.
    """
    known: CertifiedDevice | Response | None = getattr(request.state, "proven_by_contract", None)
    if known is None:
        known = await _taken(request, identity, sent)
        if not isinstance(known, Response):
            known = await answer_or_refusal(_verified(identity, sent, known))
        request.state.proven_by_contract = known
    return known


async def _taken(request: Request, identity: Identity, sent: ContractSignIn) -> CertifiedDevice | Response:
    """A transaction of its own, which ends before the node is asked, and keeps what a refusal used up."""
    chassis: Chassis = request.app.state.chassis
    async with chassis.unit("nobody") as taking:

        async def work() -> CertifiedDevice:
            if not sent.by_act:
                await limit_address(taking, identity.settings, sent.address)
            return await take_contract_sign_in(
                taking,
                identity.settings,
                identity.contract_wallets,
                sent.certificate,
                sent.browser,
                by_act=sent.by_act,
            )

        return await answer_or_refusal(work())


async def _verified(identity: Identity, sent: ContractSignIn, device: CertifiedDevice) -> CertifiedDevice:
    await verify_contract_signature(sent.certificate, device, identity.contract_wallets)
    return device
