"""The targets of make, and the two commands on a checkout that nothing was ever done in."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.support.embedded import free_port

REPOSITORY = Path(__file__).parents[2]
TARGETS = ("setup", "up", "cluster", "demo", "test", "check", "contracts", "generate", "bench", "clean")
PROGRAMS = ("sh", "make", "sed", "tr", "rm", "mkdir", "mv", "dirname", "touch", "env", "cat", "find")


def make(*arguments: str, folder: Path = REPOSITORY) -> str:
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_make_alone_lists_the_targets() -> None:
    listed = re.findall(r"^  make (\w+) ", make(), flags=re.MULTILINE)
    assert set(listed) == {"help", *TARGETS}


def test_every_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)\b", "\n".join(code_of(REPOSITORY / "README.md"))))
    assert {"up", "test", "demo"} <= named <= set(TARGETS)


def test_port_and_folder_are_passed_on() -> None:
    planned = make("-n", "-o", "setup", "up", "PORT=8090", "DATA=elsewhere")
    assert "guildhall up --data elsewhere --port 8090" in planned


@pytest.mark.parametrize(
    ("target", "group", "program"),
    [
        ("cluster", "cluster", "caddy"),
        ("check", "cluster", "caddy"),
        ("contracts", "contracts", "vyper"),
        ("bench NAME=bus", "bench", "nats-server"),
        ("bench NAME=ledger", "hordak", "django-admin"),
    ],
)
def test_a_target_brings_the_packages_of_its_own(target: str, group: str, program: str) -> None:
    planned = make("-n", "-o", "setup", *target.split())
    assert f'test -x .venv/bin/{program} || PYTHON="" scripts/setup {group}\n' in planned
    groups = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["dependency-groups"]
    assert any(one.startswith(program.removesuffix("-admin")) for one in groups[group])


def test_the_bench_is_the_gateways_unless_make_is_told_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "this-machine")  # as some systems have it
    assert make("-n", "-o", "setup", "bench") == ".venv/bin/guildhall bench gateway\n"
    assert make("-n", "-o", "setup", "bench", "NAME=bus").endswith("guildhall bench bus\n")


def test_the_tests_say_last_what_they_left_out() -> None:
    planned = make("-n", "-o", "setup", "test").splitlines()
    assert "slow" in planned[-2] and "make check" in planned[-1]


def code_of(page: Path) -> list[str]:
    """Blocks and inline code of a page."""
    text = page.read_text()
    return re.findall(r"```[^\n]*\n(.*?)```", text, flags=re.DOTALL) + re.findall(r"`([^`\n]+)`", text)


@pytest.fixture(scope="module")
def checkout() -> Generator[Path]:
    """The tracked files of this repository in a folder of their own."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a checkout of git")
    with tempfile.TemporaryDirectory(prefix="guildhall-checkout-") as parent:
        folder = Path(parent) / "guildhall"
        for name in tracked.stdout.decode().split("\0"):
            if name and (REPOSITORY / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / name, folder / name)
        yield folder


@pytest.mark.slow
def test_make_up_on_a_fresh_checkout_needs_python_and_make_alone(checkout: Path) -> None:
    programs = checkout.parent / "programs"
    programs.mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "UV_"))
    }
    process = subprocess.Popen(
        ["make", "--no-print-directory", "up", f"PORT={port}"],
        cwd=checkout,
        env={**environment, "PATH": str(programs), "HOME": str(checkout.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 300
        while True:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            try:
                if httpx.get(f"http://localhost:{port}/readyz", timeout=5).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        assert (checkout / "data" / "home" / "postgres" / "cluster").exists()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
