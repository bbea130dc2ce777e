"""Addresses as people write them: with the checksum of EIP-55, so that a slip is seen."""

from eth_utils.address import is_checksum_address

ZERO = f"0x{'0' * 40}"


def is_address(text: str) -> bool:
    """Whether it is 0x and 40 hex digits whose letters carry the checksum."""
    return text.startswith("0x") and is_checksum_address(text)
