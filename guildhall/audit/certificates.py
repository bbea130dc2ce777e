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
        return _passkey_fault(row) if row["issuer_kind"] == PASSKEY else _wallet_fault(row)
    except DomainError as refused:
        return f"the certificate does not verify: {type(refused).__name__}"


def _wallet_fault(row: Any) -> str | None:
    """Of a contract's wallet all but its signature: only the contract could say of it, and of today alone."""
    message: str = row["message"]
    uri = re.search(r"^URI: (\S+)$", message, re.MULTILINE)
    chain = re.search(r"^Chain ID: (\d+)$", message, re.MULTILINE)
    if uri is None or chain is None:
        return "the certificate is no sign-in message"
    certificate = DeviceCertificate(message, row["signature"])
    is_contract = row["issuer_kind"] == CONTRACT_WALLET
    certified = (certificate.read_at if is_contract else certificate.verify_at)(
        row["certified_at"], public_url=uri[1], chain_id=int(chain[1]), limits=ANY_LIFETIME
    )
    if certified.public_key != row["public_key"] or certified.key_id != row["device_key_id"]:
        return "the certificate is for another key"
    address = certified.wallet_address
    issuer = account_id(int(chain[1]), address) if is_contract else address
    if row["key_of"] != row["member_id"] or issuer != row["issuer"]:
        named = "contract wallet" if is_contract else "wallet"
        return f"the certificate is of a {named} that is not the member's"
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
