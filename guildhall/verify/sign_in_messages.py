"""A wallet's certificate of a device: the sign-in message that it signed (EIP-4361), read by its grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from guildhall.verify.findings import Altered
from guildhall.verify.keys import wallet_that_signed

PURPOSE = "urn:guildhall:purpose:"
SIGN_IN = "urn:guildhall:purpose:sign-in"
DEVICE = "urn:guildhall:device:ed25519:"
_MESSAGE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[^\s/]+)"
    r" wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9A-Fa-f]{40})\n\n(?:(?P<statement>[^\n]+)\n)?\n"
    r"URI: (?P<uri>\S+)\nVersion: 1\nChain ID: (?P<chain>[1-9][0-9]*)\nNonce: [A-Za-z0-9]{8,}\n"
    r"Issued At: (?P<issued>\S+)(?:\nExpiration Time: (?P<expires>\S+))?(?:\nNot Before: (?P<begins>\S+))?"
    r"(?:\nRequest ID: \S*)?(?:\nResources:(?P<resources>(?:\n- \S+)*))?"
)


@dataclass(frozen=True, slots=True)
class WalletCertificate:
    """What the wallet signed; of a contract's wallet, what is said that it signed."""

    address: str
    chain_id: int
    issued_at: datetime
    expires_at: datetime | None


def check_wallet(certificate: Mapping[str, Any], origin: str, *, is_contract: bool) -> WalletCertificate:
    """Raises Altered, and ValueError for what is not of its form. A contract's signature is not checked."""
    message: str = certificate["message"]
    said = _MESSAGE.fullmatch(message)
    if said is None:
        raise Altered("the certificate is no sign-in message as wallets sign it")
    public = urlsplit(origin)
    uri: str = said["uri"]
    if (
        said["domain"] != public.netloc
        or said["scheme"] not in (None, public.scheme)
        or not (uri == origin or uri.startswith(f"{origin}/"))
    ):
        raise Altered(f"the wallet signed in at {said['domain']} ({uri}), not at {origin}")
    resources: list[str] = re.findall(r"\n- (\S+)", said["resources"] or "")
    if [one for one in resources if one.startswith(PURPOSE)] != [SIGN_IN]:
        raise Altered("the wallet signed the message for another purpose")
    if [one for one in resources if one.startswith(DEVICE)] != [DEVICE + certificate["device_public_key"]]:
        raise Altered("the wallet certified another device key")
    if not is_contract:
        signer = wallet_that_signed(message, certificate["signature"])
        if signer is None or signer != said["address"]:
            raise Altered(f"the message was not signed by the wallet {said['address']} that it names")
    return WalletCertificate(
        address=said["address"],
        chain_id=int(said["chain"]),
        issued_at=datetime.fromisoformat(said["issued"]),
        expires_at=None if said["expires"] is None else datetime.fromisoformat(said["expires"]),
    )
