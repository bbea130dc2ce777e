"""An Ethereum wallet in this process' memory: it signs sign-in messages, and acts where it is asked to."""

import hashlib
import os
from dataclasses import dataclass

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

KEY_BYTES = 32
_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


@dataclass(frozen=True, slots=True)
class Wallet:
    """A secp256k1 key of 32 bytes and its EIP-55 address."""

    private_key: bytes
    address: str

    @classmethod
    def of(cls, private_key: bytes) -> "Wallet":
        """The wallet of a key. Raises ValueError for what is no key."""
        if len(private_key) != KEY_BYTES or not 0 < int.from_bytes(private_key) < _ORDER:
            raise ValueError("a wallet's key has 32 bytes, and is below the order of secp256k1")
        return cls(private_key, PrivateKey(private_key).public_key.to_checksum_address())

    @classmethod
    def create(cls) -> "Wallet":
        """A new wallet from the system's randomness."""
        return cls.of(os.urandom(32))

    @classmethod
    def derived(cls, seed: str, name: str) -> "Wallet":
        """The wallet of this name under this seed: always the same one. For demonstrations and tests."""
        return cls.of(hashlib.sha256(f"guildhall wallet\n{seed}\n{name}".encode()).digest())

    def sign(self, text: str) -> str:
        """The EIP-191 signature of a text: 0x and 65 bytes (r, s, v) in hex."""
        message = text.encode()
        digest = keccak(b"\x19Ethereum Signed Message:\n%d%b" % (len(message), message))
        return f"0x{self.sign_hash(digest).hex()}"

    def sign_hash(self, message_hash: bytes) -> bytes:
        """The 65 bytes r, s, v (27 or 28) of the signature of a hash."""
        signed = PrivateKey(self.private_key).sign_msg_hash(message_hash)
        return signed.r.to_bytes(32) + signed.s.to_bytes(32) + bytes((signed.v + 27,))

    def __repr__(self) -> str:
        return f"Wallet({self.address})"
