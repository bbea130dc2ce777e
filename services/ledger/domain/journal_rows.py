"""What of a transfer is hashed, format 2.

A leaf is SHA-256(0x00 || salt || row). The salt, 32 bytes, is HMAC-SHA-256 of the sequence number under the
union's key: who is given one row's salt can compute no other row's. The row is packed big-endian: sequence
(8), transfer id (16), principal id (16), debit account id (16), credit account id (16), asset symbol (1 + its
length), minor units (8), code (2), flags (2), timeout in seconds (4), id of the hold (16) and of the mandate
(16) that it names, and the commitment to its memo (32); zeros for what it does not have. A commitment is
SHA-256(memo's own salt || memo): text and salt may be erased, and the leaf stays.
"""

import hashlib
import hmac
import struct
from typing import NamedTuple
from uuid import UUID

from services.ledger.domain.transfers import Particulars

SALT_BYTES = COMMITMENT_BYTES = 32
LEAF = b"\x00"

_HEAD = struct.Struct(">q16s16s16s16sB")
_AMOUNT = struct.Struct(">qhh")
_PARTICULARS = struct.Struct(">i16s16s")
_NO_ID = bytes(16)
PARTICULARS_BYTES = _PARTICULARS.size
_NOTHING_PARTICULAR = bytes(PARTICULARS_BYTES)
_NO_MEMO = bytes(COMMITMENT_BYTES)


class Memo(NamedTuple):
    """A memo with its salt and the commitment to both; the first two are None once they were erased."""

    text: str | None
    salt: bytes | None
    commitment: bytes

    @classmethod
    def of(cls, text: str, salt: bytes) -> "Memo":
        return cls(text, salt, hashlib.sha256(salt + text.encode()).digest())


class JournalRow(NamedTuple):
    """What of a transfer is hashed; of a memo its commitment."""

    sequence: int
    id: UUID
    principal_id: UUID
    debit_account: UUID
    credit_account: UUID
    asset: str
    amount_minor: int
    code: int
    flags: int
    particulars: Particulars | None = None
    memo: Memo | None = None


def salt_of(key: bytes, sequence: int) -> bytes:
    """The salt of the union's row."""
    return hmac.digest(key, sequence.to_bytes(8, "big"), "sha256")


def leaf_hash(row: JournalRow, salt: bytes) -> bytes:
    """The row's leaf in the tree of its entry."""
    symbol = row.asset.encode()
    return hashlib.sha256(
        LEAF
        + salt
        + _HEAD.pack(
            row.sequence,
            row.id.bytes,
            row.principal_id.bytes,
            row.debit_account.bytes,
            row.credit_account.bytes,
            len(symbol),
        )
        + symbol
        + _AMOUNT.pack(row.amount_minor, row.code, row.flags)
        + (_NOTHING_PARTICULAR if row.particulars is None else _packed(row.particulars))
        + (_NO_MEMO if row.memo is None else row.memo.commitment)
    ).digest()


def _packed(particulars: Particulars) -> bytes:
    timeout_seconds, pending_id, mandate_id = particulars
    return _PARTICULARS.pack(
        timeout_seconds or 0,
        _NO_ID if pending_id is None else pending_id.bytes,
        _NO_ID if mandate_id is None else mandate_id.bytes,
    )
