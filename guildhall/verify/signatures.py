"""What receipts and exports are signed by: a compact JWS (RFC 7515) by Ed25519 (RFC 8037, RFC 9864)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from guildhall.verify.encoding import from_base64url
from guildhall.verify.keys import is_ed25519_signed

RECEIPT_TYPE = "guildhall-receipt+jwt"
EXPORT_TYPE = "guildhall-export+jwt"
ALGORITHMS = frozenset({"Ed25519", "EdDSA"})


class NotSigned(Exception):
    """The signature does not hold; says why, in one line."""


class KeyUnknown(Exception):
    """The key that the signature names is none of those that are given: it may hold, or not."""


def signed_claims(
    token: str, keys: Sequence[Mapping[str, Any]], token_type: str = RECEIPT_TYPE
) -> dict[str, Any]:
    """What the token says, verified by the key that it names. Raises NotSigned, KeyUnknown."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(from_base64url(head)), json.loads(from_base64url(body))
        if header["typ"] != token_type or header["alg"] not in ALGORITHMS:
            raise NotSigned(f"it is no signature of the type {token_type}")
        known = [key for key in keys if key.get("kid") == header["kid"] and key.get("crv") == "Ed25519"]
        if not known:
            raise KeyUnknown(f"it is by the key {header['kid']}, which is none of those that are given")
        public_key, signed = from_base64url(known[0]["x"]), f"{head}.{body}".encode()
        if not is_ed25519_signed(public_key, from_base64url(signature), signed):
            raise NotSigned("the signature is not by the key that it names")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSigned(f"the signature cannot be read: {error!r}") from error
    if not isinstance(claims, dict):
        raise NotSigned("the signature says nothing")
    return claims
