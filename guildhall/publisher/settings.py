"""Settings of the publisher, prefix PUBLISHER_. Built once, frozen, passed in."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.address_ranges import read_networks
from chassis.settings import METRICS_NETWORKS, Count, DurationMs, DurationSeconds, shared


class PublisherSettings(BaseSettings):
    """It has no database and no key: it sees what an outsider sees."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_prefix="PUBLISHER_", env_ignore_empty=True
    )

    bus_url: SecretStr = Field(
        validation_alias=shared("bus_url"), description="The bus on Kafka, as the user `publisher`."
    )
    metrics_networks: str = Field(
        METRICS_NETWORKS,
        validation_alias=shared("metrics_networks"),
        description="Networks whose clients are told /metrics, comma-separated (CIDR).",
    )
    topics_max_count: Annotated[int, Field(ge=0, le=100_000)] = Field(
        1_000,
        description="Unions that get a topic by themselves; later ones with their first integrator.",
    )
    topics_look_seconds: DurationSeconds = Field(
        5, description="Pause between looks whether a union without a topic has got one."
    )
    batch_max: Annotated[int, Field(ge=1, le=500)] = Field(500, description="Events published at once.")
    gather_ms: DurationMs = Field(10, description="How long a batch of events is gathered.")
    charter_age_max_ms: DurationMs = Field(
        1_000, description="Identity is asked again what a charter makes public after this."
    )
    charters_max_count: Count = Field(10_000, description="Unions whose charters are remembered.")
    peer_timeout_seconds: DurationSeconds = Field(10, description="A call to identity ends after it.")
    retry_max_seconds: DurationSeconds = Field(
        10, description="Longest pause between tries while Kafka or identity is away."
    )

    @field_validator("metrics_networks")
    @classmethod
    def networks_are_readable(cls, value: str) -> str:
        read_networks(value)
        return value
