"""Everything that the bus keeps, read once from the beginning: for whoever carries it to another bus."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chassis.bus.postgres.log import Span, read_heads, read_spans

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import asyncpg

    from chassis.bus.envelope import Envelope

_EVER = date(1, 1, 1)


async def kept_events(connection: asyncpg.Connection, batch_max: int) -> AsyncGenerator[list[Envelope]]:
    """The newest event of each state key and the facts of the log, in the order of each partition."""
    for partition, head in sorted((await read_heads(connection)).items()):
        after = 0
        while after < head.position:
            span = Span(partition, after, head.position)
            found = {
                event.position: event
                for table in ("states", "log")
                for event in await read_spans(connection, table, [span], None, batch_max, _EVER)
            }
            page = [found[position] for position in sorted(found)[:batch_max]]
            if not page:
                break
            yield [event.envelope for event in page]
            after = page[-1].position
