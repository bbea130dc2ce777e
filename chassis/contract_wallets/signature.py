"""Signatures of contract wallets as bytes: plain ones (EIP-1271) and wrapped ones (EIP-6492)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chassis.siwe import WalletSignatureMalformed

SIGNATURE_BYTES_MAX = 8_192
SIGNATURE_CHARACTERS_MAX = 2 + 2 * SIGNATURE_BYTES_MAX
WRAPPED_SUFFIX = bytes.fromhex("6492" * 16)

_HEX = re.compile(r"0x(?:[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class ContractSignature:
    """What the wallet reads, and what is called to deploy it where it is not there yet."""

    signature: bytes
    factory: str | None = None
    factory_data: bytes = b""


def is_data(text: str) -> bool:
    """Whether it is 0x and whole bytes in hex."""
    return _HEX.fullmatch(text) is not None


def read_contract_signature(text: str) -> ContractSignature:
    """Read 0x and hex, at most 8,192 bytes. Raises WalletSignatureMalformed; loads eth_abi."""
    if len(text) > SIGNATURE_CHARACTERS_MAX:
        raise WalletSignatureMalformed(f"it is longer than {SIGNATURE_BYTES_MAX} bytes")
    if not is_data(text):
        raise WalletSignatureMalformed("it is not 0x and pairs of hexadecimal digits")
    signature = bytes.fromhex(text[2:])
    if not signature.endswith(WRAPPED_SUFFIX):
        return ContractSignature(signature)
    return _unwrapped(signature[: -len(WRAPPED_SUFFIX)])


def _unwrapped(content: bytes) -> ContractSignature:
    """`abi.encode((address factory, bytes factory_data, bytes signature))`."""
    from eth_abi.abi import decode
    from eth_abi.exceptions import DecodingError

    try:
        factory, factory_data, signature = decode(["address", "bytes", "bytes"], content)
    except (DecodingError, OverflowError):
        raise WalletSignatureMalformed("what EIP-6492 wraps cannot be read") from None
    if int(factory, 16) == 0:
        raise WalletSignatureMalformed("EIP-6492 wraps no factory")
    if signature.endswith(WRAPPED_SUFFIX):
        raise WalletSignatureMalformed("EIP-6492 wraps a wrapped signature")
    return ContractSignature(signature, factory, factory_data)
