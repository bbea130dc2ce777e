"""Give a browser a nonce for its next sign-in, and take it back once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import NonceNotUsable
from services.identity.domain.refresh_family import token_text
from services.identity.settings import IdentitySettings
from services.identity.store import nonces

NONCE_BYTES = 16
BROWSER_BYTES = 16

RandomBytes = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class IssuedNonce:
    """The nonce for the message, and the secret that binds it to this browser by a cookie."""

    nonce: str
    browser: str
    expires_at: datetime


async def issue_nonce(unit: UnitOfWork, settings: IdentitySettings, random_bytes: RandomBytes) -> IssuedNonce:
    """A nonce of 32 hexadecimal digits (EIP-4361 takes letters and digits alone)."""
    issued = IssuedNonce(
        nonce=random_bytes(NONCE_BYTES).hex(),
        browser=token_text(random_bytes(BROWSER_BYTES)),
        expires_at=unit.now + timedelta(seconds=settings.nonce_seconds),
    )
    await nonces.add_nonce(unit, issued.nonce, browser_hash(issued.browser), issued.expires_at)
    return issued


async def use_up_nonce(unit: UnitOfWork, nonce: str, browser: str | None) -> None:
    """It was given to this browser, and no request uses it again. Raises NonceNotUsable."""
    if browser is None or not await nonces.use_up_nonce(unit, nonce, browser_hash(browser)):
        raise NonceNotUsable


async def use_up_nonce_of_act(unit: UnitOfWork, nonce: str) -> None:
    """As `use_up_nonce`, for who signs the act that presents it: the cookie goes to sign-in alone."""
    if not await nonces.use_up_signed_nonce(unit, nonce):
        raise NonceNotUsable


def browser_hash(browser: str) -> bytes:
    """What is kept of the cookie."""
    return hashlib.sha256(browser.encode("utf-8")).digest()
