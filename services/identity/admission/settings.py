"""The limits of admission."""

from typing import Annotated

from pydantic import Field

from chassis.settings import Count, DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class AdmissionSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    invitation_list_rows_max: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        100_000, description="People on one list who are invited, each by a link of their own."
    )
    invitation_list_chunk_rows_max: Annotated[int, Field(ge=1, le=5_000)] = Field(
        1_000, description="Rows of a list of people that one request brings."
    )
    invitation_lists_per_union_max: Count = Field(
        50, description="Lists of people of one union whose links are good still."
    )
    invitation_emails_per_minute_max: Count = Field(
        120, description="Invitations by e-mail that one list of people sends in a minute."
    )
    admission_questions_max: Annotated[int, Field(ge=1, le=50)] = Field(
        10, description="Questions that a union asks of who applies."
    )
    application_again_seconds: DurationSeconds = Field(
        30 * DAY_SECONDS, description="How long after a refusal one may apply anew."
    )
    application_kept_days: Count = Field(
        180, description="How long answers, grounds and appeals are kept after the last decision."
    )
    open_vouches_per_member_max: Count = Field(
        5, description="People of whom one member vouches in one union before these have joined."
    )
    vouch_seconds: DurationSeconds = Field(
        90 * DAY_SECONDS, description="How long a vouch counts for who has not joined."
    )
    admission_proof_kept_days: Count = Field(
        180, description="How long it is kept what somebody has proven whom it did not let in, or who is out."
    )
    token_held_blocks_count: Annotated[int, Field(ge=0, le=100_000_000)] = Field(
        7_200,
        description="A token that lets somebody in was held so many blocks before the finalized one, too: "
        "the node needs that old a state. 0: the finalized block alone.",
    )
    token_look_seconds: DurationSeconds = Field(
        10, description="The node has to say by then what somebody holds of tokens."
    )
    token_looks_at_once_max: Annotated[int, Field(ge=1, le=1_000)] = Field(
        16, description="Questions for balances that one process asks the node at once."
    )
    token_proof_seconds: DurationSeconds = Field(
        3_600, description="How long a balance that was seen lets somebody in."
    )
    token_looks_max: Count = Field(20, description="Looks at one member's balances in their window.")
    token_looks_window_seconds: DurationSeconds = Field(3_600, description="The length of that window.")
    growth_targets_open_max: Count = Field(3, description="Targets of growth of one union that are open.")
    growth_target_days_max: Count = Field(3_650, description="How far ahead the day of such a target is.")
    invitation_list_batch_max: Count = Field(
        5_000, description="Links of a list that are ended, or people who are forgotten, in one transaction."
    )
