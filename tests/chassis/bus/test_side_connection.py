"""The side connection comes back however it was lost, and with it the leases of the process."""

from __future__ import annotations

from uuid import uuid4

from chassis.bus.postgres.side_connection import SideConnection
from chassis.bus.postgres.wake_ups import WakeUps
from tests.chassis.bus.house import until
from tests.support.postgres import ServiceDatabase

GROUP_ID = 77


async def test_a_connection_that_ends_without_a_word_to_its_listeners_is_replaced(
    bus_database: ServiceDatabase,
) -> None:
    side = SideConnection(bus_database.url, WakeUps(), uuid4(), other_processes=False)
    side.open()
    try:
        assert await side.share(GROUP_ID, 4) == frozenset(range(4))
        lost = side._connection  # pyright: ignore[reportPrivateUsage]
        assert lost is not None
        # What asyncpg does when it meets the server's last words in the middle of an operation of ours.
        lost._protocol.abort()  # pyright: ignore

        async def shares_again() -> bool:
            try:
                return await side.share(GROUP_ID, 4) == frozenset(range(4))
            except ConnectionError:
                return False

        await until(shares_again)
    finally:
        await side.close()
