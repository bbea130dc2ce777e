"""Settings of the Kafka of a deployment. Built once, frozen, passed in."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import Count, DurationSeconds

Port = Annotated[int, Field(ge=0, le=65_535)]


class KafkaSettings(BaseSettings):
    """Read with the prefix KAFKA_."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="KAFKA_", env_ignore_empty=True)

    bootstrap: SecretStr | None = Field(
        None,
        description="A Kafka 4 of your own, as its super user: kafka://operator:password@host:port; "
        "unset, brokers are launched.",
    )
    brokers_count: Literal[1, 3] = Field(1, description="Brokers that are launched on this machine.")
    heap_mebibytes: Annotated[int, Field(ge=128)] = Field(256, description="Heap of each launched broker.")
    listen_address: str = Field(
        "127.0.0.1", description="The address of the launched brokers' listener for integrators."
    )
    external_port: Port = Field(
        0, description="Port of the first launched broker's listener for integrators; 0 takes a free one."
    )
    external_bootstrap: str | None = Field(
        None,
        description="Where integrators reach the brokers, host:port[,host:port]: what "
        "`guildhall integrator add` prints; unset, what the secrets of the data folder say.",
    )
    start_seconds: DurationSeconds = Field(120, description="How long launched brokers may take to start.")
    stop_seconds: DurationSeconds = Field(20, description="How long launched brokers may take to stop.")
    partitions_count: Annotated[int, Field(ge=1, le=1_000)] = Field(
        16, description="Partitions of each topic; fixed when the topics are made."
    )
    copies_count: Count | None = Field(
        None, description="Copies of each topic when it is made; unset, one on each launched broker."
    )
    facts_kept_days: Annotated[int, Field(ge=14)] = Field(
        14, description="How long topics keep facts; not shorter than any event's retention."
    )

    public_kept_days: Annotated[int, Field(ge=1)] = Field(
        14, description="How long integrators' topics keep events; each from when it is made."
    )

    @property
    def copies(self) -> int:
        return self.copies_count or self.brokers_count

    @property
    def in_sync_replicas_min(self) -> int:
        """How many copies an append waits for: with three brokers one may be away."""
        return max(1, self.copies - 1)
