"""The compiled contracts as they are checked in: to run them needs no compiler."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

ABI_FOLDER = Path(__file__).parent / "abi"
CONTRACTS = ("BalanceAnswer", "UnionToken", "Vault", "WalletAnswer")


@dataclass(frozen=True, slots=True)
class Artifact:
    """`abi` as web3 takes it; `bytecode` is the creation code without its arguments, 0x and hex."""

    abi: list[dict[str, Any]]
    bytecode: str


@lru_cache
def artifact(contract: str) -> Artifact:
    """The artifact of one of CONTRACTS."""
    written = orjson.loads((ABI_FOLDER / f"{contract}.json").read_bytes())
    return Artifact(written["abi"], written["bytecode"])
