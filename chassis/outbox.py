"""The outbox: events written in the transaction of their state, as its last statements before COMMIT.

Locks on the events' keys, held until the commit, make position order commit order for each key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.bus.envelope import check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import asyncpg

KEYS_MAX = 1_000

# The function takes the locks in a statement of its own, before the one that inserts: a statement that waits
# for a lock keeps the snapshot it began with, and positions must be drawn after every holder has committed.
_WRITE = "SELECT write_outbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


class TooManyEventKeys(ValueError):
    """One transaction publishes on at most 1,000 keys; larger work goes in chunks."""

    def __init__(self, keys_count: int) -> None:
        super().__init__(f"{keys_count} event keys in one transaction: the most is {KEYS_MAX}")
        self.keys_count = keys_count


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An event to write. Raises EventTooLarge, EventKeyTooLong where it is made."""

    event_id: UUID
    type: str
    key: str
    time: datetime
    data: bytes
    traceparent: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None

    def __post_init__(self) -> None:
        check_size(self.type, self.key, self.data)


def key_locks(keys: Iterable[str]) -> list[int]:
    """The numbers of the advisory locks of event keys, in the one order in which everybody takes them."""
    return sorted(
        {
            int.from_bytes(blake2b(key.encode(), digest_size=8, person=b"outbox").digest(), signed=True)
            for key in keys
        }
    )


async def write(raw: asyncpg.Connection, rows: Sequence[OutboxRow]) -> None:
    """Insert the rows, in order, in the open transaction; nothing but COMMIT may follow.

    Raises TooManyEventKeys.
    """
    if not rows:
        return
    keys = {row.key for row in rows}
    if len(keys) > KEYS_MAX:
        raise TooManyEventKeys(len(keys))
    await raw.execute(
        _WRITE,
        key_locks(keys),
        [row.time.date() for row in rows],
        [row.event_id for row in rows],
        [row.type for row in rows],
        [row.key for row in rows],
        [row.time for row in rows],
        [row.data for row in rows],
        [row.traceparent for row in rows],
        [row.causation_id for row in rows],
        [row.correlation_id for row in rows],
    )
