"""One broker: a Java process on a data folder of its own, formatted once, started, stopped, watched."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from guildhall.guard import Guard
from guildhall.kafka.jars import LOGGING
from guildhall.kafka.properties import OPERATOR, written
from guildhall.refusals import StartRefused

_FORMATTING_SECONDS_MAX = 300
_LOCKED = "Failed to acquire lock on file"


class Broker:
    """`folder` is its alone: `data/`, `server.properties` (with passwords), `broker.log`."""

    def __init__(self, folder: Path, jars: Path, heap_mebibytes: int) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._log = folder / "broker.log"
        self._jars = jars
        self._heap_mebibytes = heap_mebibytes
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def prepare(self, properties: Mapping[str, str], cluster_id: str, operator_password: str) -> None:
        """Write the properties; format the data folder where it is new. Raises StartRefused."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.folder / "server.properties"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(written(properties))
        if (self.data / "meta.properties").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)  # by a start that was killed
        done = subprocess.run(
            [
                *self._java("kafka.tools.StorageTool", 128),
                *("format", "--cluster-id", cluster_id, "--config", str(file)),
                "--add-scram",
                f"SCRAM-SHA-512=[name={OPERATOR},password={operator_password}]",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=_FORMATTING_SECONDS_MAX,
        )
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
            raise StartRefused(f"Kafka could not make its data folder {self.data}: {reason}")

    def launch(self) -> None:
        """Returns at once; see `Kafka.start` for when it is ready."""
        with self._log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen[bytes](
                [*self._java("kafka.Kafka", self._heap_mebibytes), str(self.folder / "server.properties")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        self._guard = Guard(self._process.pid, signal.SIGTERM)

    def launch_again_if_locked(self) -> bool:
        """True when the last broker on this folder was still ending, and this one has been started again."""
        said = self._said()
        if _LOCKED not in said:
            return False
        self._release()
        time.sleep(0.2)
        self.launch()
        return True

    def last_words(self) -> str:
        """The line of this launch's log that says best why it ended."""
        lines = self._said().strip().splitlines()
        telling = [line for line in lines if " ERROR " in line or " FATAL " in line or "xception" in line]
        return (telling or lines or ["no reason given"])[0][:300]

    def kill(self) -> None:
        """As a crash ends it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._release()

    def stop(self, timeout_seconds: float) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._release()

    def _said(self) -> str:
        return self._log.read_bytes()[self._log_start :].decode(errors="replace")

    def _release(self) -> None:
        self._process = None
        if self._guard is not None:
            self._guard.release()
            self._guard = None

    def _java(self, main: str, heap_mebibytes: int) -> list[str]:
        java = shutil.which("java")
        if java is None:
            raise StartRefused("no java on this machine: install Java, or set KAFKA_BOOTSTRAP to a cluster")
        return [
            java,
            f"-Xmx{heap_mebibytes}m",
            "-Xms64m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={LOGGING}",
            *("-cp", f"{self._jars}/*"),
            main,
        ]
