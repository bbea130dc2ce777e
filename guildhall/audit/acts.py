"""Signed acts, of every service: each is verified anew, up to the key that certified its device."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chassis.contract_wallets import CONTRACT_WALLET
from chassis.device_keys import device_key_id
from chassis.passkeys import PASSKEY
from chassis.signatures import ActMalformed
from chassis.signatures.typed_acts import WALLET_ALGORITHM, typed_act_hash, wallet_that_signed
from chassis.siwe.errors import WalletSignatureMalformed
from guildhall.audit.certificates import certificate_fault
from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, NotChecked, Promise, none_of

DEVICES, SIGNATURES = "identity.devices", "identity.signatures"
BY_CONTRACT = "by contract wallet"
BY_ERASED = "acts by wallet of erased members"
CLOCKS_DIFFER = timedelta(seconds=60)
"""What is revoked is so everywhere within a second, by clocks of several machines."""
SERVICES = ("identity", "graph", "market", "ledger", "funding")
_ALGORITHM = re.compile(r';alg="([a-z0-9]+)"(?:;|$)')
_SIGNATURE_INPUT = re.compile(r'^act=(\((?P<names>[^)]*)\);.*keyid="(?P<key>[^"]+)".*)$')
_CREATED = re.compile(r";created=(\d+)(?:;|$)")
_NONCE = re.compile(r';nonce="([^"]*)"(?:;|$)')
_TAG = ';tag="guildhall-act"'
_NAME = re.compile(r'"([^"]+)"')
_SIGNATURE = re.compile(r"^act=:([A-Za-z0-9+/=]+):$")

_CERTIFICATES = """
SELECT c.device_key_id, c.issuer_kind, c.issuer, c.message, c.signature, c.certified_at, d.public_key,
       d.member_id, k.member_id AS key_of, p.public_key AS passkey_public_key, p.added_at AS passkey_added_at
FROM device_certificates c
JOIN device_keys d ON d.id = c.device_key_id
LEFT JOIN member_keys k ON k.kind = c.issuer_kind
      AND k.identifier = CASE c.issuer_kind WHEN 'wallet' THEN lower(c.issuer) ELSE c.issuer END
LEFT JOIN passkeys p ON p.credential_id = c.issuer AND c.issuer_kind = 'passkey'
ORDER BY c.device_key_id, c.certified_at
"""


_KEYS = """
SELECT id, public_key, member_id, revoked_at, ARRAY(
    SELECT issuer FROM device_certificates WHERE device_key_id = device_keys.id AND issuer_kind = 'wallet'
) AS wallets, EXISTS (SELECT FROM erased_members e WHERE e.member_id = device_keys.member_id) AS is_erased
FROM device_keys
"""


@dataclass(frozen=True, slots=True)
class _Key:
    """A device key, and the wallets that have certified it, which may sign in its place."""

    public_key: bytes
    member_id: UUID
    wallets: frozenset[str]
    is_erased: bool
    """Its member was: nobody can say any more which wallets these were."""


async def devices(house: House) -> Checked:
    """Every device key was certified by a wallet or a passkey of its own member.

    Whether a contract wallet signed is left open: `certificates_not_checked` says so.
    """
    checked = Checked()
    for row in await house.rows("identity", _CERTIFICATES):
        checked.count("certificates", 1)
        checked.count("by passkey", int(row["issuer_kind"] == PASSKEY))
        if row["issuer_kind"] == CONTRACT_WALLET:
            checked.count(BY_CONTRACT, 1)
        wrong = certificate_fault(row)
        if wrong:
            checked.wrong("identity", f"device_key_id={row['device_key_id']}", wrong)
    checked.numbers["device keys"] = await house.number("identity", "SELECT count(*) FROM device_keys")
    await none_of(
        house,
        checked,
        "identity",
        "SELECT d.id AS device_key_id FROM device_keys d "
        "WHERE NOT EXISTS (SELECT FROM device_certificates c WHERE c.device_key_id = d.id) "
        "AND NOT EXISTS (SELECT FROM erased_members e WHERE e.member_id = d.member_id)",
        "a device key without a certificate",
    )
    return checked


def certificates_not_checked(checked: Checked) -> NotChecked | None:
    """What `devices` could not look at, where there is any."""
    number = checked.numbers.get(BY_CONTRACT, 0)
    says = f"the signatures of certificates by contract wallets, of which there are {number:,}"
    return NotChecked("identity", says, "only a contract can tell, and only of today") if number else None


async def signatures(house: House) -> Checked:
    """No act without a verified key: every stored act's signature fits, by a device of its member that was
    not revoked when the first service took it."""
    rows = await house.rows("identity", _KEYS)
    keys = {
        row["id"]: _Key(row["public_key"], row["member_id"], frozenset(row["wallets"]), row["is_erased"])
        for row in rows
    }
    revoked = {row["id"]: row["revoked_at"] for row in rows if row["revoked_at"] is not None}
    taken: dict[tuple[str, str], tuple[datetime, str]] = {}
    checked = Checked()
    for service in SERVICES:
        acts = await house.rows(service, f"SELECT * FROM {KEPT_ACTS} AS acts")  # noqa: S608 - the audit's own text
        checked.numbers[f"acts of {service}"] = len(acts)
        for row in acts:
            key = (row["device_key_id"], row["nonce"])
            known = keys.get(row["device_key_id"])
            if _is_by_wallet(row):
                checked.count("acts by wallet", 1)
                checked.count(BY_ERASED, int(known is not None and known.is_erased))
            wrong = _act_fault(row, known)
            if wrong:
                checked.wrong(service, _named(key), wrong)
            if row["device_key_id"] in revoked:
                here = (row["stored_at"], service)
                taken[key] = min(taken.get(key, here), here)
    for key, (stored_at, service) in taken.items():
        if stored_at > revoked[key[0]] + CLOCKS_DIFFER:
            checked.wrong(service, _named(key), "signed by a device that was revoked before")
    return checked


def _named(key: tuple[str, str]) -> str:
    return f"device_key_id={key[0]} nonce={key[1]}"


def signers_not_checked(checked: Checked) -> NotChecked | None:
    """What `signatures` could not look at, where there is any."""
    number = checked.numbers.get(BY_ERASED, 0)
    says = f"the signatures of acts by wallets of erased members, of which there are {number:,}"
    return NotChecked("identity", says, "which wallets were theirs has gone") if number else None


def _is_by_wallet(row: Any) -> bool:
    named = _ALGORITHM.search(row["signature_input"])
    return named is not None and named[1] == WALLET_ALGORITHM


def _act_fault(row: Any, known: _Key | None) -> str | None:
    """What is wrong with a stored act, by anybody's means: its row, and the key that was certified."""
    if known is None:
        return "signed by a device key that nobody certified"
    if known.member_id != row["member_id"]:
        return "signed by another member's device"
    digest = f"sha-256=:{b64encode(hashlib.sha256(row['body']).digest()).decode()}:"
    if row["content_digest"] != digest and not row["is_erased"]:
        return "the digest is not that of the body"
    if device_key_id(known.public_key) != row["device_key_id"]:
        return "the device key's id is not its thumbprint"
    return _signature_fault(row, known)


def _signature_fault(row: Any, key: _Key) -> str | None:
    """RFC 9421, section 3.2: the base is built anew from the row and verified. Of a wallet's, what it was
    shown (EIP-712)."""
    given, signature = _SIGNATURE_INPUT.match(row["signature_input"]), _SIGNATURE.match(row["signature"])
    if given is None or signature is None or given["key"] != row["device_key_id"]:
        return "the signature cannot be read"
    created, nonce = _CREATED.search(given[1]), _NONCE.search(given[1])
    if created is None or nonce is None or _TAG not in given[1]:
        return "the signature names no time, nonce or purpose"
    if (int(created[1]), nonce[1]) != (int(row["created"].timestamp()), row["nonce"]):
        return "the act is not of the time or the nonce that was signed"
    values = {
        "@method": row["method"],
        "@target-uri": row["target_uri"],
        "content-digest": row["content_digest"],
        "idempotency-key": row["idempotency_key"],
    }
    names: list[str] = _NAME.findall(given["names"])
    if not {"@method", "@target-uri", "content-digest"} <= set(names) <= set(values):
        return "the signature does not cover the act"
    if _is_by_wallet(row):
        return _wallet_fault(row, key, signature[1])
    return _device_fault(given[1], names, values, key.public_key, signature[1])


def _device_fault(
    parameters: str, names: list[str], values: Mapping[str, Any], public_key: bytes, signature: str
) -> str | None:
    lines = [f'"{name}": {values[name]}' for name in names]
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(b64decode(signature), base.encode())
    except (InvalidSignature, ValueError):
        return "the signature does not fit"
    return None


def _wallet_fault(row: Any, key: _Key, signature: str) -> str | None:
    """EIP-712: what the wallet was shown is built anew from the row; of who was erased nobody can tell."""
    if key.is_erased:
        return None
    try:
        shown = typed_act_hash(
            method=row["method"],
            target_uri=row["target_uri"],
            body=row["body"],
            idempotency_key=row["idempotency_key"],
            created_seconds=int(row["created"].timestamp()),
            nonce=row["nonce"],
            key_id=row["device_key_id"],
        )
        signer = wallet_that_signed(shown, b64decode(signature))
    except (ActMalformed, WalletSignatureMalformed, ValueError):
        return "the wallet's signature does not fit"
    return None if signer in key.wallets else "signed by a wallet that has not certified the device"


PROMISES = (
    Promise("identity", DEVICES, "a device key is certified by its member's wallet or passkey", devices),
    Promise("identity", SIGNATURES, "no act without a verified key", signatures),
)
LEFT_OPEN: Mapping[str, Callable[[Checked], NotChecked | None]] = {
    DEVICES: certificates_not_checked,
    SIGNATURES: signers_not_checked,
}
"""What these promises could not look at, by their names."""
