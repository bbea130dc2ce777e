"""The settings of the identity service."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.files import FileSettings
from chassis.settings import ContractWalletSettings, Count, DurationMs, DurationSeconds
from services.identity.admission.settings import AdmissionSettings
from services.identity.businesses.settings import BusinessSettings
from services.identity.deletion.settings import DeletionSettings
from services.identity.exclusion.settings import ExclusionSettings
from services.identity.notices.settings import DAY_SECONDS, NoticeSettings
from services.identity.operators.settings import OperatorSettings
from services.identity.succession.settings import SuccessionSettings


class IdentitySettings(
    AdmissionSettings,
    BusinessSettings,
    DeletionSettings,
    NoticeSettings,
    ExclusionSettings,
    OperatorSettings,
    SuccessionSettings,
    ContractWalletSettings,
    FileSettings,
):
    """Read from the environment with the prefix IDENTITY_."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_")

    signing_key_file: Path | None = Field(
        None,
        description="PEM file of the key that signs members' tokens, made when it is missing; by default "
        "identity-tokens.pem beside IDENTITY_SERVICE_KEY_FILE.",
    )
    signing_keys_look_seconds: DurationSeconds = Field(
        5, description="Pause between looks whether a signing key was added."
    )
    nonce_seconds: DurationSeconds = Field(300, description="How long a nonce may wait for its sign-in.")
    sign_in_age_max_seconds: DurationSeconds = Field(
        600, description="Sign-in messages issued longer ago are refused."
    )
    access_token_seconds: DurationSeconds = Field(600, description="Life of a member's access token.")
    internal_token_seconds: DurationSeconds = Field(
        60, description="Life of the token that the gateway gets for one service."
    )
    session_seconds: DurationSeconds = Field(
        90 * DAY_SECONDS, description="A session ends after this, however often it is refreshed."
    )
    refresh_grace_seconds: DurationSeconds = Field(
        30,
        description="A refresh token repeated within it gets the same successor; later it ends the family.",
    )
    address_requests_max: Count = Field(
        120, description="Requests before sign-in from one address (IPv6: one /64) in a window."
    )
    address_window_seconds: DurationSeconds = Field(60, description="The length of that window.")
    wallet_sign_ins_max: Count = Field(300, description="Sign-ins of one wallet in an account window.")
    passkey_sign_ins_max: Count = Field(300, description="Sign-ins of one passkey in an account window.")
    passkeys_per_member_max: Count = Field(20, description="Passkeys that one member may have at a time.")
    member_refreshes_max: Count = Field(600, description="Refreshes of one member in an account window.")
    account_window_seconds: DurationSeconds = Field(3_600, description="The length of an account window.")
    address_new_members_max: Count = Field(
        100, description="New members from one address (IPv6: one /64) in their window."
    )
    address_new_members_window_seconds: DurationSeconds = Field(
        DAY_SECONDS, description="The length of that window."
    )
    address_invitations_max: Count = Field(
        300, description="Codes of invitations tried from one address (IPv6: one /64) in their window."
    )
    address_invitations_window_seconds: DurationSeconds = Field(
        3_600, description="The length of that window."
    )
    handle_changes_max: Count = Field(5, description="Changes of handle of one member in their window.")
    handle_changes_window_seconds: DurationSeconds = Field(
        30 * DAY_SECONDS, description="The length of that window."
    )
    export_part_rows_max: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        20_000,
        description="Rows of one table that an export of a member holds; it says where there are more.",
    )
    export_max_bytes: Annotated[int, Field(ge=4_096, le=1_073_741_824)] = Field(
        67_108_864, description="An export of a member ends before it is larger, and says what it leaves out."
    )
    exports_max: Count = Field(10, description="Exports of one member in their window.")
    exports_window_seconds: DurationSeconds = Field(DAY_SECONDS, description="The length of that window.")
    skills_per_member_max: Count = Field(20, description="Skills that one member may name.")
    links_per_member_max: Count = Field(8, description="Links of one member's profile.")
    link_max_bytes: Annotated[int, Field(ge=16, le=8_192)] = Field(
        300, description="Longer links of profiles are refused."
    )
    file_max_bytes: Count = Field(4_194_304, description="Larger pictures of members are refused.")
    image_pixels_max_count: Count = Field(
        25_000_000, description="Pictures of members with more are refused unopened."
    )
    image_side_pixels_max_count: Count = Field(
        512, description="Larger pictures of members are made smaller."
    )
    wallets_per_member_max: Count = Field(20, description="Wallets that one member may have at a time.")
    guardians_max: Count = Field(12, description="Guardians that one member may have.")
    recovery_delay_seconds: DurationSeconds = Field(
        7 * DAY_SECONDS,
        description="How long a recovery, the removal of a key and a change of guardians wait, so that the "
        "member can stop them.",
    )
    recovery_open_seconds: DurationSeconds = Field(
        14 * DAY_SECONDS, description="How long guardians have to decide on a recovery."
    )
    recoveries_open_max: Count = Field(
        50,
        description="Recoveries of one member that may be open at a time: strangers, who can ask for any "
        "account, leave room for its member.",
    )
    address_recoveries_max: Count = Field(
        20, description="Recoveries asked for from one address (IPv6: one /64) in their window."
    )
    address_recoveries_window_seconds: DurationSeconds = Field(
        3_600, description="The length of that window."
    )
    devices_shown_max: Count = Field(200, description="Devices of a member that are listed.")
    unions_per_founder_max: Count = Field(20, description="Living unions that one member may have founded.")
    invitations_per_member_max: Count = Field(
        100, description="Unexpired invitations that one member may have out in one union."
    )
    invitation_uses_max: Count = Field(1_000_000, description="The most uses of one invitation.")
    invitation_seconds_max: DurationSeconds = Field(
        365 * DAY_SECONDS, description="The longest life of an invitation."
    )
    acceptance_stretch_max_count: Annotated[int, Field(ge=1, le=480)] = Field(
        400,
        description="Members whom one step of asking them anew, or of what follows silence, goes through.",
    )
    offices_per_union_max: Count = Field(100, description="Offices of one union that have not ended.")
    office_depth_max: Annotated[int, Field(ge=1, le=32)] = Field(
        8, description="How deep an office may be below the founder, who is above the first."
    )
    office_holdings_per_union_max: Annotated[int, Field(ge=1, le=450)] = Field(
        400, description="Holders of offices in one union: one act may end the rights of all of them."
    )
    offices_per_member_max: Annotated[int, Field(ge=1, le=50)] = Field(
        16, description="Offices that one member holds in one union."
    )
    office_term_max_seconds: DurationSeconds = Field(
        4 * 365 * DAY_SECONDS, description="The longest term of an office."
    )
    stream_ticket_seconds: DurationSeconds = Field(
        30, description="How long a ticket for a live stream may wait for its use."
    )
    revocation_look_ms: DurationMs = Field(
        50, description="Pause between looks for what another process of identity has ended."
    )
    revocation_page_max_count: Annotated[int, Field(ge=1, le=10_000)] = Field(
        1_000, description="Entries of the log of what has ended that one answer carries."
    )
    revocation_kept_days: Count = Field(
        14, description="How long the log says that a membership has ended; as long as the bus keeps facts."
    )
    egress_loopback_allowed: bool = Field(
        False,
        description="For tests alone: webhooks and pushes may be sent to this machine, over plain http. "
        "Never where strangers come.",
    )
    webhooks_per_union_max: Count = Field(10, description="Webhooks of one union.")
    webhook_url_max_bytes: Annotated[int, Field(ge=16, le=8_192)] = Field(
        2_000, description="Longer URLs of webhooks are refused."
    )
    webhook_timeout_seconds: DurationSeconds = Field(
        10, description="An endpoint that has not answered by then has failed."
    )
    webhook_answer_max_bytes: Count = Field(
        65_536, description="What an endpoint answers beyond this is not read."
    )
    webhooks_at_once_max: Count = Field(
        16, description="Webhooks that one process sends to at once; each gets one event after the other."
    )
    webhook_round_max: Count = Field(
        20, description="Events that one webhook gets before others have their turn."
    )
    webhook_poll_ms: DurationMs = Field(500, description="Pause between looks for what is due.")
    webhook_tries_max: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="Tries of one event before it is given up."
    )
    webhook_retry_first_seconds: DurationSeconds = Field(
        5, description="The first pause between tries; each is four times as long as the one before."
    )
    webhook_retry_longest_seconds: DurationSeconds = Field(
        43_200, description="The longest pause between tries, also of what Retry-After asks for."
    )
    webhook_pause_max_seconds: DurationSeconds = Field(
        600, description="The longest that an endpoint which fails is left alone before its next event."
    )
    webhook_failing_max_seconds: DurationSeconds = Field(
        3 * DAY_SECONDS, description="A webhook that has only failed for so long is disabled."
    )
    webhook_secret_overlap_seconds: DurationSeconds = Field(
        DAY_SECONDS, description="How long the former secret goes on to sign beside a new one."
    )
    webhook_deliveries_kept_days: Count = Field(
        14, description="How long the log of deliveries is kept; what waits is kept until it is done with."
    )
    forget_pause_seconds: DurationSeconds = Field(
        300,
        description="Pause between rounds that drop what is over: nonces, windows, sessions, revocations.",
    )
    forget_batch_max: Count = Field(10_000, description="Rows of each kind dropped in one round.")
    session_kept_days: Count = Field(
        30, description="How long an expired session is kept before it is dropped."
    )
