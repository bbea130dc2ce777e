"""Which wallet signed a text (EIP-191) or a hash, from a signature in the one canonical form.

A high s and other values of v are refused, so that one message has one signature (EIP-2). eth-keys recovers
with coincurve where it is installed, else in Python; eth-account above it would cost a second of each start.
"""

import re

from eth_hash.auto import keccak

from chassis.siwe.errors import WalletSignatureMalformed

KEY_SIGNATURE_CHARACTERS = 132
_SIGNATURE = re.compile(r"0x[0-9A-Fa-f]{130}")
_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def personal_message_hash(text: str) -> bytes:
    """Keccak-256 of a text as wallets sign it (EIP-191, version 0x45)."""
    message = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n%d%b" % (len(message), message))


def recover_wallet(text: str, signature: str) -> str:
    """The EIP-55 address whose key signed this text; `signature` is 0x and 65 bytes (r, s, v) in hex.

    Raises WalletSignatureMalformed.
    """
    return recover_signer(personal_message_hash(text), signature)


def recover_signer(message_hash: bytes, signature: str) -> str:
    """The EIP-55 address whose key signed these 32 bytes; `signature` as above.

    Raises WalletSignatureMalformed.
    """
    from eth_keys.datatypes import Signature  # a start need not wait for the curve's arithmetic
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    if not _SIGNATURE.fullmatch(signature):
        raise WalletSignatureMalformed("it is not 0x and 130 hexadecimal digits")
    r, s, v = int(signature[2:66], 16), int(signature[66:130], 16), int(signature[130:], 16)
    if v not in (27, 28):
        raise WalletSignatureMalformed("v is neither 27 nor 28")
    if not 0 < r < _ORDER:
        raise WalletSignatureMalformed("r is out of its range")
    if not 0 < s <= _ORDER // 2:
        raise WalletSignatureMalformed("s is not in the lower half of its range")
    try:
        signed = Signature(vrs=(v - 27, r, s))
        return signed.recover_public_key_from_msg_hash(message_hash).to_checksum_address()
    except (BadSignature, ValidationError):
        raise WalletSignatureMalformed("no key has made it") from None
