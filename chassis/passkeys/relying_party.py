"""The relying party of a deployment: the name that passkeys are bound to follows from PUBLIC_URL."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

NAME = "Guildhall"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id` is the host name alone; `origin` is what browsers write into what is signed."""

    id: str
    origin: str
    name: str = NAME


def relying_party(public_url: str) -> RelyingParty | None:
    """Who passkeys are made for at this address; None where no browser makes any."""
    if why_no_passkey(public_url) is not None:
        return None
    return RelyingParty(urlsplit(public_url).hostname or "", public_url)


def why_no_passkey(public_url: str) -> str | None:
    """What keeps passkeys ("they") from this address, as half a sentence; None where they work.

    WebAuthn level 3: an RP ID is a domain (section 5.1.3), asked for in a secure context (section 5).
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if _is_address(host):
        return f"they are bound to a name and refuse the address {host}"
    if not all(_LABEL.fullmatch(label) for label in host.split(".")):
        return f"{host or 'nothing'} is not a name that they can be bound to"
    is_local = host == "localhost" or host.endswith(".localhost")
    if parts.scheme != "https" and not is_local:
        return f"they need https, and {public_url} is not"
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        # Browsers read a last label of digits as an IPv4 address, whatever stands before it.
        return host.rpartition(".")[2].isdigit()
    return True
