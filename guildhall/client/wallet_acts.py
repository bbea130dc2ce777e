"""Acts that a wallet signs itself (EIP-712), in the place of the device key that it has certified.

The one structure that is signed is hashed here by hand; tests hold it to a wallet's library.
"""

import os
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from eth_hash.auto import keccak

from guildhall.client.device_key import NONCE_BYTES, DeviceKey, base64url
from guildhall.client.wallet import Wallet

_DOMAIN = keccak(keccak(b"EIP712Domain(string name,string version)") + keccak(b"Guildhall") + keccak(b"1"))
_ACT_TYPE = keccak(
    b"Act(string method,string target,string body,string idempotencyKey,uint64 created,string nonce,"
    b"string device)"
)


@dataclass(frozen=True, slots=True)
class WalletActs:
    """Signs as a device key does, for a session that the wallet opened on `device`."""

    wallet: Wallet
    device: DeviceKey

    def sign(
        self,
        *,
        method: str,
        target_uri: str,
        body: bytes,
        created_seconds: int,
        idempotency_key: str | None = None,
        nonce: str | None = None,
    ) -> dict[str, str]:
        """The header fields that make a request this wallet's act; the body has to be text in UTF-8."""
        drawn = nonce or base64url(os.urandom(NONCE_BYTES))
        texts = (method, target_uri, body.decode(), idempotency_key or "")
        act = b"".join(
            (
                _ACT_TYPE,
                *(keccak(text.encode()) for text in texts),
                created_seconds.to_bytes(32),
                keccak(drawn.encode()),
                keccak(self.device.key_id.encode()),
            )
        )
        signature = self.wallet.sign_hash(keccak(b"\x19\x01" + _DOMAIN + keccak(act)))
        keyed = "" if idempotency_key is None else ' "idempotency-key"'
        parameters = (
            f'("@method" "@target-uri" "content-digest"{keyed});created={created_seconds}'
            f';keyid="{self.device.key_id}";alg="eip712";nonce="{drawn}";tag="guildhall-act"'
        )
        return {
            "content-digest": f"sha-256=:{b64encode(sha256(body).digest()).decode()}:",
            "signature-input": f"act={parameters}",
            "signature": f"act=:{b64encode(signature).decode()}:",
        }
