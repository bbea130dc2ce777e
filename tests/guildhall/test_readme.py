"""Every command of README.md is run on a copy of the tree: the first session as printed, beside `make up`."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from guildhall.command import app
from tests.support.embedded import REPOSITORY, free_port

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^(export PATH=|\w+=\$\(guildhall|guildhall )")
RUN_BY = {
    "make up": "tests/guildhall/test_readme.py::test_the_first_session_goes_as_printed",
    "make test": "tests/guildhall/test_readme.py::test_the_tests_run_as_printed",
    "make check": "tests/guildhall/test_readme.py::test_the_checks_are_those_of_ci",
    "make demo": "tests/guildhall/test_readme.py::test_the_story_is_told_as_printed",
    "make bench": "tests/guildhall/test_readme.py::test_the_bench_measures_as_printed",
}
INSTALLED = ("-o", "setup")
"""Told to make beside the command: the packages are there. tests/guildhall/test_makefile.py installs them."""
READY_SECONDS = 120


def commands() -> list[str]:
    """The lines of README.md's shell blocks, without comments."""
    blocks = BLOCK.findall((REPOSITORY / "README.md").read_text())
    lines = [re.sub(r"\s+# .*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def session() -> list[str]:
    return [line for line in commands() if SESSION.match(line)]


def test_every_command_is_run_by_a_test() -> None:
    assert set(commands()) - set(session()) == set(RUN_BY)
    for test in RUN_BY.values():
        path, _, name = test.partition("::")
        assert f"def {name}(" in (REPOSITORY / path).read_text(), f"{test} is no test"


def test_a_block_without_its_language_would_hide_commands() -> None:
    fences = re.findall(r"^```(.*)$", (REPOSITORY / "README.md").read_text(), flags=re.MULTILINE)
    assert fences[1::2] == [""] * len(fences[1::2])
    assert set(fences[::2]) == {"sh", ""}
    assert fences[::2].count("") == 1, "only the picture has no language"


PAGES = ("README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/architecture.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_commands_and_settings_that_exist(page: str) -> None:
    text = (REPOSITORY / page).read_text()
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {str(group.name) for group in app.registered_groups}
    assert set(re.findall(r"(?<![\w/.-])guildhall ([a-z][a-z-]*)\b", code_of(text))) <= known
    example = (REPOSITORY / ".env.example").read_text()
    for name in re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", text):
        assert f"# {name}=" in example, f"{name} is no setting"


def code_of(text: str) -> str:
    """Shell blocks and code spans, a line each."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*BLOCK.findall(text), *re.findall(r"`([^`\n]+)`", outside)])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The tree as it is, in a folder of its own, with the packages of this one."""
    folder = tmp_path / "guildhall"
    ignored = shutil.ignore_patterns(".*", "data", "__pycache__", "*.key")
    shutil.copytree(REPOSITORY, folder, ignore=ignored)
    shutil.copy(REPOSITORY / ".env.example", folder)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def environment(checkout: Path, port: int) -> dict[str, str]:
    """A free port and a folder of its own instead of 8080 and data/home; the copy's code, not this tree's."""
    data = str(checkout.parent / "data")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout.parent),
        "PYTHONPATH": str(checkout),
        "PORT": str(port),
        "DATA": data,
        "GUILDHALL_PORT": str(port),
        "GUILDHALL_FOLDER": data,
    }


def made(checkout: Path, command: str, seconds: int) -> str:
    """What a command of make printed, once it has ended well."""
    done = subprocess.run(
        [*command.split(), *INSTALLED],
        cwd=checkout,
        env=environment(checkout, free_port()),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serving(checkout: Path, command: str, port: int) -> Generator[None]:
    """Runs `make up` until it answers, and stops it as Ctrl-C does."""
    said = checkout.parent / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [*command.split(), *INSTALLED],
            cwd=checkout,
            env=environment(checkout, port),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _is_ready(port):
            assert process.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://localhost:{port}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_the_first_session_goes_as_printed(checkout: Path) -> None:
    port = free_port()
    script = checkout.parent / "session.sh"
    script.write_text("\n".join(["set -eu", *session()]))
    with serving(checkout, "make up", port):
        done = subprocess.run(
            ["sh", "-x", script],
            cwd=checkout,
            env=environment(checkout, port),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        page = httpx.get(f"http://localhost:{port}/").text
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
    told = done.stdout
    assert '"speaks_for_count": 1' in told
    assert '"state": "paid"' in told
    assert '"text": "-120.00"' in told and '"text": "370.00"' in told
    assert told.rstrip().endswith("audit: clean")
    assert "Guild of Weavers" in page
    assert (checkout.parent / "data" / "postgres" / "cluster").exists()


@pytest.mark.slow
def test_the_tests_run_as_printed(checkout: Path) -> None:
    """Of the suite that this is a part of, one test in the copy stands for all."""
    planned = made(checkout, "make -n test", 60)
    (line,) = [line for line in planned.splitlines() if "pytest" in line]
    done = subprocess.run(
        ["sh", "-c", f"{line} tests/chassis/test_money.py"],
        cwd=checkout,
        env={**environment(checkout, free_port()), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_the_checks_are_those_of_ci(checkout: Path) -> None:
    assert (REPOSITORY / ".ci" / "run").read_text().rstrip().endswith("exec make check")
    planned = made(checkout, "make -n check", 60)
    for tool in ("ruff format --check", "ruff check", "pyright", "lint-imports", "generate", "pytest"):
        assert tool in planned
    assert "not slow" not in planned


@pytest.mark.slow
def test_the_story_is_told_as_printed(checkout: Path) -> None:
    told = made(checkout, "make demo", 900)
    assert "audit: clean" in told
    assert "Serve this folder: guildhall up" in told


@pytest.mark.slow
def test_the_bench_measures_as_printed(checkout: Path) -> None:
    """Whether its goals hold depends on what else the machine does, and is not this test's matter."""
    told = made(checkout, "make bench", 900)
    assert "ordinary read" in told and "hot read" in told
