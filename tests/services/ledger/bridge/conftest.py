"""The ledger beside a real node, for the whole session; every test finds the books empty."""

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime

import pytest

from chassis.clock import ManualClock
from guildhall.devnet.launcher import Devnet
from tests.services.ledger.bridge.chain_house import ChainHouse, running_chain_house
from tests.support.chain import running_devnet
from tests.support.postgres import Databases


@pytest.fixture(scope="session")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Generator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as running:
        yield running


@pytest.fixture(scope="session")
async def running_chain(
    databases: Databases, devnet: Devnet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[ChainHouse]:
    ledger, bus = await databases.fresh("ledger"), await databases.fresh("bus")
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("chain")
    async with running_chain_house(ledger, bus, folder, clock, devnet) as running:
        yield running
    await databases.drop(ledger)
    await databases.drop(bus)


@pytest.fixture
async def closed(running_chain: ChainHouse) -> ChainHouse:
    """A union of five without a bridge, beside a chain."""
    await running_chain.begin_anew()
    await running_chain.ledger.forget_everything()
    running_chain.ledger.advance_to_noon()
    await running_chain.ledger.found()
    return running_chain


@pytest.fixture
async def bridge(closed: ChainHouse) -> ChainHouse:
    """The same union, its bridge open."""
    await closed.open()
    return closed
