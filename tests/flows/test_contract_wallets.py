"""Members whose wallets are contracts: they do everything that binds, and the ledger takes their devices."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from pydantic import SecretStr

from guildhall.client import Wallet
from guildhall.devnet.launcher import CHAIN_ID
from guildhall.devnet.operator_key import operator_key
from tests.flows.guild import GRANT, Guild, found_guild, well
from tests.support.chain import running_devnet
from tests.support.contract_wallets import ContractWallet, WalletChain
from tests.support.deployment import WholeDeployment, whole_deployment
from tests.support.personas import Persona
from tests.support.postgres import Databases

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Signing:
    """A contract wallet where a persona has a key's."""

    wallet: ContractWallet
    is_wrapped: bool

    @property
    def address(self) -> str:
        return self.wallet.address

    def sign(self, text: str) -> str:
        return self.wallet.wrapped_signature(text) if self.is_wrapped else self.wallet.signature(text)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Generator[WalletChain]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as devnet:
        yield WalletChain(devnet)


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, chain: WalletChain
) -> AsyncGenerator[WholeDeployment]:
    """All services, identity and ledger told of a node of the chain that messages name."""
    keys = tmp_path_factory.mktemp("keys")
    key_file = keys / "bridge-operator.key"
    operator_key(key_file)
    node: dict[str, Any] = {
        "eth_rpc_url": SecretStr(chain.devnet.url),
        "eth_chain_id": CHAIN_ID,
        "chain_id": CHAIN_ID,
    }
    overrides = {"identity": node, "ledger": node | {"bridge_key_file": key_file}}
    async with whole_deployment(databases, keys, overrides) as made:
        yield made


async def joined(guild: Guild, chain: WalletChain, name: str, *, is_deployed: bool) -> Persona:
    """A member of the guild by a contract wallet."""
    member = guild.house.stranger(name)
    member.wallet = cast("Wallet", Signing(chain.wallet(is_deployed=is_deployed), not is_deployed))
    await member.sign_in()
    await guild.act(member, "POST", "/memberships", await guild.acceptance(invited=True))
    await guild.house.eventually(lambda: guild.balance(member), lambda tokens: tokens == GRANT)
    return member


@pytest.mark.parametrize("is_deployed", [True, False])
async def test_what_they_sign_to_market_and_funding_debits_them_at_the_ledger(
    deployment: WholeDeployment, chain: WalletChain, is_deployed: bool
) -> None:
    guild = await found_guild(deployment, f"Guild of Smiths {is_deployed}")
    employer = await joined(guild, chain, "employer", is_deployed=is_deployed)
    worker = await guild.join("worker")
    agreement = await guild.agree(employer, worker, 100)
    await guild.deliver(worker, agreement)
    assert well(await guild.pay(employer, agreement))["state"] == "paid"
    project = await guild.propose(worker, 500, timedelta(days=3))
    await guild.pledge(employer, project, 20)
    assert await guild.balance(employer) == GRANT - 120
    assert chain.has_code(employer.wallet.address) is is_deployed
    member = employer.id
    await employer.sign_in()
    assert employer.id == member
