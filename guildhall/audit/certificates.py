"""What is wrong with a device key's certificate, by its row alone: a wallet's or a passkey's."""

from __future__ import annotations

import re
from typing import Any

from chassis.contract_wallets import CONTRACT_WALLET, account_id
from chassis.device_certificates import DeviceCertificate
from chassis.errors import DomainError
from chassis.passkeys import PASSKEY, PasskeyCertificate
from chassis.siwe import SignInLimits

ANY_LIFETIME = SignInLimits(ahead_seconds=3_600, device_key_lifetime_seconds=100 * 366 * 86_400)
"""The settings of the day of the sign-in are not known any more: its signature and its times are."""


def certificate_fault(row: Any) -> str | None:
    """`row`: a certificate with its device key, and whose the key is that certified."""
    try:
        return _FAULTS.get(row["issuer_kind"], _wallet_fault)(row)
    except DomainError as refused:
        return f"the certificate does not verify: {type(refused).__name__}"


def _named(message: str) -> tuple[str, int] | None:
    """The address and the chain that a message was for."""
    uri = re.search(r"^URI: (\S+)$", message, re.MULTILINE)
    chain = re.search(r"^Chain ID: (\d+)$", message, re.MULTILINE)
    return None if uri is None or chain is None else (uri[1], int(chain[1]))


def _wallet_fault(row: Any) -> str | None:
    named = _named(row["message"])
    if named is None:
        return "the certificate is no sign-in message"
    certified = DeviceCertificate(row["message"], row["signature"]).verify_at(
        row["certified_at"], public_url=named[0], chain_id=named[1], limits=ANY_LIFETIME
    )
    if certified.public_key != row["public_key"] or certified.key_id != row["device_key_id"]:
        return "the certificate is for another key"
    if row["key_of"] != row["member_id"] or certified.wallet_address != row["issuer"]:
        return "the certificate is of a wallet that is not the member's"
    return None


def _contract_fault(row: Any) -> str | None:
    """All but its signature: of that only the contract could say something, and of today alone."""
    named = _named(row["message"])
    if named is None:
        return "the certificate is no sign-in message"
    certified = DeviceCertificate(row["message"], row["signature"]).read_at(
        row["certified_at"], public_url=named[0], chain_id=named[1], limits=ANY_LIFETIME
    )
    if certified.public_key != row["public_key"] or certified.key_id != row["device_key_id"]:
        return "the certificate is for another key"
    if row["key_of"] != row["member_id"] or account_id(named[1], certified.wallet_address) != row["issuer"]:
        return "the certificate is of a contract wallet that is not the member's"
    return None


def _passkey_fault(row: Any) -> str | None:
    certificate = PasskeyCertificate(row["message"], row["signature"], row["certified_at"])
    certified = certificate.verify(
        public_url=certificate.origin(), lifetime_seconds=ANY_LIFETIME.device_key_lifetime_seconds
    )
    if certified.public_key != row["public_key"] or certified.key_id != row["device_key_id"]:
        return "the certificate is for another key"
    if row["key_of"] != row["member_id"] or certified.credential_id != row["issuer"]:
        return "the certificate is of a passkey that is not the member's"
    if certified.credential_public_key != row["passkey_public_key"]:
        return "the certificate is of another passkey under this one's name"
    # Nothing signs a registration: it stands for the moment in which its passkey was made, and once.
    if certified.registered and row["certified_at"] != row["passkey_added_at"]:
        return "a passkey was registered again, which nothing signs"
    return None


_FAULTS = {PASSKEY: _passkey_fault, CONTRACT_WALLET: _contract_fault}
