"""The ledger, running for the whole session; every test finds it empty."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from chassis.clock import ManualClock
from tests.services.ledger.house import LedgerHouse, running_ledger
from tests.support.postgres import Databases


@pytest.fixture(scope="session")
async def running_house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[LedgerHouse]:
    ledger, bus = await databases.fresh("ledger"), await databases.fresh("bus")
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("ledger")
    async with running_ledger(ledger, bus, folder, clock) as running:
        yield running
    await databases.drop(ledger)
    await databases.drop(bus)


@pytest.fixture
async def empty_house(running_house: LedgerHouse) -> LedgerHouse:
    """A ledger that knows no union, at noon."""
    await running_house.forget_everything()
    running_house.advance_to_noon()
    return running_house


@pytest.fixture
async def house(empty_house: LedgerHouse) -> LedgerHouse:
    """A union of five: the founder (0) and members 1 to 4, each with an unlocked joining grant."""
    await empty_house.found()
    return empty_house
