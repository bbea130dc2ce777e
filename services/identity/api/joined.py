"""What the routes stand on besides the chassis: settings, issuer, verifier, randomness."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from chassis.auth.issuer import TokenIssuer
from chassis.auth.verifier import TokenVerifier
from chassis.client_address import told_address
from chassis.contract_wallets import ContractWallets
from chassis.errors import DomainError
from chassis.problems import problem_of
from chassis.service import Chassis
from chassis.siwe import SignInRefused
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.token_node import TokenNode
from services.identity.api.problems import PROBLEMS
from services.identity.domain.address_limit import counted_address
from services.identity.settings import IdentitySettings
from services.identity.store.revocation_log import RevocationLog

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Identity:
    """Joined in app.py, at `app.state.identity`; `access_tokens` verifies members' access tokens."""

    settings: IdentitySettings
    issuer: TokenIssuer
    access_tokens: TokenVerifier
    random_bytes: Callable[[int], bytes]
    revocations: RevocationLog
    push_key: str
    contract_wallets: ContractWallets
    token_node: TokenNode
    codes_key: bytes
    """Under which the hashes of one-time codes are kept."""
    links_key: bytes
    """From which personal links are derived."""
    looks_key: bytes
    """Under which handles of erased members are remembered."""

    def wake_revocations_after(self, unit: UnitOfWork) -> None:
        """Have the readers of the log look once this is committed, whether it ended something or not."""
        unit.after_commit(self.revocations.wake)


async def identity_of(request: Request) -> Identity:
    return request.app.state.identity


Joined = Annotated[Identity, Depends(identity_of)]


async def address_of(request: Request) -> str | None:
    """The address that limits count by; None for a client that is not counted so.

    Who reaches identity past the gateway is counted by the address that they come from.
    """
    chassis: Chassis = request.app.state.chassis
    told, is_told = await told_address(request, chassis.verifier)
    if is_told:
        return told
    return None if request.client is None else counted_address(request.client.host)


ClientAddress = Annotated[str | None, Depends(address_of)]


async def answer_or_refusal(work: Awaitable[Answer]) -> Answer | Response:
    """The answer, or a refusal as an answer: so that its transaction is committed with what it used up."""
    try:
        return await work
    except (DomainError, SignInRefused) as fact:
        return problem_of(fact, PROBLEMS).response()
