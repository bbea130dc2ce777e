"""How long the holder of the founder's office may object to an heir's claim."""

from pydantic import Field

from chassis.settings import DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class SuccessionSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    succession_objection_seconds: DurationSeconds = Field(
        30 * DAY_SECONDS,
        description="How long who holds the founder's office may object to the claim of the heir: then it "
        "passes. Longer than a recovery takes.",
    )
    succession_claim_rest_seconds: DurationSeconds = Field(
        30 * DAY_SECONDS, description="After an objection, how long the heir claims nothing again."
    )
