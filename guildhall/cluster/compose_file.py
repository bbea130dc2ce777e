"""Reads `docker-compose.yml`: every key is either understood or refused with its name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from guildhall.refusals import StartRefused

STARTED, HEALTHY, COMPLETED = "service_started", "service_healthy", "service_completed_successfully"
RESTARTS = ("no", "on-failure", "always", "unless-stopped")
_TOP = frozenset({"services", "volumes"})
# Walls around a container that only an engine can build: known, and left to it.
_ENGINES = frozenset({"build", "read_only", "tmpfs", "cap_drop", "cap_add", "security_opt", "init"})
_READ = frozenset(
    {
        *("image", "command", "environment", "depends_on", "healthcheck", "restart", "volumes", "ports"),
        "stop_grace_period",
    }
)
_HEALTH = frozenset({"test", "interval", "timeout", "retries", "start_period"})
_VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?::-(?P<preset>[^}]*))?\}|(?P<wrong>))")
_DURATION = re.compile(r"(?:(\d+)m)?(?:(\d+)s)?")


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """`test` is a command. Seconds."""

    test: tuple[str, ...]
    interval: float
    timeout: float
    retries: int
    start_period: float


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service as the file says it; paths and names are still those of containers."""

    name: str
    image: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    depends_on: Mapping[str, str]
    health: HealthCheck | None
    restart: str
    volumes: Mapping[str, str]
    """By the path in the container: a volume's name, or a folder beside the file (`./...`)."""
    is_published: bool
    stop_seconds: float

    @property
    def runs_once(self) -> bool:
        return self.restart in {"no", "on-failure"}


def read_compose_file(file: Path, variables: Mapping[str, str]) -> Mapping[str, ComposeService]:
    """By name, in the order of the file. Raises StartRefused."""
    import yaml

    try:
        said: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise StartRefused(f"{file} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(said, dict) or not isinstance(said.get("services"), dict):
        raise StartRefused(f"{file} declares no services")
    _refuse_unknown(cast(dict[str, Any], said), _TOP, "the file")
    told: dict[str, Any] = _interpolated(said, variables)
    volumes = frozenset(told.get("volumes") or {})
    services = {name: _service(name, keys, volumes) for name, keys in told["services"].items()}
    for service in services.values():
        for needed in service.depends_on:
            if needed not in services:
                raise StartRefused(f"services.{service.name}.depends_on: there is no service {needed}")
    return services


def _refuse_unknown(keys: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in keys:
        if key not in known and not str(key).startswith("x-"):
            raise StartRefused(
                f"docker-compose.yml: {where} has {key}, which guildhall cluster does not know"
            )


def _interpolated(part: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _interpolated(value, variables) for key, value in cast(dict[str, Any], part).items()}
    if isinstance(part, list):
        return [_interpolated(item, variables) for item in cast(list[Any], part)]
    return _VARIABLE.sub(lambda found: _value(found, variables), part) if isinstance(part, str) else part


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["escaped"]:
        return "$"
    if found["name"] is None:
        raise StartRefused(f"docker-compose.yml: {found.string} has a variable of a form that is not known")
    return variables.get(found["name"]) or found["preset"] or ""


def _service(name: str, keys: dict[str, Any], volumes: frozenset[str]) -> ComposeService:
    where = f"services.{name}"
    _refuse_unknown(keys, _READ | _ENGINES, where)
    restart = str(keys.get("restart", "no"))
    if restart not in RESTARTS:
        raise StartRefused(f"docker-compose.yml: {where}.restart is {restart}")
    return ComposeService(
        name=name,
        image=str(keys.get("image", "")),
        command=_words(keys.get("command", [])),
        environment={key: str(value) for key, value in (keys.get("environment") or {}).items()},
        depends_on=_dependencies(where, keys.get("depends_on") or {}),
        health=_health(where, keys["healthcheck"]) if "healthcheck" in keys else None,
        restart=restart,
        volumes=dict(_volume(where, text, volumes) for text in keys.get("volumes") or []),
        is_published=bool(keys.get("ports")),
        stop_seconds=_seconds(keys.get("stop_grace_period", "10s")),
    )


def _words(command: Any) -> tuple[str, ...]:
    return tuple(shlex.split(command)) if isinstance(command, str) else tuple(str(word) for word in command)


def _dependencies(where: str, said: dict[str, Any]) -> dict[str, str]:
    conditions: dict[str, str] = {}
    for name, keys in said.items():
        _refuse_unknown(keys, frozenset({"condition"}), f"{where}.depends_on.{name}")
        conditions[name] = keys["condition"]
        if conditions[name] not in {STARTED, HEALTHY, COMPLETED}:
            raise StartRefused(f"docker-compose.yml: {where}.depends_on.{name} is {conditions[name]}")
    return conditions


def _health(where: str, said: dict[str, Any]) -> HealthCheck:
    _refuse_unknown(said, _HEALTH, f"{where}.healthcheck")
    kind, *test = said["test"]
    if kind != "CMD":
        raise StartRefused(f"docker-compose.yml: {where}.healthcheck.test begins with {kind}, not with CMD")
    return HealthCheck(
        tuple(test),
        _seconds(said.get("interval", "30s")),
        _seconds(said.get("timeout", "30s")),
        int(said.get("retries", 3)),
        _seconds(said.get("start_period", "0s")),
    )


def _volume(where: str, text: str, volumes: frozenset[str]) -> tuple[str, str]:
    source, target, *mode = text.split(":")
    if mode not in ([], ["ro"]) or not (source.startswith("./") or source in volumes):
        raise StartRefused(f"docker-compose.yml: {where}.volumes has {text}, which is not known")
    return target, source


def _seconds(text: str) -> float:
    found = _DURATION.fullmatch(text)
    if not found or not text:
        raise StartRefused(f"docker-compose.yml: {text} is no duration such as 1m30s")
    return int(found[1] or 0) * 60 + int(found[2] or 0)
