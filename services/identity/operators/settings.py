"""How long operators may lock, and how soon an appeal against them is heard."""

from pydantic import Field

from chassis.settings import Count, DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class OperatorSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    operator_lock_seconds_max: DurationSeconds = Field(
        30 * DAY_SECONDS, description="The longest time for which an operator locks an account at once."
    )
    operator_appeal_seconds: DurationSeconds = Field(
        14 * DAY_SECONDS,
        description="How long an appeal against an operator may wait: one that nobody has decided by then is "
        "won.",
    )
    operators_max: Count = Field(50, description="Operators that there may be at a time.")
