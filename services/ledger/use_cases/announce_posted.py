"""Tell of an entry's transfers, in events of at most a thousand."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.ledger import MAX_TRANSFERS_PER_EVENT, TransferPosted
from services.ledger.domain.journal import Entry


def announce_posted(unit: UnitOfWork, entry: Entry, rows: Sequence[tuple[UUID | str, str, str, int]]) -> None:
    """`rows`: of each id, code, asset and minor units."""
    about = (entry.union_id, entry.number, entry.time)
    for start in range(0, len(rows), MAX_TRANSFERS_PER_EVENT):
        event, written = TransferPosted.of_rows(about, rows[start : start + MAX_TRANSFERS_PER_EVENT])
        unit.publish(event, written=written)
