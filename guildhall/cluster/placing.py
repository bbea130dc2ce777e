"""Where things of containers are on this machine: names become loopback addresses, paths become folders."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from guildhall.cluster.compose_file import ComposeService
from guildhall.data_folder import FILES_FOLDER
from guildhall.refusals import StartRefused

_NETWORKS = range(77, 127)
_HELD_PORT = 7_700
_SELF = re.compile(r"(?<![\w.])(?:127\.0\.0\.1|0\.0\.0\.0)(?![\w.])")


class LoopbackNetwork:
    """127.N.*.* for one cluster: held by a socket, so that two clusters of a machine have two."""

    def __init__(self) -> None:
        for number in _NETWORKS:
            held = socket.socket()
            try:
                held.bind((f"127.{number}.0.1", _HELD_PORT))
                held.listen(1)
            except OSError:
                held.close()
                continue
            self.number, self._held = number, held
            return
        raise StartRefused("this machine has no free loopback network 127.77.0.0/16 and above (Linux has)")

    def release(self) -> None:
        self._held.close()


@dataclass(frozen=True, slots=True)
class Addresses:
    """By service, one for each replica. Who publishes ports stands where people come: 127.0.0.1."""

    of: Mapping[str, Sequence[str]]

    @classmethod
    def given_out(
        cls, services: Mapping[str, ComposeService], replicas: Mapping[str, int], network: int
    ) -> Addresses:
        given: dict[str, list[str]] = {}
        for index, service in enumerate(services.values(), start=1):
            count = replicas.get(service.name, 1)
            if service.is_published and count != 1:
                raise StartRefused(f"{service.name} publishes ports: it runs once on one machine")
            given[service.name] = (
                ["127.0.0.1"]
                if service.is_published
                else [f"127.{network}.{index}.{number}" for number in range(1, count + 1)]
            )
        return cls(given)

    def resolved(self, text: str) -> str:
        """A value that is one URL of a service, or one `name:port`, means all replicas, else the first."""
        for name, addresses in self.of.items():
            for pattern, joint in ((rf"http://{name}:(\d+)", ","), (rf"{name}:(\d+)", " ")):
                if re.fullmatch(pattern, text):
                    return joint.join(text.replace(f"{name}:", f"{address}:") for address in addresses)
            text = re.sub(rf"(?<![\w.-]){name}:(?=\d)", f"{addresses[0]}:", text)
        return text


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths of one container below `root`: what it mounts, and what its image has, are links there."""

    root: Path
    data: Path
    compose: Path
    volumes: Mapping[str, str]
    image: Mapping[str, Path]

    # Parts of a data folder as other commands know them; the rest is this command's own.
    PARTS: ClassVar = frozenset({"secrets", "postgres", FILES_FOLDER})

    def lay_out(self) -> None:
        """Makes what is missing; a mount inside another one is a folder of that one."""
        for target, folder in sorted(self._mounts().items(), key=lambda mount: mount[0].count("/")):
            folder.mkdir(parents=True, exist_ok=True)
            link = self.root / target.lstrip("/")
            link.parent.mkdir(parents=True, exist_ok=True)
            if link.is_symlink() and link.readlink() != folder:
                link.unlink()
            if not link.exists():
                link.symlink_to(folder)

    def placed(self, text: str) -> str:
        """The text with each path of the container as it is here."""
        known = {
            str(part)
            for target in self._mounts()
            for part in (PurePosixPath(target), *PurePosixPath(target).parents)
            if str(part) != "/"
        }
        if not known:
            return text
        targets = "|".join(re.escape(target) for target in sorted(known, key=len, reverse=True))
        return re.sub(rf"(?<![\w./-])({targets})(?![\w.-])", lambda found: f"{self.root}{found[1]}", text)

    def _mounts(self) -> dict[str, Path]:
        return {**self.image, **{target: self._of(source) for target, source in self.volumes.items()}}

    def _of(self, source: str) -> Path:
        if source.startswith("./"):
            return (self.compose / source).resolve()
        return self.data / source if source in self.PARTS else self.data / "volumes" / source


def itself(text: str, address: str) -> str:
    """In its own command and health check a container calls itself by 127.0.0.1."""
    return _SELF.sub(address, text)
