"""How long a deletion waits, and what follows it."""

from pydantic import Field

from chassis.settings import DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class DeletionSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    deletion_delay_seconds: DurationSeconds = Field(
        7 * DAY_SECONDS,
        description="How long the deletion of an account waits, so that any key of the member's, or their "
        "guardians, can stop it.",
    )
    deletion_pause_seconds: DurationSeconds = Field(
        300,
        description="Between the end of the sessions of who is deleted and the erasure: longer than any "
        "request runs, and enough for the last message to go out.",
    )
    erased_handle_seconds: DurationSeconds = Field(
        365 * DAY_SECONDS,
        description="How long nobody takes the handles of who was deleted, nor what looks like them.",
    )
