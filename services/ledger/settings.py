"""The ledger's settings and limits."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import Count, DurationSeconds, SignInSettings


class LedgerSettings(SignInSettings):
    """Read from `LEDGER_...`; what all services share is read without the prefix."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_")

    request_body_max_bytes: Count = Field(
        6_291_456, description="Larger request bodies are refused; a full batch is about 2 MiB."
    )
    batch_transfers_max: Annotated[int, Field(ge=1, le=8_190)] = Field(
        8_190, description="Transfers of one request."
    )
    cancellations_max: Annotated[int, Field(ge=1, le=8_190)] = Field(
        1_000, description="Ids of one cancellation."
    )
    escrow_payees_max: Annotated[int, Field(ge=1, le=100)] = Field(16, description="Payees of one escrow.")
    run_lines_max: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        1_000_000, description="Lines of one run."
    )
    forwarded_act_age_max_seconds: DurationSeconds = Field(
        604_800, description="Older acts are not taken from a service: an intent may outlive an outage."
    )
    grants_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        1_000, description="Joining grants paid in one transaction."
    )
