"""Each import contract is kept by the tree, and fails when it is broken on purpose in a copy of it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.tidy.source_tree import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
COPIED = ("guildhall", "services", "gateway", "events", "chassis")

# Contract -> the module that breaks it, what it then imports.
BROKEN: dict[str, tuple[str, str]] = {
    "services-are-strangers": ("services/market/use_cases/planted.py", "import services.ledger.domain"),
    "service-layers": ("services/market/domain/planted.py", "import services.market.use_cases"),
    "domain-is-pure": ("services/market/domain/planted.py", "import sqlalchemy"),
    "events-stand-alone": ("events/planted.py", "import chassis.money"),
    "client-is-outside": ("guildhall/demo/planted.py", "import chassis.money"),
    "verify-stands-alone": ("guildhall/verify/planted.py", "import services.ledger.domain"),
    "audit-recomputes": ("guildhall/audit/planted.py", "import services.market.use_cases"),
    "chassis-carries": ("chassis/planted.py", "import services.market.domain"),
    "gateway-is-a-door": ("gateway/planted.py", "import services.market.domain"),
    "services-know-no-house": ("services/market/planted.py", "import gateway"),
}

# Other walls of the same contracts: each is one more way to break them.
ALSO_BROKEN: list[tuple[str, str, str]] = [
    ("services-are-strangers", "services/funding/planted.py", "import services.identity.api"),
    ("service-layers", "services/ledger/store/planted.py", "import services.ledger.use_cases"),
    ("service-layers", "services/graph/use_cases/planted.py", "import services.graph.api"),
    ("service-layers", "services/identity/api/planted.py", "import services.identity.app"),
    ("domain-is-pure", "services/graph/domain/planted.py", "import fastapi"),
    ("domain-is-pure", "services/ledger/domain/planted.py", "import asyncpg"),
    ("domain-is-pure", "services/funding/domain/planted.py", "import chassis.bus.transport"),
    ("domain-is-pure", "services/identity/domain/planted.py", "import eth_account"),
    ("client-is-outside", "guildhall/demo/planted.py", "import events.market"),
    ("verify-stands-alone", "guildhall/verify/planted.py", "import chassis.money"),
    ("verify-stands-alone", "guildhall/verify/planted.py", "import orjson"),
    ("client-is-outside", "guildhall/demo/planted.py", "import services.market.domain"),
]


def _copy(folder: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-logo", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def copy_of_the_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that keeps every contract, so that what fails in it is what was planted."""
    copied = _copy(tmp_path_factory.mktemp("tree"))
    assert _lint(copied).returncode == 0
    return copied


def test_the_tree_keeps_every_contract() -> None:
    linted = _lint(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_contract_is_broken_by_a_test() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"] for contract in project["tool"]["importlinter"]["contracts"]}
    assert contracts == BROKEN.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contract", "path", "line"),
    [(contract, path, line) for contract, (path, line) in BROKEN.items()] + ALSO_BROKEN,
)
def test_a_broken_contract_is_seen(copy_of_the_tree: Path, contract: str, path: str, line: str) -> None:
    planted = copy_of_the_tree / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(f'"""Breaks a wall on purpose."""\n\n{line}\n', encoding="utf-8")
    try:
        linted = _lint(copy_of_the_tree, "--contract", contract)
    finally:
        planted.unlink()
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert "BROKEN" in linted.stdout
