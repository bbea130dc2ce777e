"""A process that is killed: relays one outbox and consumes for one group until it ends.

Run as a module with the addresses in JSON as its only argument.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.bus.postgres import PostgresTransport
from chassis.clock import SystemClock
from chassis.ids import IdSource
from tests.chassis.bus.house import Effects, serving
from tests.support.postgres import ServiceDatabase


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the process works."""

    publisher_url: str
    consumer_url: str
    bus_url: str
    replica: str


def _database(service: str, url: str) -> ServiceDatabase:
    return ServiceDatabase(service, "", url, url, url)


async def work(addresses: Addresses) -> None:
    clock = SystemClock()
    bus = PostgresTransport(addresses.bus_url, clock, IdSource(clock).new(), rebalance_ms=500)
    await bus.open()
    async with (
        serving(_database("market", addresses.publisher_url), clock, "market") as publisher,
        serving(_database("ledger", addresses.consumer_url), clock, "ledger") as consumer,
    ):
        print("working", datetime.now(UTC).isoformat(), flush=True)
        await asyncio.gather(
            publisher.relay(bus).run(), Effects(consumer, addresses.replica).runner(bus).run()
        )


if __name__ == "__main__":
    asyncio.run(work(Addresses(**json.loads(sys.argv[1]))))
