"""The command says what is wrong in one line, and helps with an example."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from guildhall.command import app
from guildhall.environment_example import (
    environment_example,
    refuse_unknown_settings,
    settings_classes,
)
from guildhall.reading_settings import read_guildhall_settings, read_settings
from guildhall.refusals import StartRefused

REPOSITORY = Path(__file__).parents[2]
COMMANDS = sorted(
    command.name or command.callback.__name__ for command in app.registered_commands if command.callback
)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildhall.command", *arguments],
        cwd=REPOSITORY,
        env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: guildhall {command}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["nothing"],
            "there is no benchmark nothing: there are gateway, bus, identity, ledger, page and picture",
        ),
        (["gateway", "--stored", "5"], "--stored is for the ledger: gateway stores nothing"),
        (["ledger", "--stored", "5,x"], "--stored is counts such as 100000,5000000, not 5,x"),
    ],
)
def test_a_benchmark_that_cannot_be_run_so_is_refused(arguments: list[str], line: str) -> None:
    done = run("bench", *arguments)
    assert (done.returncode, done.stderr) == (1, f"guildhall: {line}\n")


def test_help_needs_no_library_of_the_services() -> None:
    code = (
        "import sys, guildhall.command\n"
        "heavy = {'fastapi', 'sqlalchemy', 'asyncpg', 'scipy', 'numpy', 'uvicorn', 'pydantic'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("GUILDHALL_PORT", "99999", "less than or equal to 65535"),
        ("GUILDHALL_LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("GUILDHALL_SHUTDOWN_SECONDS", "soon", "valid integer"),
        ("GUILDHALL_BUS_KEPT_DAYS", "3", "greater than or equal to 14"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    tmp_path: Path, name: str, value: str, reason: str
) -> None:
    done = run("up", "--data", str(tmp_path), **{name: value})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"guildhall: {name}: ") and reason in done.stderr


def test_a_taken_port_is_one_line_that_offers_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("up", "--data", str(tmp_path), "--port", str(port))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"port {port} is taken" in done.stderr and "make up PORT=" in done.stderr


def test_a_data_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("up", "--data", str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "cannot write to" in done.stderr


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_PORT", "9000")
    monkeypatch.setenv("GUILDHALL_FOLDER", "elsewhere")
    assert read_guildhall_settings().port == 9000
    assert read_guildhall_settings(port=9001).port == 9001
    assert read_guildhall_settings(port=9001).folder == Path("elsewhere")


def test_the_example_of_the_environment_names_every_setting_and_no_secret() -> None:
    text = environment_example()
    for kind in settings_classes():
        for field, information in kind.model_fields.items():
            assert information.description, f"{kind.__name__}.{field} has no description"
    for name in ("DATABASE_URL", "PUBLIC_URL", "GATEWAY_ALLOWED_HOSTS", "MARKET_TITLE_MAX_CHARACTERS"):
        assert f"# {name}=" in text


def test_a_slip_in_the_environment_file_is_named_with_what_may_be_meant(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MARKET_TITLE_MAX_CHARACTERS=100\nOTHERS=1\nPUBLIC_URL=http://localhost:8080\n")
    refuse_unknown_settings(file)
    file.write_text("MARKET_TITEL_MAX_CHARACTERS=100\n")
    with pytest.raises(
        StartRefused, match=r"MARKET_TITEL_MAX.* is no setting: is MARKET_TITLE_MAX_CHARACTERS meant"
    ):
        refuse_unknown_settings(file)


def test_a_wrong_setting_of_a_service_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_TITLE_MAX_CHARACTERS", "many")
    market = next(kind for kind in settings_classes() if kind.__name__ == "MarketSettings")
    given = dict.fromkeys(("database_url", "owner_database_url", "bus_url"), "postgresql://")
    with pytest.raises(StartRefused) as refusal:
        read_settings(market, None, service_key_file="a", service_keys_file="b", files_folder="c", **given)
    assert refusal.value.line.startswith("MARKET_TITLE_MAX_CHARACTERS: ")
    assert "postgresql" not in refusal.value.line
    monkeypatch.delenv("MARKET_TITLE_MAX_CHARACTERS")
    with pytest.raises(StartRefused) as refusal:
        read_settings(market, None, service_key_file="a", service_keys_file="b", **given)
    assert refusal.value.line == "FILES_FOLDER or FILES_S3_BUCKET has to say where files are kept"
