"""Who certified the device of an act, and whether that was in force when it signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.passkeys import check_passkey
from guildhall.verify.sign_in_messages import check_wallet

AROUND = timedelta(seconds=330)
"""A device signs by its own clock, and an act may be five minutes old when it is taken."""
WALLET, CONTRACT_WALLET, PASSKEY = "wallet", "contract_wallet", "passkey"
Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Certifier:
    """`key`: a wallet's address, a passkey's id. `fingerprint`: SHA-256 of a passkey's key. `is_signed`: it
    signed the certificate; nothing signs that of a device on which a passkey was made, and of a contract's
    wallet only the chain says."""

    key: str
    fingerprint: str | None
    is_signed: bool


def certifier_of(certificate: Shown, target_uri: str, signed_at: datetime) -> Certifier:
    """Raises Altered, Unreadable, and what reading malformed fields raises."""
    target = urlsplit(target_uri)
    origin = f"{target.scheme}://{target.netloc}"
    kind = certificate["issuer_kind"]
    if kind in (WALLET, CONTRACT_WALLET):
        return _wallet(certificate, origin, signed_at, is_contract=kind == CONTRACT_WALLET)
    if kind == PASSKEY:
        return _passkey(certificate, origin, signed_at)
    raise Unreadable(f"the device was certified by a {kind}: use a newer release")


def _wallet(certificate: Shown, origin: str, signed_at: datetime, *, is_contract: bool) -> Certifier:
    issuer = certificate["issuer"]
    said = check_wallet(certificate, origin, is_contract=is_contract)
    if said.issued_at > signed_at + AROUND:
        raise Altered("the act was signed before the wallet certified the device")
    if said.expires_at is None or signed_at > said.expires_at + AROUND:
        raise Altered("the act was signed after the wallet's certificate of the device had run out")
    expected = f"eip155:{said.chain_id}:{said.address}" if is_contract else said.address
    if issuer != expected:
        raise Altered(f"the certificate is of the wallet {expected}, not of {issuer}")
    return Certifier(issuer, None, is_signed=not is_contract)


def _passkey(certificate: Shown, origin: str, signed_at: datetime) -> Certifier:
    issuer = certificate["issuer"]
    if datetime.fromisoformat(certificate["certified_at"]) > signed_at + AROUND:
        raise Altered("the act was signed before the passkey certified the device")
    answer = check_passkey(certificate, origin)
    if answer.credential_id != issuer:
        raise Altered(f"the certificate is of the passkey {answer.credential_id}, not of {issuer}")
    return Certifier(issuer, answer.fingerprint, answer.is_signed)
