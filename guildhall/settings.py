"""Settings of the command and the embedded runtime. Built once, frozen, passed in."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import Count, DurationMs, DurationSeconds, shared

Port = Annotated[int, Field(ge=1, le=65_535)]
ENVIRONMENT_FILE = ".env"


FROM_FILE = "_FILE"
"""`NAME_FILE` names a file with the value of `NAME`: secrets come so that no listing shows them."""


def values_of_files(variables: Mapping[str, str]) -> dict[str, str]:
    """By field, what the environment says by a file. `variables`: field -> name in the environment.

    Raises OSError, and ValueError where a setting is given twice.
    """
    values: dict[str, str] = {}
    for field, name in variables.items():
        file = os.environ.get(name + FROM_FILE)
        if not file:
            continue
        if os.environ.get(name):
            raise ValueError(f"{name} and {name}{FROM_FILE} are both set: keep one")
        values[field] = Path(file).read_text(encoding="utf-8").strip()
    return values


class GuildhallSettings(BaseSettings):
    """Read with the prefix GUILDHALL_, and the two that all share without one."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_prefix="GUILDHALL_", env_ignore_empty=True
    )

    public_url: str | None = Field(
        None,
        validation_alias=shared("public_url"),
        description="Where people reach this deployment; unset, it is http://localhost and the port.",
    )
    database_url: SecretStr | None = Field(
        None,
        validation_alias=shared("database_url"),
        description="A PostgreSQL 17 or newer of your own, as a superuser; unset, one is launched.",
    )
    folder: Path = Field(Path("data/home"), description="The data folder of `guildhall up`.")
    data: Path | None = Field(
        None, description="A folder of real data sets for `guildhall demo`; unset, a graph is generated."
    )
    port: Port = Field(8080, description="Where the gateway, or the one service served, listens.")
    listen_address: str = Field("127.0.0.1", description="The address that is listened on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="INFO writes a line for each request."
    )
    database_connections_max: Count = Field(200, description="Connections of the launched PostgreSQL.")
    database_memory_mebibytes: Annotated[int, Field(ge=16)] = Field(
        128, description="Shared buffers of the launched PostgreSQL."
    )
    database_start_seconds: DurationSeconds = Field(
        300, description="How long the launched PostgreSQL may recover after a crash."
    )
    database_watch_ms: DurationMs = Field(
        100, description="Pause between looks whether the launched PostgreSQL lives."
    )
    bus_owner_url: SecretStr | None = Field(
        None,
        validation_alias=shared("bus_owner_url"),
        description="A bus on PostgreSQL as the role that owns it, for the processes that keep its log.",
    )
    bus_kept_days: Annotated[int, Field(ge=14)] = Field(
        14, description="How long the bus keeps facts; not shorter than any event's retention."
    )
    shutdown_seconds: DurationSeconds = Field(10, description="How long open requests may end at a stop.")
