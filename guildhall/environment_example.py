"""`.env.example`, generated: every setting, its meaning and its default."""

import difflib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from chassis.network.settings import NetworkSettings
from chassis.settings import ServiceSettings
from guildhall.postgres.roles import SERVICES
from guildhall.reading_settings import variable_name
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

_HEAD = """\
# Every setting of Guildhall with its default. Copy what you change to .env, without the mark.
# Written by `guildhall settings`. Those without a value are given by `guildhall up` itself.
"""


def settings_classes() -> list[type[BaseSettings]]:
    """All of them: the command's, the network's, Kafka's, the gateway's, the publisher's, each service's."""
    found: list[type[BaseSettings]] = [GuildhallSettings, NetworkSettings]
    kafka = importlib.import_module("guildhall.kafka.settings")
    found.append(kafka.KafkaSettings)
    gateway = importlib.import_module("gateway.settings")
    found.append(gateway.GatewaySettings)
    publisher = importlib.import_module("guildhall.publisher.settings")
    found.append(publisher.PublisherSettings)
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.settings")
        found.append(getattr(module, f"{service.capitalize()}Settings"))
    return found


def environment_example() -> str:
    """The text of `.env.example`."""
    lines = [_HEAD]
    shown: set[str] = set()
    shared = [part for kind in settings_classes() for part in _entries(kind, shared=True)]
    lines.append("# --- shared by all")
    for name, text in shared:
        if name not in shown:
            lines.append(text)
            shown.add(name)
    for kind in settings_classes():
        lines.append(f"# --- {kind.model_config.get('env_prefix', '').rstrip('_').lower()}")
        lines += [text for _, text in _entries(kind, shared=False)]
    return "\n".join(lines)


def refuse_unknown_settings(environment_file: Path) -> None:
    """A line of the file that looks like a setting of ours and is none is a slip. Raises StartRefused."""
    if not environment_file.exists():
        return
    classes = settings_classes()
    known = {variable_name(kind, field) for kind in classes for field in kind.model_fields}
    prefixes = tuple(kind.model_config.get("env_prefix", "") for kind in classes)
    for name in dotenv_values(environment_file):
        if name.upper().startswith(prefixes) and name.upper() not in known:
            likely = difflib.get_close_matches(name.upper(), known, 1)
            meant = f"is {likely[0]} meant? " if likely else ""
            raise StartRefused(f"{name} in {environment_file} is no setting: {meant}.env.example lists them")


def write_environment_example(path: Path, *, check: bool) -> bool:
    """True where the file is now, or with `check` was already, equal to the settings."""
    text = environment_example()
    if check:
        return path.exists() and path.read_text() == text
    path.write_text(text)
    return True


def _entries(kind: type[BaseSettings], *, shared: bool) -> Iterator[tuple[str, str]]:
    for field, information in kind.model_fields.items():
        if isinstance(information.validation_alias, AliasChoices) is not shared:
            continue
        name = variable_name(kind, field)
        # What every service has is explained once, with the first of them.
        common = (
            field in ServiceSettings.model_fields
            and issubclass(kind, ServiceSettings)
            and kind is not _first_service()
        )
        meaning = "" if common and not shared else f"# {information.description}\n"
        yield name, f"{meaning}# {name}={_default(information)}\n"


def _first_service() -> type[BaseSettings]:
    return next(kind for kind in settings_classes() if issubclass(kind, ServiceSettings))


def _default(information: FieldInfo) -> str:
    value: Any = information.default
    if value is PydanticUndefined or value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
