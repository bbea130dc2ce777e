"""Settings of the gateway, prefix GATEWAY_."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from chassis.address_ranges import read_networks
from chassis.revocations.settings import RevocationSettings
from chassis.settings import METRICS_NETWORKS, Count, DurationMs, DurationSeconds, shared


class GatewaySettings(RevocationSettings):
    """Built once, frozen, passed in."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_prefix="GATEWAY_", env_ignore_empty=True
    )

    public_url: str = Field(
        "http://localhost:8080",
        validation_alias=shared("public_url"),
        description="Where people reach this deployment; sign-in domain, origins and links follow from it.",
    )
    bus_url: SecretStr = Field(
        validation_alias=shared("bus_url"), description="The bus, of which live streams are a tail."
    )
    service_key_file: Path = Field(description="PEM file of the gateway's own Ed25519 private key.")
    service_keys_file: Path = Field(
        validation_alias=shared("service_keys_file"), description="JWKS file of all services' public keys."
    )
    allowed_hosts: str = Field(
        "localhost,127.0.0.1,[::1]",
        description="Host names served besides that of PUBLIC_URL, comma-separated (against DNS rebinding).",
    )
    trusted_proxies: str = Field(
        "",
        description="Networks of proxies whose X-Forwarded-For names the client, comma-separated (CIDR).",
    )
    metrics_networks: str = Field(
        METRICS_NETWORKS,
        validation_alias=shared("metrics_networks"),
        description="Networks whose clients are told /metrics, comma-separated (CIDR).",
    )
    request_body_max_bytes: Count = Field(16_777_216, description="Larger request bodies are refused.")
    exchange_cache_max_count: Count = Field(50_000, description="Internal tokens kept in memory.")
    exchange_margin_seconds: Annotated[int, Field(ge=1, le=30)] = Field(
        10, description="An internal token is exchanged anew this long before it expires."
    )
    requests_per_minute_per_member_max: Count = Field(6_000, description="Requests of one member a minute.")
    requests_per_minute_per_address_max: Count = Field(
        600, description="Requests of one address (IPv6: its /64) a minute without a token."
    )
    limited_scopes_max_count: Count = Field(
        100_000,
        description="Members and addresses that are counted apart in a minute; the rest share a limit.",
    )
    limit_direct_loopback: bool = Field(
        False,
        description="Whether limits by address hold for clients on this machine that no proxy forwards.",
    )
    peer_timeout_seconds: DurationSeconds = Field(10, description="A call to a service ends after it.")
    home_wait_ms: DurationMs = Field(
        2_000, description="What a service has not answered by then is missing from a home or a list of acts."
    )
    live_streams_max_count: Count = Field(2_000, description="Live streams open at once in a process.")
    live_streams_per_member_max: Count = Field(10, description="Live streams of one member open at once.")
    live_streams_per_address_max: Count = Field(
        20, description="Live streams of one address (IPv6: its /64) open at once without a token."
    )
    live_queue_max_count: Count = Field(
        1_000, description="Events that wait for a client of a live stream; it is told `reset` beyond."
    )
    live_heartbeat_seconds: DurationSeconds = Field(
        15, description="A live stream says something at least so often."
    )
    live_send_seconds: DurationSeconds = Field(
        30, description="A client of a live stream that takes nothing for so long is dropped."
    )
    live_stream_max_seconds: DurationSeconds = Field(
        3_600, description="A live stream without a token ends after it; others end with their token."
    )
    live_replays_max_count: Count = Field(
        8, description="Streams and pages that read older events from the bus at once; others wait."
    )
    live_replay_max_count: Count = Field(
        100_000, description="Older events that a reconnecting stream reads; it is told `reset` beyond."
    )
    live_page_max_count: Annotated[int, Field(ge=1, le=1_000)] = Field(
        200, description="Events of a page, and the largest `limit`."
    )
    live_page_scanned_max: Count = Field(10_000, description="Events that are read for one page.")
    live_page_max_bytes: Count = Field(1_048_576, description="A page of events ends after so many bytes.")
    live_page_wait_ms: DurationMs = Field(2_000, description="A page of events takes at most so long.")
    live_unions_max_count: Count = Field(10_000, description="Unions whose charters streams remember.")
    request_body_max_seconds: DurationSeconds = Field(
        60, description="Across the network: a request body that takes longer to arrive is refused."
    )
    answer_max_seconds: DurationSeconds = Field(
        20, description="Across the network: a service that has not begun to answer by then counts as away."
    )
    answer_pause_max_seconds: DurationSeconds = Field(
        60, description="Across the network: longest pause between two parts of an answer."
    )
    page_cache_seconds: DurationSeconds = Field(5, description="How long a public page is kept.")
    document_cache_seconds: DurationSeconds = Field(
        300, description="How long clients may keep /openapi.json, /docs and the pages of problems."
    )

    @field_validator("public_url")
    @classmethod
    def public_url_is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
            raise ValueError("PUBLIC_URL is scheme and host alone, for example https://guild.example")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("trusted_proxies", "metrics_networks")
    @classmethod
    def networks_are_readable(cls, value: str) -> str:
        read_networks(value)
        return value

    def host_names(self) -> frozenset[str]:
        """Lower-case names, without ports, that a Host header may carry."""
        names = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        public = urlsplit(self.public_url).hostname
        assert public is not None
        return frozenset(names | {f"[{public}]" if ":" in public else public})
