"""The leaves of an array's rows, packed together; what is hashed of each is what `journal_rows` says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from services.ledger.domain.journal_rows import (
    COMMITMENT_BYTES,
    LEAF,
    PARTICULARS_BYTES,
    SALT_BYTES,
    Memo,
    salt_of,
)
from services.ledger.domain.payment_arrays import ID_BYTES
from services.ledger.domain.rights import Code

if TYPE_CHECKING:
    from services.ledger.domain.payment_arrays import PostedArray


def array_leaves(posted: PostedArray, salt_key: bytes, memos: Mapping[int, Memo]) -> list[bytes]:
    """The leaf of each row, in order. `memos`: by sequence."""
    columns = posted.array.columns
    symbol = columns.asset.encode()
    count = len(posted.array)
    rows = np.zeros(count, _row_type(len(symbol)))
    sequences = posted.sequences
    rows["tag"] = ord(LEAF)
    salts = b"".join([salt_of(salt_key, sequence) for sequence in sequences.tolist()])
    rows["salt"] = np.frombuffer(salts, f"V{SALT_BYTES}")
    rows["sequence"] = sequences
    rows["id"] = np.frombuffer(columns.id_bytes, f"V{ID_BYTES}")
    rows["principal"] = np.void(posted.principal_id.bytes)
    rows["debit"] = np.void(posted.payer.id.bytes)
    payees = b"".join([payee.id.bytes for payee in posted.payees])
    rows["credit"] = np.frombuffer(payees, f"V{ID_BYTES}")[posted.array.payee_places]
    rows["symbol_length"] = len(symbol)
    rows["symbol"] = np.void(symbol)
    rows["amount"] = columns.amounts_minor
    rows["code"] = Code.PAY
    rows["flags"] = posted.flags
    for sequence, memo in memos.items():
        rows["memo"][sequence - posted.first_sequence] = np.void(memo.commitment)
    packed, size, sha256 = rows.tobytes(), rows.itemsize, hashlib.sha256
    return [sha256(packed[at : at + size]).digest() for at in range(0, count * size, size)]


def _row_type(symbol_length: int) -> np.dtype[np.void]:
    """What pays without hold and mandate has zeros for them."""
    return np.dtype(
        [
            ("tag", "u1"),
            ("salt", f"V{SALT_BYTES}"),
            ("sequence", ">i8"),
            ("id", f"V{ID_BYTES}"),
            ("principal", f"V{ID_BYTES}"),
            ("debit", f"V{ID_BYTES}"),
            ("credit", f"V{ID_BYTES}"),
            ("symbol_length", "u1"),
            ("symbol", f"V{symbol_length}"),
            ("amount", ">i8"),
            ("code", ">i2"),
            ("flags", ">i2"),
            ("particulars", f"V{PARTICULARS_BYTES}"),
            ("memo", f"V{COMMITMENT_BYTES}"),
        ]
    )
