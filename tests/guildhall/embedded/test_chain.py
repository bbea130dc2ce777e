"""The chain of a deployment: what is refused at the start, what is off and says so, what a start imports."""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from guildhall.devnet import binaries
from guildhall.devnet.launcher import CHAIN_ID, Devnet
from guildhall.embedded.announcement import announcement
from guildhall.embedded.chain import Chain, opened_chain, started_chain
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings
from tests.support.chain import running_devnet
from tests.support.embedded import REPOSITORY


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Generator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as running:
        yield running


def _settings(**given: object) -> GuildhallSettings:
    return read_settings(GuildhallSettings, None, **given)


def test_a_node_of_another_chain_is_refused_in_one_line(devnet: Devnet, tmp_path: Path) -> None:
    settings = _settings(eth_rpc_url=SecretStr(devnet.url))
    with pytest.raises(StartRefused) as refused, started_chain(tmp_path, settings):
        pass
    assert refused.value.line == (
        "ETH_RPC_URL is a node of chain 31337, ETH_CHAIN_ID says 1: set the one that is meant"
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/key-in-the-path", "nonsense", "ftp://127.0.0.1", "http://"]
)
def test_an_address_where_no_node_answers_is_refused_and_not_shown(tmp_path: Path, url: str) -> None:
    with (
        pytest.raises(StartRefused) as refused,
        started_chain(tmp_path, _settings(eth_rpc_url=SecretStr(url))),
    ):
        pass
    assert refused.value.line.startswith("ETH_RPC_URL: no Ethereum node answers there")
    assert "key-in-the-path" not in refused.value.line


def test_a_node_by_its_address_is_given_to_ledger_and_identity(devnet: Devnet, tmp_path: Path) -> None:
    settings = _settings(eth_rpc_url=SecretStr(devnet.url), eth_chain_id=CHAIN_ID)
    with started_chain(tmp_path, settings) as chain:
        given = chain.settings_of_services(tmp_path / "secrets")
    node = {"eth_rpc_url": devnet.url, "eth_chain_id": CHAIN_ID}
    assert given["identity"] == node, "the operator's key is the ledger's alone"
    assert given["ledger"].pop("bridge_key_file").exists()
    assert given["ledger"] == node


def test_a_chain_that_is_off_says_how_to_turn_it_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _settings(devnet="off")
    with started_chain(tmp_path, settings) as chain:
        said = announcement("http://localhost:8080", tmp_path, "a database", chain, settings, [])
        assert "a chain (ETH_RPC_URL=https://... and ETH_CHAIN_ID, or GUILDHALL_DEVNET=on)" in said
        assert chain.settings_of_services(tmp_path) == {}

    def missing() -> Path:
        raise binaries.DevnetMissing("needs Node and npm on this machine")

    monkeypatch.setattr("guildhall.embedded.chain.find_anvil", missing)
    with started_chain(tmp_path, _settings()) as chain:
        said = announcement("http://localhost:8080", tmp_path, "a database", chain, _settings(), [])
    assert "a devnet of its own needs Node and npm on this machine" in said


def test_a_devnet_is_started_funded_and_kept_for_the_next_start(tmp_path: Path) -> None:
    funded: list[int] = []
    for _ in range(2):
        with started_chain(tmp_path, _settings()) as chain:
            assert chain.devnet is not None and isinstance(chain, Chain)
            chain.devnet.keep()
            operator = chain.devnet.calls.call("eth_accounts")[0]
            funded.append(chain.devnet.calls.number("eth_getTransactionCount", operator, "latest"))
    assert funded == [1, 1]


def test_a_chain_is_read_without_a_running_guildhall_and_nothing_of_it_changes(tmp_path: Path) -> None:
    with started_chain(tmp_path, _settings()) as chain:
        assert chain.devnet is not None
        chain.devnet.keep()
    kept = (tmp_path / "devnet" / "state.json").read_bytes()
    with opened_chain(_settings(folder=tmp_path)) as node:
        assert node is not None and node.chain_id == CHAIN_ID
    assert (tmp_path / "devnet" / "state.json").read_bytes() == kept
    with opened_chain(_settings(folder=tmp_path / "elsewhere")) as node:
        assert node is None


def test_a_start_without_a_bridge_imports_nothing_of_the_chain() -> None:
    looked = (
        "import sys, guildhall.embedded.runtime, guildhall.audit.command, services.ledger.app; "
        "print(sorted({'web3', 'eth_account', 'eth_abi'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", looked], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
