"""`scripts/setup` on machines that lack something: one line that says what to do, and no trace of a stack."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHELL_PROGRAMS = ("sh", "sed", "tr", "rm", "mkdir", "mv", "dirname", "touch", "env", "cat")


@dataclass
class Machine:
    """A folder with `scripts/setup` and a PATH with the shell's programs and what a test adds."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def programs(self) -> Path:
        return self.folder / "programs"

    def add(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def set_up(self, *groups: str, **options: int) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.programs), "HOME": str(self.folder), **self.environment}
        command = [str(self.folder / "checkout" / "scripts" / "setup"), *groups]
        return subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            **options,  # type: ignore[arg-type]
        )


@pytest.fixture
def machine() -> Generator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="guildhall-machine-"))
    folder.chmod(0o755)
    made = Machine(folder)
    made.programs.mkdir()
    for name in SHELL_PROGRAMS:
        found = shutil.which(name)
        assert found is not None
        (made.programs / name).symlink_to(found)
    (folder / "checkout" / "scripts").mkdir(parents=True)
    shutil.copy(REPOSITORY / "scripts" / "setup", folder / "checkout" / "scripts" / "setup")
    yield made
    shutil.rmtree(folder)


def python_of_version(minor: int, modules: str = "exit 1") -> str:
    """A Python that says it is 3.`minor`; `modules` answers `-m`."""
    pretend = f"import sys; sys.version_info = (3, {minor}, 0, 'final', 0); exec(sys.argv[1])"
    return f'[ "$1" = -m ] && {{ {modules}; }}\nexec {sys.executable} -c "{pretend}" "$2"'


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize("minor", [9, 10, 15])
def test_an_unsupported_python_is_named_with_those_that_will_do(machine: Machine, minor: int) -> None:
    machine.add("python3", python_of_version(minor))
    done = machine.set_up()
    assert done.returncode == 1
    assert lines(done) == [
        f"guildhall: needs Python 3.11 to 3.14 and found 3.{minor}: "
        "install one, or name it: make PYTHON=/path/to/python3 ..."
    ]


def test_a_machine_without_python_is_told_which_to_install(machine: Machine) -> None:
    done = machine.set_up()
    assert done.returncode == 1
    assert len(lines(done)) == 1 and "needs Python 3.11 to 3.14 and found none" in lines(done)[0]


def test_a_newer_python_beside_an_old_one_is_taken(machine: Machine) -> None:
    machine.add("python3", python_of_version(9))
    machine.add("python3.12", python_of_version(12, "echo taken >&2; exit 1"))
    assert "has no pip" in machine.set_up().stderr


def test_a_python_without_pip_is_told_how_to_get_it(machine: Machine) -> None:
    machine.add("python3", python_of_version(11))
    done = machine.set_up()
    assert done.returncode == 1
    assert lines(done)[-1] == (
        "guildhall: this Python has no pip: install it (Debian, Ubuntu: apt install python3-pip) or uv, "
        "then run make again"
    )
    assert len(lines(done)) == 2


def test_a_folder_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.add("python3", python_of_version(11))
    checkout = machine.folder / "checkout"
    checkout.chmod(0o555)
    done = machine.set_up(**({"user": 65534, "group": 65534} if os.geteuid() == 0 else {}))
    checkout.chmod(0o755)
    assert done.returncode == 1
    assert lines(done) == [
        f"guildhall: cannot write to {checkout}: copy Guildhall to a folder of your own and run make there"
    ]


def test_an_index_out_of_reach_is_one_line_that_names_it(machine: Machine) -> None:
    machine.add("python3", f'exec {system_python()} "$@"')
    machine.environment = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    done = machine.set_up()
    assert done.returncode == 1
    assert "cannot fetch uv from the package index" in lines(done)[-1]
    assert len(lines(done)) == 2


@pytest.mark.parametrize(
    ("setting", "variable"),
    [
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_CERT", "SSL_CERT_FILE"),
        ("PIP_EXTRA_INDEX_URL", "UV_INDEX"),
    ],
)
def test_uv_is_given_the_index_of_pip_and_downloads_no_python(
    machine: Machine, setting: str, variable: str
) -> None:
    machine.add("python3", python_of_version(11))
    machine.add(
        "uv", f'[ "$1" = --version ] && {{ echo "uv 0.13.9"; exit; }}\nenv >{machine.folder}/seen\nexit 1'
    )
    machine.environment = {setting: "https://packages.example/simple"}
    assert machine.set_up().returncode == 1
    seen = dict(entry.split("=", 1) for entry in environment_lines(machine.folder / "seen"))
    assert seen[variable] == "https://packages.example/simple"
    assert seen["UV_PYTHON_DOWNLOADS"] == "never"


def test_the_users_own_index_for_uv_is_left_alone(machine: Machine) -> None:
    machine.add("python3", python_of_version(11))
    machine.add(
        "uv", f'[ "$1" = --version ] && {{ echo "uv 0.13.9"; exit; }}\nenv >{machine.folder}/seen\nexit 1'
    )
    machine.environment = {"PIP_INDEX_URL": "https://a.example/", "UV_DEFAULT_INDEX": "https://b.example/"}
    machine.set_up()
    seen = dict(entry.split("=", 1) for entry in environment_lines(machine.folder / "seen"))
    assert seen["UV_DEFAULT_INDEX"] == "https://b.example/"


@pytest.mark.parametrize("was_set_up", [True, False])
def test_a_group_is_added_to_what_is_there(machine: Machine, was_set_up: bool) -> None:
    machine.add("python3", python_of_version(11))
    machine.add(
        "uv", f'[ "$1" = --version ] && {{ echo "uv 0.13.9"; exit; }}\necho "$@" >>{machine.folder}/asked'
    )
    environment = machine.folder / "checkout" / ".venv"
    environment.mkdir()
    if was_set_up:
        (environment / ".set-up").touch()
    done = machine.set_up("cluster")
    assert done.returncode == 0, done.stderr
    asked = (machine.folder / "asked").read_text()
    assert ("pip sync" in asked) is not was_set_up, "a sync takes other groups away"
    assert "--only-group cluster" in asked and "pip install" in asked


def environment_lines(file: Path) -> Iterator[str]:
    return (line for line in file.read_text().splitlines() if "=" in line)


def system_python() -> str:
    """The Python beneath the virtual environment, which has pip where the machine has it."""
    return str(Path(sys.base_prefix) / "bin" / "python3")
