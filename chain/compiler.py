"""Writes `chain/abi/` from the contracts: `python -m chain.compiler`, with the group `contracts`."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from chain.artifacts import ABI_FOLDER, CONTRACTS

SOURCES = Path(__file__).parent
EVM_VERSION = "cancun"


def compiled(contract: str, sources: Path = SOURCES) -> str:
    """The artifact's text: the same bytes on every machine."""
    compiler: Any = importlib.import_module("vyper.compiler")
    settings: Any = importlib.import_module("vyper.compiler.settings")
    bundles: Any = importlib.import_module("vyper.compiler.input_bundle")
    libraries = Path(importlib.import_module("snekmate").__path__[0]).parent
    bundle = bundles.FilesystemInputBundle([libraries, sources])
    output = compiler.compile_from_file_input(
        bundle.load_file(f"{contract}.vy"),
        input_bundle=bundle,
        settings=settings.Settings(evm_version=EVM_VERSION),
        output_formats=["abi", "bytecode"],
    )
    return json.dumps({"abi": output["abi"], "bytecode": output["bytecode"]}, indent=1, sort_keys=True) + "\n"


def write_artifacts(contracts: tuple[str, ...], sources: Path, folder: Path) -> None:
    """With --check nothing is written; exit 1 where a file would change."""
    changed: list[str] = []
    for contract in contracts:
        path = folder / f"{contract}.json"
        text = compiled(contract, sources)
        if path.exists() and path.read_text() == text:
            continue
        changed.append(contract)
        if "--check" not in sys.argv:
            folder.mkdir(exist_ok=True)
            path.write_text(text)
    if changed and "--check" in sys.argv:
        sys.exit(f"{folder} is not equal to the contracts ({', '.join(changed)}): run make contracts")


if __name__ == "__main__":
    write_artifacts(CONTRACTS, SOURCES, ABI_FOLDER)
