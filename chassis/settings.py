"""Settings that every service has. Built once, frozen, passed in; a wrong one stops the start."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from chassis.address_ranges import read_networks
from chassis.revocations.settings import RevocationSettings

METRICS_NETWORKS = "127.0.0.0/8,::1/128"
Count = Annotated[int, Field(ge=1)]
DurationMs = Annotated[int, Field(ge=1)]
DurationSeconds = Annotated[int, Field(ge=1)]


def shared(name: str) -> AliasChoices:
    """A setting that all services share: read from the environment without a service's prefix."""
    return AliasChoices(name, name.upper())


class ServiceSettings(RevocationSettings):
    """Common to all services; a service subclasses it with its own `env_prefix`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    public_url: str = Field(
        "http://localhost:8080",
        validation_alias=shared("public_url"),
        description="Where people reach this deployment; sign-in domain, origins and links follow from it.",
    )
    database_url: SecretStr = Field(description="The service's database, as its run-time role.")
    owner_database_url: SecretStr = Field(description="The same database as the role that migrates it.")
    bus_url: SecretStr = Field(validation_alias=shared("bus_url"), description="The database of the bus.")
    service_key_file: Path = Field(description="PEM file of this service's own Ed25519 private key.")
    service_keys_file: Path = Field(
        validation_alias=shared("service_keys_file"), description="JWKS file of all services' public keys."
    )
    metrics_networks: str = Field(
        METRICS_NETWORKS,
        validation_alias=shared("metrics_networks"),
        description="Networks whose clients are told /metrics, comma-separated (CIDR).",
    )
    write_connections_max: Count = Field(4, description="Connections for transactions that write.")
    read_connections_max: Count = Field(3, description="Connections for reads.")
    connection_wait_seconds: DurationSeconds = Field(10, description="How long a request waits for one.")
    statement_timeout_ms: DurationMs = Field(15_000, description="A statement is cancelled after this.")
    request_body_max_bytes: Count = Field(1_048_576, description="Larger request bodies are refused.")
    act_age_max_seconds: DurationSeconds = Field(300, description="Older signed acts are refused.")
    fresh_proof_max_seconds: DurationSeconds = Field(
        300, description="Keys, recovery and leaving need a sign-in that is no older than this."
    )
    act_ahead_max_seconds: DurationSeconds = Field(30, description="Acts signed further ahead are refused.")
    act_field_max_characters: Count = Field(
        2_048, description="Longer header fields of a signed act are refused."
    )
    token_max_bytes: Count = Field(4_096, description="Longer tokens are refused.")
    token_ahead_max_seconds: DurationSeconds = Field(
        5, description="Tokens issued further ahead are refused."
    )
    good_tokens_max: Count = Field(20_000, description="Verified tokens that are remembered.")
    good_token_seconds: DurationSeconds = Field(
        300, description="A token that was verified is verified again after this, should its key have gone."
    )
    bad_tokens_max: Count = Field(2_000, description="Refused tokens that are remembered.")
    bad_token_seconds: DurationSeconds = Field(60, description="How long a refused token is remembered.")
    member_keys_pause_seconds: DurationSeconds = Field(
        10, description="Shortest pause between two looks for identity's public keys."
    )
    member_keys_age_max_seconds: DurationSeconds = Field(
        300, description="Older public keys of identity are fetched anew."
    )
    intent_wait_ms: DurationMs = Field(2_000, description="How long a request waits for its intents.")
    intent_retry_seconds: DurationSeconds = Field(2, description="First pause before an intent is retried.")
    intent_retry_max_seconds: DurationSeconds = Field(60, description="Longest pause between retries.")
    peer_timeout_seconds: DurationSeconds = Field(10, description="A call to another service ends after it.")
    read_after_write_wait_ms: DurationMs = Field(
        1_000, description="How long a read waits for what its caller has just written."
    )
    relay_poll_ms: DurationMs = Field(1_000, description="Pause between looks at an outbox not woken.")
    relay_batch_max: Annotated[int, Field(ge=1, le=1_000)] = Field(500, description="Events an append.")
    consume_batch_max: Annotated[int, Field(ge=1, le=500)] = Field(500, description="Events a transaction.")
    consume_wait_ms: DurationMs = Field(10, description="How long a batch of events is gathered.")
    consume_tries_max: Count = Field(5, description="Tries before an event that cannot pass is parked.")
    timer_poll_ms: DurationMs = Field(500, description="Pause between looks for due timers.")
    erasure_rows_max: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1_000, description="Rows of a table that one transaction erases of a member."
    )
    housekeeping_seconds: DurationSeconds = Field(60, description="Pause between looks at partitions.")
    idempotency_kept_days: Count = Field(2, description="How long answers are kept under their key.")
    inbox_kept_days: Count = Field(21, description="How long consumed events are remembered.")
    page_size_default: Count = Field(50, description="Rows of a page when `limit` is absent.")
    page_size_max: Annotated[int, Field(ge=1, le=1_000)] = Field(200, description="Largest `limit`.")

    @field_validator("public_url")
    @classmethod
    def public_url_is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
            raise ValueError("PUBLIC_URL is scheme and host alone, for example https://guild.example")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("metrics_networks")
    @classmethod
    def networks_are_readable(cls, value: str) -> str:
        read_networks(value)
        return value


class SignInSettings(ServiceSettings):
    """What a service that reads sign-in messages asks of them: the same in all of a deployment."""

    chain_id: Annotated[int, Field(ge=1)] = Field(
        1, validation_alias=shared("chain_id"), description="The chain that sign-in messages name."
    )
    sign_in_ahead_max_seconds: DurationSeconds = Field(
        30,
        validation_alias=shared("sign_in_ahead_max_seconds"),
        description="Sign-in messages issued further ahead are refused.",
    )
    device_key_lifetime_seconds: DurationSeconds = Field(
        90 * 86_400,
        validation_alias=shared("device_key_lifetime_seconds"),
        description="The longest time for which a sign-in certifies a device key.",
    )


class ContractWalletSettings(SignInSettings):
    """What a service that verifies contract wallets asks of their chain: the same in all of a deployment."""

    eth_rpc_url: SecretStr | None = Field(
        None,
        validation_alias=shared("eth_rpc_url"),
        description="An Ethereum node for the bridge, contract wallets and tokens as a way in; unset, "
        "a devnet is launched where Node and npm are.",
    )
    eth_chain_id: Annotated[int, Field(ge=1)] = Field(
        1, validation_alias=shared("eth_chain_id"), description="The chain that ETH_RPC_URL has to be of."
    )
    contract_wallet_seconds: DurationSeconds = Field(
        5,
        validation_alias=shared("contract_wallet_seconds"),
        description="The node has to say by then whether a contract wallet signed.",
    )
    contract_wallet_gas_max: Annotated[int, Field(ge=1_000_000, le=50_000_000)] = Field(
        10_000_000,
        validation_alias=shared("contract_wallet_gas_max"),
        description="The most gas that the node spends on one signature of a contract wallet.",
    )
    contract_wallets_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        16,
        validation_alias=shared("contract_wallets_at_once_max"),
        description="Signatures of contract wallets that one process asks the node for at once.",
    )
