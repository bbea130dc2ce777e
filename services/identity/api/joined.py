"""What the routes stand on besides the chassis: settings, issuer, verifier, randomness."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from chassis.auth.issuer import TokenIssuer
from chassis.auth.verifier import TokenVerifier
from chassis.errors import DomainError
from chassis.problems import problem_of
from chassis.siwe import SignInRefused
from chassis.unit_of_work import UnitOfWork
from services.identity.api.problems import PROBLEMS
from services.identity.domain.errors import AddressLimitReached
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

    def wake_revocations_after(self, unit: UnitOfWork) -> None:
        """Have the readers of the log look once this is committed, whether it ended something or not."""
        unit.after_commit(self.revocations.wake)


async def identity_of(request: Request) -> Identity:
    return request.app.state.identity


Joined = Annotated[Identity, Depends(identity_of)]


async def answer_or_refusal(work: Awaitable[Answer]) -> Answer | Response:
    """The answer, or a refusal as an answer: so that its transaction is committed with what it used up."""
    try:
        return await work
    except (DomainError, SignInRefused) as fact:
        problem = problem_of(fact, PROBLEMS)
        if isinstance(fact, AddressLimitReached):
            problem.headers = {"Retry-After": str(fact.retry_after_seconds)}
        return problem.response()
