"""An act as typed data (EIP-712): what a wallet shows its owner, and signs in the place of the device's key.

The wallet signs the body itself and not its digest, so that its screen says what is asked for. The target
is the public address: an act signed for one deployment is worthless at another.
"""

from eth_hash.auto import keccak

from chassis.signatures.errors import ActMalformed
from chassis.siwe.recovery import recover_signer

WALLET_ALGORITHM = "eip712"

_DOMAIN_TYPE = b"EIP712Domain(string name,string version)"
_ACT_TYPE = (
    b"Act(string method,string target,string body,string idempotencyKey,uint64 created,string nonce,"
    b"string device)"
)


def _hash_of_text(text: str) -> bytes:
    return keccak(text.encode())


_DOMAIN = keccak(keccak(_DOMAIN_TYPE) + _hash_of_text("Guildhall") + _hash_of_text("1"))
_ACT_TYPE_HASH = keccak(_ACT_TYPE)


def typed_act_hash(
    *,
    method: str,
    target_uri: str,
    body: bytes,
    idempotency_key: str | None,
    created_seconds: int,
    nonce: str,
    key_id: str,
) -> bytes:
    """The 32 bytes that the wallet signs: keccak-256 of 0x1901, the domain's and the struct's hash (EIP-712).

    `key_id`: the device key in whose place it signs; no Idempotency-Key is an empty text. Raises ActMalformed
    for a body that is no text: nobody could have been shown it.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ActMalformed("the body is no text in UTF-8: a wallet cannot show what it signs") from None
    members = (method, target_uri, text, idempotency_key or "")
    struct = b"".join(
        (
            _ACT_TYPE_HASH,
            *(_hash_of_text(member) for member in members),
            created_seconds.to_bytes(32),
            _hash_of_text(nonce),
            _hash_of_text(key_id),
        )
    )
    return keccak(b"\x19\x01" + _DOMAIN + keccak(struct))


def wallet_that_signed(message_hash: bytes, signature: bytes) -> str:
    """The EIP-55 address; `signature` is r, s, v. Raises WalletSignatureMalformed."""
    return recover_signer(message_hash, f"0x{signature.hex()}")
