"""What a deployment asks of a sign-in message: own domain, chain, nonce, times, purpose and device key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chassis.device_keys import PublicKeyMalformed, read_public_key, write_public_key
from chassis.siwe.errors import SiweFieldWrong, SiweTimeWrong
from chassis.siwe.message import SiweMessage

SIGN_IN_PURPOSE = "urn:guildhall:purpose:sign-in"
_PURPOSE = "urn:guildhall:purpose:"
_DEVICE = "urn:guildhall:device:ed25519:"


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How old a message may be at sign-in, how far clocks may differ, how long a device key lives."""

    age_seconds: int = 600
    ahead_seconds: int = 30
    device_key_lifetime_seconds: int = 90 * 86_400


DEFAULT_LIMITS = SignInLimits()


def device_resource(public_key: bytes) -> str:
    """The resource by which a message certifies a device key of 32 bytes."""
    return f"{_DEVICE}{write_public_key(public_key)}"


def check_origin(message: SiweMessage, *, public_url: str, chain_id: int) -> None:
    """The message is for this deployment, as PUBLIC_URL names it. Raises SiweFieldWrong."""
    public = urlsplit(public_url)
    if message.domain != public.netloc:
        raise SiweFieldWrong("domain", message.domain, public.netloc)
    if message.scheme is not None and message.scheme != public.scheme:
        raise SiweFieldWrong("scheme", message.scheme, public.scheme)
    if message.uri != public_url and not message.uri.startswith(f"{public_url}/"):
        raise SiweFieldWrong("uri", message.uri, public_url)
    if message.chain_id != chain_id:
        raise SiweFieldWrong("chain_id", str(message.chain_id), str(chain_id))


def check_purpose(message: SiweMessage, purpose: str = SIGN_IN_PURPOSE) -> None:
    """The message was signed for this purpose and no other. Raises SiweFieldWrong."""
    purposes = [resource for resource in message.resources or () if resource.startswith(_PURPOSE)]
    if purposes != [purpose]:
        raise SiweFieldWrong("resources", ", ".join(purposes) or None, f"exactly one purpose, {purpose}")


def certified_key(message: SiweMessage) -> bytes:
    """The 32 bytes of the one device key that the message certifies. Raises SiweFieldWrong."""
    named = [resource for resource in message.resources or () if resource.startswith(_DEVICE)]
    expected = f"exactly one device key, {_DEVICE}<base64url of 32 bytes>"
    if len(named) != 1:
        raise SiweFieldWrong("resources", ", ".join(named) or None, expected)
    try:
        return read_public_key(named[0].removeprefix(_DEVICE))
    except PublicKeyMalformed:
        raise SiweFieldWrong("resources", named[0], expected) from None


def check_fresh(
    message: SiweMessage, *, nonce: str, now: datetime, limits: SignInLimits = DEFAULT_LIMITS
) -> None:
    """The message answers this nonce and was signed just now. Raises SiweFieldWrong, SiweTimeWrong."""
    if message.nonce != nonce:
        raise SiweFieldWrong("nonce", message.nonce, "the nonce that was given")
    if message.issued_at < now - timedelta(seconds=limits.age_seconds):
        raise SiweTimeWrong("issued_at", message.issued_at, now)
    check_valid_at(message, now, limits)


def check_valid_at(message: SiweMessage, moment: datetime, limits: SignInLimits = DEFAULT_LIMITS) -> None:
    """The message is in force at this moment. Raises SiweTimeWrong."""
    ahead = timedelta(seconds=limits.ahead_seconds)
    if message.issued_at > moment + ahead:
        raise SiweTimeWrong("issued_at", message.issued_at, moment)
    if message.not_before is not None and message.not_before > moment + ahead:
        raise SiweTimeWrong("not_before", message.not_before, moment)
    if message.expiration_time is not None and message.expiration_time <= moment:
        raise SiweTimeWrong("expiration_time", message.expiration_time, moment)
