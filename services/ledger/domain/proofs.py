"""The journal as files that `guildhall verify` reads: a JSON object a line, each saying its `kind`.

`entry` is what everybody may see; `row` one of its transfers with its salt and its leaf; `receipt` one row
with the path to its entry's root, and the entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.ledger.domain.journal import FORMAT
from services.ledger.domain.journal_rows import JournalRow, leaf_hash, salt_of
from services.ledger.domain.merkle import merkle_path
from services.ledger.domain.rights import Code


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An entry as everybody may see it."""

    number: int
    format: int
    time: datetime
    count: int
    last_sequence: int
    digest: bytes
    supply: str | None
    previous_hash: bytes
    hash: bytes

    @property
    def first_sequence(self) -> int:
        return self.last_sequence - self.count + 1

    @property
    def has_leaves(self) -> bool:
        return self.format == FORMAT


def entry_object(union_id: UUID, line: JournalLine) -> dict[str, Any]:
    return {
        "kind": "entry",
        "union_id": str(union_id),
        "number": line.number,
        "format": line.format,
        "time": line.time.astimezone(UTC).isoformat(timespec="microseconds"),
        "count": line.count,
        "last_sequence": line.last_sequence,
        "digest": line.digest.hex(),
        "supply": line.supply,
        "previous_hash": line.previous_hash.hex(),
        "hash": line.hash.hex(),
    }


def row_object(row: JournalRow, salt: bytes | None, *, with_memo: bool) -> dict[str, Any]:
    """`salt`: None for a row of an entry without leaves. A memo is for its two members: to others its
    commitment alone is shown."""
    memo = row.memo if with_memo else None
    timeout_seconds, pending_id, mandate_id = row.particulars or (None, None, None)
    return {
        "kind": "row",
        "sequence": row.sequence,
        "id": str(row.id),
        "principal_id": str(row.principal_id),
        "debit_account": str(row.debit_account),
        "credit_account": str(row.credit_account),
        "asset": row.asset,
        "minor": str(row.amount_minor),
        "code": row.code,
        "code_word": Code(row.code).word,
        "flags": row.flags,
        "timeout_seconds": timeout_seconds,
        "pending_id": None if pending_id is None else str(pending_id),
        "mandate_id": None if mandate_id is None else str(mandate_id),
        "memo": None if memo is None else memo.text,
        "memo_salt": None if memo is None or memo.salt is None else memo.salt.hex(),
        "memo_commitment": None if row.memo is None else row.memo.commitment.hex(),
        "salt": None if salt is None else salt.hex(),
        "leaf": None if salt is None else leaf_hash(row, salt).hex(),
    }


@dataclass(frozen=True, slots=True)
class Receipt:
    """`shown`: as it is given out, without its signature; `claims`: what of it the ledger signs."""

    shown: dict[str, Any]
    claims: dict[str, Any]


def receipt_of(
    union_id: UUID,
    line: JournalLine,
    rows: Sequence[JournalRow],
    index: int,
    salt_key: bytes,
    head: JournalLine,
) -> Receipt:
    """Of the row at `index` among all of its entry's, an entry with leaves. `head`: the newest entry."""
    leaves = [leaf_hash(row, salt_of(salt_key, row.sequence)) for row in rows]
    shown = {
        "kind": "receipt",
        "entry": entry_object(union_id, line),
        "row": row_object(rows[index], salt_of(salt_key, rows[index].sequence), with_memo=True),
        "index": index,
        "path": [beside.hex() for beside in merkle_path(leaves, index)],
    }
    claims = {
        "union_id": str(union_id),
        "sequence": rows[index].sequence,
        "leaf": leaves[index].hex(),
        "entry_number": line.number,
        "entry_hash": line.hash.hex(),
        "head_number": head.number,
        "head_hash": head.hash.hex(),
    }
    return Receipt(shown, claims)
