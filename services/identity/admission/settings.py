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
    invitation_list_batch_max: Count = Field(
        5_000, description="Links of a list that are ended, or people who are forgotten, in one transaction."
    )
