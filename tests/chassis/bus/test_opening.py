"""The address of the bus chooses its transport."""

import pytest

from chassis.bus.opening import BusUrlWrong, transport_of
from chassis.bus.postgres import PostgresTransport
from chassis.clock import ManualClock
from chassis.ids import IdSource


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
async def test_a_postgres_address_gives_the_log_in_postgres(
    scheme: str, clock: ManualClock, ids: IdSource
) -> None:
    bus = transport_of(f"{scheme}://bus:secret@localhost/bus", clock, ids.new())
    assert isinstance(bus, PostgresTransport)


@pytest.mark.parametrize(
    "url", ["", "localhost:9092", "amqp://bus:secret@localhost", "//bus:secret@localhost"]
)
async def test_another_address_is_refused_without_repeating_it(
    url: str, clock: ManualClock, ids: IdSource
) -> None:
    with pytest.raises(BusUrlWrong) as refused:
        transport_of(url, clock, ids.new())
    assert "secret" not in str(refused.value)
