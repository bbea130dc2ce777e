"""The contracts as the tests deploy them. Without the group `contracts` the tests that ask for them skip."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import chain

FOLDER = Path(chain.__file__).parent
UNIT = 10**12
SUPPLY = 1_000 * 10**18


def compiler() -> Any:
    """titanoboa, which compiles and runs contracts in this process."""
    return pytest.importorskip("boa", reason="the contracts' compiler is not here: make contracts brings it")


@lru_cache
def source(contract: str) -> Any:
    """The contract, compiled once a run."""
    return compiler().load_partial(str(FOLDER / f"{contract}.vy"))


def token_code(name: str = "weavers", symbol: str = "GOW", supply: int = SUPPLY) -> bytes:
    """The creation code of a token with its arguments."""
    from eth_abi.abi import encode

    arguments = encode(["string", "string", "uint256"], [name, symbol, supply])
    return bytes(source("UnionToken").compiler_data.bytecode) + arguments


def deployed(operator: str, unit: int = UNIT, supply: int = SUPPLY) -> tuple[Any, Any]:
    """A vault and its token, from one deployment."""
    vault = source("Vault").deploy(operator, unit, token_code(supply=supply))
    return vault, source("UnionToken").at(vault.token())


def reference(number: int) -> bytes:
    """Thirty-two bytes that name something."""
    return number.to_bytes(32)
