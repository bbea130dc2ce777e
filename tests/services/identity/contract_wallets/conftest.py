"""Identity beside a real node with contract wallets: one for the whole session."""

from collections.abc import AsyncGenerator, Generator

import pytest

from tests.services.identity.contract_house import house_at_node
from tests.services.identity.house import IdentityHouse
from tests.support.chain import running_devnet
from tests.support.contract_wallets import WalletChain
from tests.support.postgres import Databases


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[WalletChain]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as devnet:
        yield WalletChain(devnet)


@pytest.fixture(scope="session")
async def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, chain: WalletChain
) -> AsyncGenerator[IdentityHouse]:
    async with house_at_node(databases, tmp_path_factory, chain.devnet.url) as made:
        yield made
