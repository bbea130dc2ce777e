"""What is checked in is what the sources compile to, and says what indexer and sender ask for."""

from pathlib import Path

import pytest

from chain.artifacts import CONTRACTS, artifact
from chain.compiler import compiled
from tests.chain.compiler import OF_TESTS
from tests.chain.contracts import FOLDER, compiler


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_artifact_is_what_the_source_compiles_to(contract: str) -> None:
    compiler()
    assert (FOLDER / "abi" / f"{contract}.json").read_text() == compiled(contract)


@pytest.mark.parametrize(
    ("folder", "contract"), [(folder, one) for folder, contracts in OF_TESTS.items() for one in contracts]
)
def test_the_contracts_of_tests_are_what_their_sources_compile_to(folder: Path, contract: str) -> None:
    compiler()
    assert (folder / f"{contract}.json").read_text() == compiled(contract, folder)


def test_the_vault_has_the_events_and_functions_that_the_house_asks_for() -> None:
    named = {entry["name"] for entry in artifact("Vault").abi if "name" in entry}
    assert {"Deposit", "Release", "release", "is_released", "held", "token", "operator", "unit"} <= named


def test_nobody_can_mint_burn_or_own_the_token() -> None:
    named = {entry["name"] for entry in artifact("UnionToken").abi if entry["type"] == "function"}
    assert "permit" in named
    assert not {name for name in named if "mint" in name or "burn" in name or "own" in name}
