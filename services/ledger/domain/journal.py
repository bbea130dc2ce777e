"""The journal: entries without a gap, each with a Merkle root over its rows and the hash of the one before.

Format 2. `digest` is the root (RFC 9162) over the leaves of the rows, in order; see `journal_rows`. `supply`
is what was issued of the union's asset, as `GLD=10000000000000`, minor units. An entry's hash is SHA-256 over
the line that `entry_line` writes. Entries of format 1 have SHA-256 over unsalted rows as digest, and no
supply; `guildhall verify` and the audit read both.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.ledger.domain.journal_rows import JournalRow, leaf_hash, salt_of
from services.ledger.domain.merkle import merkle_root

FORMAT = 2
GENESIS_HASH = bytes(32)
"""What the first entry of a union names as the hash before it."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_ONE_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a union's journal stands. An empty one has number 0 and no time. `salt_key`: of the salts of its
    rows; `union_number`: by which these name their union."""

    number: int
    last_sequence: int
    time: datetime | None
    hash: bytes
    salt_key: bytes
    union_number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One batch in the journal of its union; its rows end at `last_sequence`."""

    union_id: UUID
    union_number: int
    number: int
    time: datetime
    count: int
    last_sequence: int
    digest: bytes
    supply: str
    previous_hash: bytes
    hash: bytes


def microseconds(time: datetime) -> int:
    """Whole microseconds since 1970, exact."""
    return (time - _EPOCH) // _ONE_MICROSECOND


def entry_line(
    *,
    union_id: UUID,
    number: int,
    time: datetime,
    count: int,
    digest: bytes,
    supply: str,
    previous_hash: bytes,
) -> str:
    """The text whose SHA-256 is the entry's hash; a verifier needs nothing else."""
    return (
        f"guildhall-journal {FORMAT} {union_id} {number} {microseconds(time)} {count} "
        f"{digest.hex()} {supply} {previous_hash.hex()}\n"
    )


def time_after(head: Head, now: datetime) -> datetime:
    """The time of the entry that follows the head: now, or just after the one before."""
    return now if head.time is None else max(now, head.time + _ONE_MICROSECOND)


def leaves_of(rows: Sequence[JournalRow], salt_key: bytes) -> list[bytes]:
    """The leaf of each row, in order."""
    return [leaf_hash(row, salt_of(salt_key, row.sequence)) for row in rows]


def next_entry(
    union_id: UUID, head: Head, now: datetime, leaves: Sequence[bytes], asset: str, supply_minor: int
) -> Entry:
    """The entry that follows the head. `supply_minor`: what of the rows' asset is issued after it."""
    time = time_after(head, now)
    number = head.number + 1
    digest = merkle_root(leaves)
    supply = f"{asset}={supply_minor}"
    line = entry_line(
        union_id=union_id,
        number=number,
        time=time,
        count=len(leaves),
        digest=digest,
        supply=supply,
        previous_hash=head.hash,
    )
    return Entry(
        union_id=union_id,
        union_number=head.union_number,
        number=number,
        time=time,
        count=len(leaves),
        last_sequence=head.last_sequence + len(leaves),
        digest=digest,
        supply=supply,
        previous_hash=head.hash,
        hash=hashlib.sha256(line.encode()).digest(),
    )


def head_at(entry: Entry, head: Head) -> Head:
    """Where the journal stands after the entry that followed the head."""
    return replace(
        head, number=entry.number, last_sequence=entry.last_sequence, time=entry.time, hash=entry.hash
    )
