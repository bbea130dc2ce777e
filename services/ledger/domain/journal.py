"""The journal: entries without a gap, each with the hash of the one before, and what they hash.

Format 1. A row is packed big-endian: sequence (8), transfer id (16), principal id (16), debit account id
(16), credit account id (16), asset symbol (1 + its length), amount in minor units (8), code (2). `digest`
is SHA-256 over the rows in order. An entry's hash is SHA-256 over the line that `entry_line` writes.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

FORMAT = 1
GENESIS_HASH = bytes(32)
"""What the first entry of a union names as the hash before it."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_ONE_MICROSECOND = timedelta(microseconds=1)


class JournalRow(NamedTuple):
    """What of a transfer is hashed."""

    sequence: int
    id: UUID
    principal_id: UUID
    debit_account: UUID
    credit_account: UUID
    asset: str
    amount_minor: int
    code: int


@dataclass(frozen=True, slots=True)
class Head:
    """Where a union's journal stands. An empty one has number 0 and no time."""

    number: int
    last_sequence: int
    time: datetime | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One batch in the journal of its union; its rows end at `last_sequence`."""

    union_id: UUID
    number: int
    time: datetime
    count: int
    last_sequence: int
    digest: bytes
    previous_hash: bytes
    hash: bytes


def rows_digest(rows: Iterable[JournalRow]) -> bytes:
    """SHA-256 over the packed rows, in order."""
    digest = hashlib.sha256()
    for row in rows:
        symbol = row.asset.encode()
        digest.update(
            struct.pack(">q", row.sequence)
            + row.id.bytes
            + row.principal_id.bytes
            + row.debit_account.bytes
            + row.credit_account.bytes
            + bytes((len(symbol),))
            + symbol
            + struct.pack(">qh", row.amount_minor, row.code)
        )
    return digest.digest()


def microseconds(time: datetime) -> int:
    """Whole microseconds since 1970, exact."""
    return (time - _EPOCH) // _ONE_MICROSECOND


def entry_line(
    *, union_id: UUID, number: int, time: datetime, count: int, digest: bytes, previous_hash: bytes
) -> str:
    """The text whose SHA-256 is the entry's hash; a verifier needs nothing else."""
    return (
        f"guildhall-journal {FORMAT} {union_id} {number} {microseconds(time)} {count} "
        f"{digest.hex()} {previous_hash.hex()}\n"
    )


def time_after(head: Head, now: datetime) -> datetime:
    """The time of the entry that follows the head: now, or just after the one before."""
    return now if head.time is None else max(now, head.time + _ONE_MICROSECOND)


def next_entry(union_id: UUID, head: Head, now: datetime, rows: list[JournalRow]) -> Entry:
    """The entry that follows the head."""
    time = time_after(head, now)
    number = head.number + 1
    digest = rows_digest(rows)
    line = entry_line(
        union_id=union_id,
        number=number,
        time=time,
        count=len(rows),
        digest=digest,
        previous_hash=head.hash,
    )
    return Entry(
        union_id=union_id,
        number=number,
        time=time,
        count=len(rows),
        last_sequence=rows[-1].sequence,
        digest=digest,
        previous_hash=head.hash,
        hash=hashlib.sha256(line.encode()).digest(),
    )
