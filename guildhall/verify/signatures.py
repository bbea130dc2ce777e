"""What receipts and exports are signed by: a compact JWS (RFC 7515) by Ed25519 (RFC 8037, RFC 9864)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

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
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
        if header["typ"] != token_type or header["alg"] not in ALGORITHMS:
            raise NotSigned(f"it is no signature of the type {token_type}")
        known = [key for key in keys if key.get("kid") == header["kid"] and key.get("crv") == "Ed25519"]
        if not known:
            raise KeyUnknown(f"it is by the key {header['kid']}, which is none of those that are given")
        public_key = Ed25519PublicKey.from_public_bytes(_bytes(known[0]["x"]))
        public_key.verify(_bytes(signature), f"{head}.{body}".encode())
    except InvalidSignature:
        raise NotSigned("the signature is not by the key that it names") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSigned(f"the signature cannot be read: {error!r}") from error
    if not isinstance(claims, dict):
        raise NotSigned("the signature says nothing")
    return claims


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
