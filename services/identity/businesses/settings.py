"""How many businesses there may be, how large, and how long their owners have to resolve."""

from typing import Annotated

from pydantic import Field

from chassis.settings import Count, DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


class BusinessSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    businesses_per_union_max: Count = Field(10_000, description="Businesses of one union that are open.")
    businesses_per_founder_max: Count = Field(
        20, description="Open businesses that one member may have founded in one union."
    )
    business_shares_max: Annotated[int, Field(ge=1, le=2**62)] = Field(
        1_000_000_000, description="Shares that one business may have."
    )
    business_owners_max: Annotated[int, Field(ge=1, le=250)] = Field(
        200, description="Owners of one business: one act may change what each of them holds."
    )
    business_stakes_per_member_max: Annotated[int, Field(ge=1, le=100)] = Field(
        50,
        description="Businesses of one union in which one member may have shares, closed ones too: a change "
        "of their membership reaches each.",
    )
    business_posts_max: Annotated[int, Field(ge=1, le=100)] = Field(
        40, description="Managers and hires of one business at a time."
    )
    business_posts_per_member_max: Annotated[int, Field(ge=1, le=16)] = Field(
        10, description="Posts that one member may have in the businesses of one union."
    )
    business_term_max_seconds: DurationSeconds = Field(
        4 * 365 * DAY_SECONDS, description="The longest term of a manager or a hire."
    )
    business_resolution_seconds: DurationSeconds = Field(
        14 * DAY_SECONDS, description="How long owners have to approve a resolution: then it has lapsed."
    )
    business_resolutions_open_max: Count = Field(
        20, description="Resolutions of one business that may be open at a time."
    )
