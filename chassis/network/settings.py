"""Where the services of a deployment of many processes listen, and how their processes find each other."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import Count, DurationMs, DurationSeconds, shared

SERVICES = ("identity", "graph", "market", "ledger", "funding")


def _listens(service: str) -> str:
    field: str = Field(
        f"http://{service}:8000",
        validation_alias=shared(f"{service}_url"),
        description=f"Where {service} listens, comma-separated; a name stands for all of its addresses.",
    )
    return field


class NetworkSettings(BaseSettings):
    """Shared by every process: read with the prefix NETWORK_, the addresses without one."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_prefix="NETWORK_", env_ignore_empty=True
    )

    identity_url: str = _listens("identity")
    graph_url: str = _listens("graph")
    market_url: str = _listens("market")
    ledger_url: str = _listens("ledger")
    funding_url: str = _listens("funding")
    resolve_seconds: DurationSeconds = Field(3, description="Pause between looks at a name's addresses.")
    probe_seconds: DurationSeconds = Field(2, description="Pause between looks whether an address is ready.")
    probe_timeout_ms: DurationMs = Field(3_000, description="An address that takes longer is down.")
    connect_timeout_ms: DurationMs = Field(1_000, description="A connection is given up after this.")
    idle_connection_seconds: DurationSeconds = Field(
        15, description="How long an unused connection to a service is kept."
    )
    connections_per_address_max: Count = Field(100, description="Connections to one address of a service.")
    tries_max: Annotated[int, Field(ge=1, le=10)] = Field(
        3, description="Addresses that one request is tried at."
    )

    @field_validator(*(f"{service}_url" for service in SERVICES))
    @classmethod
    def addresses_are_origins(cls, value: str) -> str:
        origins = [_origin(part) for part in value.split(",") if part.strip()]
        if not origins:
            raise ValueError("an address is needed, for example http://market:8000")
        return ",".join(origins)

    def origins(self) -> Mapping[str, tuple[str, ...]]:
        """By service: `http://host:port`, one or several."""
        return {service: tuple(getattr(self, f"{service}_url").split(",")) for service in SERVICES}


def _origin(text: str) -> str:
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError:
        port = None
    whole = parts.scheme == "http" and parts.hostname and port and "@" not in parts.netloc
    if not whole or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(f"{text.strip()} is not of the form http://host:port")
    return f"http://{parts.netloc}"
