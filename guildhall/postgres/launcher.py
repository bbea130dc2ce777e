"""Starts, watches and stops the PostgreSQL of one data folder."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

from guildhall.guard import Guard
from guildhall.postgres.binaries import Binaries, find_binaries
from guildhall.postgres.postmaster import end_leftover, read_postmaster_file
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

SUPERUSER = "postgres"
_LOOPBACK = "127.0.0.1"
_LONGEST_SOCKET_PATH_BYTES = 90  # the kernel's limit is 104 to 108 with the file's name
_PASSING_FAILURES = ("pre-existing shared memory block", "is already in use", "lock file")


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`port` 0 takes a free one. Without `durable` a crash of the machine may lose all: for tests.

    `settings` of the server go before our own.
    """

    port: int = 0
    address: str = _LOOPBACK
    durable: bool = True
    connections: int = 200
    shared_buffers_mebibytes: int = 128
    start_timeout_seconds: float = 300.0
    stop_timeout_seconds: float = 30.0
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


class PostgresServer:
    """The server of `folder`, which it alone uses: `cluster/`, `socket/`, `server.log`."""

    def __init__(self, folder: Path, superuser_password: str, options: ServerOptions | None = None) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "cluster"
        self.options = options or ServerOptions()
        self.port = self.options.port
        self._password = superuser_password
        self._user = ServerUser.of_this_process()
        self._binaries: Binaries | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._descriptor: int | None = None

    @property
    def version(self) -> str:
        return self._binaries.version if self._binaries else ""

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Blocks until the server takes connections. Raises StartRefused."""
        self._lay_out()
        self._binaries = find_binaries(self._user, self.folder / "binaries")
        end_leftover(self.cluster, self.options.stop_timeout_seconds)
        self._initialise()
        self._launch_until_ready()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """After the server alone died: the same port, so that addresses stay true."""
        self._release_guard()
        self._process = None
        end_leftover(self.cluster, self.options.stop_timeout_seconds)
        self._launch_until_ready()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, the cluster is left clean."""
        if self._process is not None:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self._process.send_signal(number)
                try:
                    self._process.wait(self.options.stop_timeout_seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self._process = None
        self._release_guard()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """By the Unix socket where its path is short enough for the kernel, else by TCP on the loopback."""
        credentials = f"{quote(user)}:{quote(password or self._password, safe='')}"
        socket_folder = str(self.folder / "socket")
        if len(socket_folder.encode()) <= _LONGEST_SOCKET_PATH_BYTES:
            query = urlencode({"host": socket_folder, "port": self.port})
            return f"postgresql://{credentials}@/{database}?{query}"
        return f"postgresql://{credentials}@{self.options.address}:{self.port}/{database}"

    def tcp_url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        credentials = f"{quote(user)}:{quote(password or self._password, safe='')}"
        return f"postgresql://{credentials}@{self.options.address}:{self.port}/{database}"

    def _lay_out(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "socket").mkdir(exist_ok=True)
            for path in (self.folder, self.folder / "socket"):
                self._user.give(path, 0o700)
            (self.folder / "server.log").touch(mode=0o600)
        except OSError as error:
            raise StartRefused(
                f"cannot write to {self.folder} ({error.strerror}): choose another folder with --data DIR"
            ) from None
        if self._descriptor is None and self._user.reaches_by_descriptor():
            self._descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)

    def _seen_by_server(self, name: str) -> str:
        if self._descriptor is None:
            return str(self.folder / name)
        return f"/proc/self/fd/{self._descriptor}/{name}"

    def _process_arguments(self) -> dict[str, Any]:
        arguments = cast(dict[str, Any], self._user.process_arguments())
        if self._descriptor is not None:
            arguments["pass_fds"] = (self._descriptor,)
        return arguments

    def _initialise(self) -> None:
        """Makes the cluster beside its place and renames it: a cluster that exists is whole."""
        assert self._binaries is not None
        if self.cluster.exists():
            found = (self.cluster / "PG_VERSION").read_text().strip()
            if found != str(self._binaries.major_version):
                raise StartRefused(
                    f"{self.cluster} was made by PostgreSQL {found} and this is {self._binaries.version}: "
                    f"set DATABASE_URL to a server of version {found}, or give another folder with --data"
                )
            return
        making, password_file = self.folder / "cluster.making", self.folder / "password.making"
        if making.exists():
            subprocess.run(["rm", "-rf", making], check=True)
        making.mkdir()
        self._user.give(making, 0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(self._password)
        self._user.give(password_file, 0o600)
        command = [
            self._binaries.program("initdb"),
            *("-D", self._seen_by_server(making.name), "-U", SUPERUSER, "-E", "UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256"),
            *(f"--pwfile={self._seen_by_server(password_file.name)}", "--no-instructions"),
            *(() if self.options.durable else ("--no-sync",)),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **self._process_arguments()
        )
        password_file.unlink()
        if done.returncode != 0:
            reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise StartRefused(f"PostgreSQL could not make its cluster in {self.folder}: {reason}")
        making.rename(self.cluster)

    def _launch_until_ready(self) -> None:
        """Again where waiting helps: dying children of a killed server hold its memory for a moment."""
        deadline = time.monotonic() + self.options.start_timeout_seconds
        while True:
            self.port = self.port or _free_port()
            log_start = (self.folder / "server.log").stat().st_size
            self._launch()
            if self._becomes_ready(deadline):
                return
            self._release_guard()
            said = (self.folder / "server.log").read_bytes()[log_start:].decode(errors="replace")
            reason = next((line for line in said.splitlines() if "FATAL" in line), said[-300:])
            taken = "could not create any TCP/IP sockets" in said
            if taken and self.options.port == 0:
                self.port = 0
            elif taken:
                raise StartRefused(f"port {self.port} is taken: give PostgreSQL another one")
            elif not any(text in said for text in _PASSING_FAILURES) or time.monotonic() > deadline:
                raise StartRefused(
                    f"PostgreSQL did not start ({reason.strip()}): see {self.folder / 'server.log'}"
                )
            time.sleep(0.1)

    def _launch(self) -> None:
        assert self._binaries is not None
        settings: dict[str, object] = {
            "listen_addresses": self.options.address,
            "unix_socket_directories": self._seen_by_server("socket"),
            "max_connections": self.options.connections,
            "shared_buffers": f"{self.options.shared_buffers_mebibytes}MB",
            "max_locks_per_transaction": 256,
            "max_parallel_workers_per_gather": 0,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_checkpoints": "off",
        }
        if not self.options.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= self.options.settings
        command = [
            self._binaries.program("postgres"),
            "-D",
            self._seen_by_server("cluster"),
            "-p",
            str(self.port),
        ]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen[bytes](
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._process_arguments(),
            )
        self._process = process
        self._guard = Guard(process.pid, signal.SIGINT)

    def _becomes_ready(self, deadline: float) -> bool:
        assert self._process is not None
        while self._process.poll() is None:
            seen = read_postmaster_file(self.cluster)
            if seen is not None and seen.ready and seen.process_id == self._process.pid:
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise StartRefused(
                    f"PostgreSQL was not ready after {self.options.start_timeout_seconds:.0f} seconds: "
                    f"see {self.folder / 'server.log'}"
                )
            time.sleep(0.01)
        return False

    def _release_guard(self) -> None:
        if self._guard is not None:
            self._guard.release()
            self._guard = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])
