"""Signatures of devices, wallets and passkeys: the only place that needs libraries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WALLET_SIGNATURE = re.compile(r"0x[0-9A-Fa-f]{130}")
_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""Of the group of secp256k1 (SEC 2)."""
KTY, ALG, CRV = 1, 3, -1
OKP, EC2, RSA = 1, 2, 3
EDDSA, ES256, RS256 = -8, -7, -257
RSA_BITS_MIN = 2_048


def is_ed25519_signed(public_key: bytes, signature: bytes, content: bytes) -> bool:
    """RFC 8032."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def wallet_that_signed(text: str, signature: str) -> str | None:
    """The address whose key signed the text (EIP-191), with a low s (EIP-2); None where no key can have."""
    from eth_account.messages import encode_defunct

    return _signer(encode_defunct(text=text), signature)


def typed_data_signer(
    domain: Mapping[str, Any], types: Mapping[str, Any], message: Mapping[str, Any], signature: str
) -> str | None:
    """The address whose key signed the structure (EIP-712), under the same rules. Raises ValueError and
    TypeError for what does not fit its types."""
    from eth_account.messages import encode_typed_data

    return _signer(encode_typed_data(dict(domain), dict(types), dict(message)), signature)


def _signer(message: Any, signature: str) -> str | None:
    from eth_account import Account
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    if not _WALLET_SIGNATURE.fullmatch(signature):
        return None
    s, v = int(signature[66:130], 16), int(signature[130:], 16)
    if v not in (27, 28) or s > _ORDER // 2:
        return None
    try:
        return str(Account.recover_message(message, signature=signature))
    except (BadSignature, ValidationError, ValueError):
        return None


def is_cose_signed(key: Mapping[Any, Any], signature: bytes, content: bytes) -> bool:
    """By a key of RFC 9053 of the kinds that passkeys have. Raises ValueError for another kind."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    kind = (key[KTY], key[ALG], key[CRV] if key[KTY] != RSA else None)
    try:
        if kind == (OKP, EDDSA, 6):
            return is_ed25519_signed(key[-2], signature, content)
        if kind == (EC2, ES256, 1):
            x, y = int.from_bytes(key[-2]), int.from_bytes(key[-3])
            numbers = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())
            numbers.public_key().verify(signature, content, ec.ECDSA(SHA256()))
        elif kind == (RSA, RS256, None):
            numbers = rsa.RSAPublicNumbers(e=int.from_bytes(key[-2]), n=int.from_bytes(key[-1]))
            made = numbers.public_key()
            if made.key_size < RSA_BITS_MIN:
                raise ValueError("an RSA key that is too short")
            made.verify(signature, content, padding.PKCS1v15(), SHA256())
        else:
            raise ValueError(f"a passkey's key of another kind: {kind}")
    except InvalidSignature:
        return False
    return True
