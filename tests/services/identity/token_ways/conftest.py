"""Identity beside a real node with a token on it: one for the whole session."""

from collections.abc import AsyncGenerator, Generator

import pytest

from tests.services.identity.contract_house import house_at_node
from tests.services.identity.house import IdentityHouse
from tests.services.identity.token_ways.tokens import HELD_BLOCKS, TokenChain
from tests.support.chain import running_devnet
from tests.support.postgres import Databases


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[TokenChain]:
    with running_devnet(tmp_path_factory.mktemp("token-devnet")) as devnet:
        yield TokenChain(devnet)


@pytest.fixture(scope="session")
async def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, chain: TokenChain
) -> AsyncGenerator[IdentityHouse]:
    told = {"chain_id": 1, "token_held_blocks_count": HELD_BLOCKS, "unions_per_founder_max": 10}
    async with house_at_node(databases, tmp_path_factory, chain.devnet.url, **told) as made:
        yield made
