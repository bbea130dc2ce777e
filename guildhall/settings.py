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
    """By field, what the environment says by a file. `variables`: field -> name in the environment. A file
    with nothing in it says nothing.

    Raises OSError, and ValueError where a setting is given twice.
    """
    values: dict[str, str] = {}
    for field, name in variables.items():
        file = os.environ.get(name + FROM_FILE)
        if not file:
            continue
        if os.environ.get(name):
            raise ValueError(f"{name} and {name}{FROM_FILE} are both set: keep one")
        value = Path(file).read_text(encoding="utf-8").strip()
        if value:
            values[field] = value
    return values


def environment_with(presets: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process; `presets` hold where it says nothing."""
    return {**presets, **os.environ}


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
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        validation_alias=shared("otel_exporter_otlp_endpoint"),
        description="An OpenTelemetry collector (OTLP over HTTP) that gets traces; unset, there are none.",
    )
    eth_rpc_url: SecretStr | None = Field(
        None,
        validation_alias=shared("eth_rpc_url"),
        description="An Ethereum node for the bridge, contract wallets and tokens as a way in; unset, "
        "a devnet is launched where Node and npm are.",
    )
    eth_chain_id: Annotated[int, Field(ge=1)] = Field(
        1, validation_alias=shared("eth_chain_id"), description="The chain that ETH_RPC_URL has to be of."
    )
    devnet: Literal["on", "off"] = Field("on", description="Whether a devnet may be launched.")
    devnet_port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        0, description="Where the devnet listens, on this machine alone; 0 takes a free port."
    )
    signing_key_ahead_seconds: DurationSeconds = Field(
        900,
        description="So long is a new signing key published before it signs: longer than services and others "
        "keep identity's keys.",
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
    doctor_backup_age_max_days: Count = Field(7, description="`guildhall doctor` calls older backups unsafe.")
    doctor_disk_free_min_mebibytes: Count = Field(
        1_024, description="`guildhall doctor` calls a disk with less room unsafe."
    )
    doctor_clock_skew_max_ms: DurationMs = Field(
        1_000, description="`guildhall doctor` calls a database whose clock differs by more unsafe."
    )
    doctor_relay_lag_max_seconds: DurationSeconds = Field(
        60, description="`guildhall doctor` calls events that wait longer for the bus unsafe."
    )
    doctor_intent_wait_max_seconds: DurationSeconds = Field(
        300, description="`guildhall doctor` calls intents that wait longer for their answer unsafe."
    )
    shutdown_seconds: DurationSeconds = Field(10, description="How long open requests may end at a stop.")
