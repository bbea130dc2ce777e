"""The ledger's settings and limits."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ContractWalletSettings, Count, DurationMs, DurationSeconds


class LedgerSettings(ContractWalletSettings):
    """Read from `LEDGER_...`; what all services share is read without the prefix."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_")

    request_body_max_bytes: Count = Field(
        6_291_456, description="Larger request bodies are refused; a full batch is about 2 MiB."
    )
    batch_transfers_max: Annotated[int, Field(ge=1, le=8_190)] = Field(
        8_190, description="Transfers of one request."
    )
    statement_lines_max: Count = Field(50_000, description="Transfers in the file of a statement.")
    journal_file_entries_max: Count = Field(10_000, description="Entries in one file of the journal.")
    journal_file_rows_max: Count = Field(
        10_000, description="Transfers in one file of the journal's rows; an entry is never cut."
    )
    lane_waiting_max: Count = Field(
        1_000, description="Members' requests that wait for one union's journal; more are refused."
    )
    lane_requests_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        256, description="Members' requests that are posted in one transaction."
    )
    holds_per_account_max: Annotated[int, Field(ge=0, le=1_000)] = Field(
        100, description="Holds that may be pending on one member's account."
    )
    mandates_per_account_max: Annotated[int, Field(ge=0, le=1_000)] = Field(
        100, description="Mandates of one member that may be used at the same time."
    )
    mandate_days_max: Annotated[int, Field(ge=1, le=36_500)] = Field(
        1_830, description="Days that a mandate may last; it can be given again."
    )
    allotment_sources_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        16, description="Accounts from which one allotment gathers."
    )
    allotment_destinations_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        100, description="Accounts among which one allotment is split."
    )
    freeze_days_max: Annotated[int, Field(ge=1, le=3_650)] = Field(
        30, description="Days that a member's account may be frozen; it can be frozen again."
    )
    schedules_per_account_max: Annotated[int, Field(ge=0, le=1_000)] = Field(
        100, description="Schedules of one member that may be running at the same time."
    )
    schedule_days_ahead_max: Annotated[int, Field(ge=1, le=36_500)] = Field(
        1_830, description="Days until the first payment of a schedule."
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
    device_key_trusted_seconds: Annotated[int, Field(ge=1, le=600)] = Field(
        300,
        description="Acts signed this long after identity last said that a device key is good need no other "
        "word of it; what is revoked meanwhile is heard within a second.",
    )
    device_keys_remembered_max: Count = Field(
        100_000, description="Device keys of which a process remembers when identity spoke of them."
    )
    rights_remembered_ms: Annotated[int, Field(ge=0, le=1_000)] = Field(
        1_000,
        description="How long a process remembers what a member holds by offices, as long as none of it is "
        "told to have ended.",
    )
    grants_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        1_000, description="Joining grants paid in one transaction."
    )
    bridge_key_file: Path | None = Field(
        None, description="The operator's key: 32 bytes in hex. Needed where ETH_RPC_URL is set."
    )
    bridge_poll_ms: DurationMs = Field(500, description="Pause between looks at the chain.")
    bridge_rpc_seconds: DurationSeconds = Field(10, description="A question to the node ends after this.")
    bridge_blocks_at_once_max: Annotated[int, Field(ge=1, le=100_000)] = Field(
        2_000, description="Blocks whose logs are asked for at once."
    )
    bridge_vaults_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        100, description="Vaults whose logs are asked for at once."
    )
    bridge_blocks_kept_max: Annotated[int, Field(ge=2, le=100_000)] = Field(
        1_000, description="Blocks that are remembered, to see where a fork begins."
    )
    bridge_stuck_seconds: DurationSeconds = Field(
        60, description="A chain that could not be read for this long is said to be stuck."
    )
    bridge_resend_seconds: DurationSeconds = Field(
        60, description="What is not mined after this is sent again with a higher fee."
    )
    bridge_fee_raise_basis_points: Annotated[int, Field(ge=1_000, le=100_000)] = Field(
        1_250, description="How much higher; nodes ask for an eighth or a tenth."
    )
    bridge_fee_wei_max: Count = Field(
        500_000_000_000, description="The most that is paid for a unit of gas, in wei."
    )
    bridge_gas_max: Count = Field(5_000_000, description="The most gas that one transaction may take.")
    bridge_transactions_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        16, description="Transactions that are on their way at once; nodes hold few of one account."
    )
    bridge_withdrawal_minor_min: Annotated[int, Field(ge=1, le=2**62)] = Field(
        1, description="The least that may be withdrawn, in minor units."
    )
    bridge_withdrawals_open_max_per_member: Count = Field(
        16, description="Withdrawals of a member that may be on their way at once."
    )

    @model_validator(mode="after")
    def a_chain_has_an_operator(self) -> "LedgerSettings":
        if self.eth_rpc_url is not None and self.bridge_key_file is None:
            raise ValueError("ETH_RPC_URL needs LEDGER_BRIDGE_KEY_FILE, the key of the bridge's operator")
        return self
