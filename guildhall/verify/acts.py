"""Check the file of a signed act: what was signed, by which device, and which wallet or passkey certified it.

The signature of the act is RFC 9421's over the lines that are built here anew from the file (section 2.5).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.keys import is_ed25519_signed
from guildhall.verify.passkeys import check_passkey
from guildhall.verify.sign_in_messages import check_wallet

FORMAT = 1
AROUND = timedelta(seconds=330)
"""A device signs by its own clock, and an act may be five minutes old when it is taken."""
WALLET, CONTRACT_WALLET, PASSKEY = "wallet", "contract_wallet", "passkey"
Shown = Mapping[str, Any]

_INPUT = re.compile(r'act=(\((?P<names>"[^()]*")\)(?P<parameters>(?:;[a-z]+=(?:\d+|"[^"]*"))*))')
_PARAMETER = re.compile(r';([a-z]+)=(?:(\d+)|"([^"]*)")')
_SIGNATURE = re.compile(r"act=:([A-Za-z0-9+/]{86}==):")
_COVERED = ("@method", "@target-uri", "content-digest")
_PARAMETERS = {"created", "keyid", "alg", "nonce", "tag"}


@dataclass(frozen=True, slots=True)
class CheckedAct:
    """A sound act. `key`: a wallet's address, a passkey's id. `is_signed`: it signed the certificate.

    Nothing signs that of a device on which a passkey was made; of a contract's wallet only the chain says.
    """

    method: str
    target_uri: str
    signed_at: datetime
    device_key_id: str
    issuer_kind: str
    key: str
    fingerprint: str | None
    is_signed: bool


def check_act(file: Shown) -> CheckedAct:
    """Raises Altered, naming what does not fit, and Unreadable."""
    if file.get("format") != FORMAT:
        raise Unreadable(f"the act has the format {file.get('format')}: use a newer release")
    try:
        act, certificate = file["act"], file["certificate"]
        if certificate is None:
            raise Altered("no certificate of the device is given: nobody stands behind its key")
        signed_at = datetime.fromtimestamp(act["created"], UTC)
        _check_body(act)
        _check_signature(act, certificate["device_public_key"])
        key, fingerprint, is_signed = _certified_by(act, certificate, signed_at)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, IndexError) as error:
        raise Unreadable(f"the act cannot be read: {error!r}") from error
    return CheckedAct(
        method=act["method"],
        target_uri=act["target_uri"],
        signed_at=signed_at,
        device_key_id=act["device_key_id"],
        issuer_kind=certificate["issuer_kind"],
        key=key,
        fingerprint=fingerprint,
        is_signed=is_signed,
    )


def thumbprint_of(public_key: str) -> str:
    """RFC 7638, of an Ed25519 key in base64url."""
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}'
    return base64.urlsafe_b64encode(hashlib.sha256(jwk.encode()).digest()).rstrip(b"=").decode()


def _check_body(act: Shown) -> None:
    body = base64.b64decode(act["body"], validate=True)
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if act["content_digest"] != f"sha-256=:{digest}:":
        raise Altered("the body is not the one that was signed: its digest is another")


def _check_signature(act: Shown, device_public_key: str) -> None:
    given, signature = _INPUT.fullmatch(act["signature_input"]), _SIGNATURE.fullmatch(act["signature"])
    if given is None or signature is None:
        raise Unreadable("the act's signature is in a spelling that is not read here")
    if thumbprint_of(device_public_key) != act["device_key_id"]:
        raise Altered("the certified key is not the one that the act names: its thumbprint is another")
    told = {name: number or text for name, number, text in _PARAMETER.findall(given["parameters"])}
    if set(told) != _PARAMETERS or (told["alg"], told["tag"]) != ("ed25519", "guildhall-act"):
        raise Altered("the signature is not one of an act: algorithm, purpose or parameters are others")
    if told["keyid"] != act["device_key_id"]:
        raise Altered("the signature names another device key than the act")
    if told["created"] != str(act["created"]):
        raise Altered("the act is of another time than was signed")
    if told["nonce"] != act["nonce"]:
        raise Altered("the act has another nonce than was signed")
    names = [name.strip('"') for name in given["names"].split(" ")]
    key = act["idempotency_key"]
    if sorted(names) != sorted((*_COVERED, *(() if key is None else ("idempotency-key",)))):
        raise Altered("the signature does not cover method, target, digest and idempotency key")
    values: dict[str, Any] = {
        "@method": act["method"],
        "@target-uri": act["target_uri"],
        "content-digest": act["content_digest"],
        "idempotency-key": key,
    }
    if any(not isinstance(values[name], str) or "\n" in values[name] for name in names):
        raise Unreadable("the act has a line that cannot have been signed")
    lines = [*(f'"{name}": {values[name]}' for name in names), f'"@signature-params": {given[1]}']
    public_key = _bytes(device_public_key)
    if not is_ed25519_signed(public_key, base64.b64decode(signature[1]), "\n".join(lines).encode()):
        raise Altered(
            "the act's signature does not fit: method, target, digest, idempotency key or parameters were "
            "altered, or another key signed"
        )


def _certified_by(act: Shown, certificate: Shown, signed_at: datetime) -> tuple[str, str | None, bool]:
    kind, issuer = certificate["issuer_kind"], certificate["issuer"]
    target = urlsplit(act["target_uri"])
    origin = f"{target.scheme}://{target.netloc}"
    certified_at = datetime.fromisoformat(certificate["certified_at"])
    if kind in (WALLET, CONTRACT_WALLET):
        is_contract = kind == CONTRACT_WALLET
        said = check_wallet(certificate, origin, is_contract=is_contract)
        if said.issued_at > signed_at + AROUND:
            raise Altered("the act was signed before the wallet certified the device")
        if said.expires_at is None or signed_at > said.expires_at + AROUND:
            raise Altered("the act was signed after the wallet's certificate of the device had run out")
        expected = f"eip155:{said.chain_id}:{said.address}" if is_contract else said.address
        if issuer != expected:
            raise Altered(f"the certificate is of the wallet {expected}, not of {issuer}")
        return issuer, None, not is_contract
    if kind == PASSKEY:
        if certified_at > signed_at + AROUND:
            raise Altered("the act was signed before the passkey certified the device")
        answer = check_passkey(certificate, origin)
        if answer.credential_id != issuer:
            raise Altered(f"the certificate is of the passkey {answer.credential_id}, not of {issuer}")
        return issuer, answer.fingerprint, answer.is_signed
    raise Unreadable(f"the device was certified by a {kind}: use a newer release")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
