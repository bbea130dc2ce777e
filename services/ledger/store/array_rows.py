"""An array's rows on their way into the table of transfers: COPY in PostgreSQL's binary format.

The format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import numpy as np

from services.ledger.domain.payment_arrays import ID_BYTES
from services.ledger.domain.rights import Code

if TYPE_CHECKING:
    import asyncpg

    from services.ledger.domain.journal import Entry
    from services.ledger.domain.payment_arrays import PostedArray

_UUID, _BIGINT, _INT, _SMALLINT = (f"V{ID_BYTES}", ID_BYTES), (">i8", 8), (">i4", 4), (">i2", 2)
_COLUMNS = {
    "union_number": _INT,
    "sequence": _BIGINT,
    "entry_number": _BIGINT,
    "id": _UUID,
    "principal_number": _BIGINT,
    "debit_number": _BIGINT,
    "credit_number": _BIGINT,
    "amount_minor": _BIGINT,
    "debit_previous": _BIGINT,
    "credit_previous": _BIGINT,
    "code": _SMALLINT,
    "flags": _SMALLINT,
}
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_ROW = np.dtype(
    [
        ("count", ">i2"),
        *(part for name, (kind, _) in _COLUMNS.items() for part in ((f"{name} bytes", ">i4"), (name, kind))),
    ]
)


async def copy_array(
    raw: asyncpg.Connection, entry: Entry, posted: PostedArray, principal_number: int
) -> None:
    """Write the rows. Raises UniqueViolationError where an id was used before: nothing is written then."""
    rows = _once(_packed(entry, posted, principal_number))
    await raw.copy_to_table("transfer_rows", source=rows, format="binary", columns=list(_COLUMNS))


def _packed(entry: Entry, posted: PostedArray, principal_number: int) -> bytes:
    array = posted.array
    rows = np.zeros(len(array), _ROW)
    rows["count"] = len(_COLUMNS)
    for name, (_, size) in _COLUMNS.items():
        rows[f"{name} bytes"] = size
    rows["union_number"] = entry.union_number
    rows["sequence"] = posted.sequences
    rows["entry_number"] = entry.number
    rows["id"] = np.frombuffer(array.columns.id_bytes, f"V{ID_BYTES}")
    rows["principal_number"] = principal_number
    rows["debit_number"] = posted.payer.number
    rows["credit_number"] = np.array([payee.number for payee in posted.payees])[array.payee_places]
    rows["amount_minor"] = array.columns.amounts_minor
    rows["debit_previous"] = posted.debit_previous
    rows["credit_previous"] = posted.credit_previous
    rows["code"] = Code.PAY
    rows["flags"] = posted.flags
    return _HEADER + rows.tobytes() + _TRAILER


async def _once(content: bytes) -> AsyncGenerator[bytes]:
    yield content
