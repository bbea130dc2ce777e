"""Public keys as decentralised identifiers name them: did:key (W3C CCG, The did:key Method v0.9).

`did:key:z` and base58btc of a multicodec prefix and the key's bytes. Whether they are a point of the curve
shows where something is verified by it.
"""

import re
from dataclasses import dataclass
from enum import Enum

_DID = re.compile(r"did:key:z([1-9A-HJ-NP-Za-km-z]{46,50})")
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Curve(Enum):
    """By the multicodec prefix (an unsigned varint) and the bytes of a key behind it."""

    ED25519 = (b"\xed\x01", 32)
    P256 = (b"\x80\x24", 33)
    SECP256K1 = (b"\xe7\x01", 33)


@dataclass(frozen=True, slots=True)
class DidKey:
    """`key`: 32 bytes of Ed25519, or a compressed point of 33 bytes."""

    curve: Curve
    key: bytes


def read_did_key(did: str) -> DidKey | None:
    """None for everything but a key of these curves in its one spelling."""
    match = _DID.fullmatch(did)
    if match is None or match[1].startswith(_ALPHABET[0]):
        return None
    number = 0
    for letter in match[1]:
        number = number * len(_ALPHABET) + _ALPHABET.index(letter)
    decoded = number.to_bytes((number.bit_length() + 7) // 8)
    for curve in Curve:
        prefix, length = curve.value
        if decoded.startswith(prefix) and len(decoded) == len(prefix) + length:
            return DidKey(curve, decoded[len(prefix) :])
    return None
