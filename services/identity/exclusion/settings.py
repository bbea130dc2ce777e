"""How long members may be kept out, heard and waited for."""

from pydantic import Field

from chassis.settings import DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class ExclusionSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    suspension_seconds_max: DurationSeconds = Field(
        90 * DAY_SECONDS, description="The longest time for which a member is suspended at once."
    )
    hearing_seconds: DurationSeconds = Field(
        7 * DAY_SECONDS, description="How long a member is heard before anybody decides to expel them."
    )
    expulsion_decision_seconds: DurationSeconds = Field(
        30 * DAY_SECONDS,
        description="How long a decision may take, after the hearing and after an appeal: then the case has "
        "lapsed, and the appeal is won.",
    )
    appeal_seconds: DurationSeconds = Field(
        14 * DAY_SECONDS, description="How long an expelled member may appeal."
    )
