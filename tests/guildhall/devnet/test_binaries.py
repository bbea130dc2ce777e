"""The node's program is pinned, brought once, and missing with a reason."""

import subprocess
from pathlib import Path

import pytest

from guildhall.devnet import binaries
from guildhall.devnet.binaries import DevnetMissing, find_anvil, pinned_version
from tests.support.chain import anvil


def test_the_version_is_pinned_to_the_digit() -> None:
    assert all(part.isdigit() for part in pinned_version().split("."))


def test_what_was_brought_is_the_version_that_is_pinned() -> None:
    said = subprocess.run([anvil(), "--version"], capture_output=True, text=True, check=True).stdout
    assert pinned_version() in said


def test_without_node_there_is_none_and_a_reason(tmp_path: Path) -> None:
    with pytest.raises(DevnetMissing, match="needs Node and npm"):
        find_anvil(tmp_path, path=str(tmp_path))


def test_without_the_manifest_there_is_none_and_a_reason(tmp_path: Path) -> None:
    with pytest.raises(DevnetMissing, match="is not here"):
        find_anvil(tmp_path, tmp_path / "package.json")


@pytest.mark.parametrize(
    ("script", "reason"), [("exit 1", "could not bring it"), ("exit 0", "could not bring it")]
)
def test_an_npm_that_fails_leaves_nothing_half_made(tmp_path: Path, script: str, reason: str) -> None:
    tools, programs = tmp_path / "tools", tmp_path / "bin"
    programs.mkdir()
    for name in ("npm", "node"):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    with pytest.raises(DevnetMissing, match=reason):
        find_anvil(tools, path=str(programs))
    assert not (tools / f"anvil-{pinned_version()}").exists()


def test_an_npm_that_hangs_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_BRING_SECONDS", 1)
    for name in ("npm", "node"):
        (tmp_path / name).write_text("#!/bin/sh\nexec sleep 30\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(DevnetMissing, match="within 1 s"):
        find_anvil(tmp_path / "tools", path=f"{tmp_path}")
