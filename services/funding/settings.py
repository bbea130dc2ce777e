"""Funding's settings: what a project and a pledge may be."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import Count, DurationSeconds, ServiceSettings
from services.funding.domain.limits import FundingLimits

Minor = Annotated[int, Field(ge=1, le=2**62)]
HOUR = 3_600
YEAR = 365 * 24 * HOUR


class FundingSettings(ServiceSettings):
    """Read with the prefix FUNDING_."""

    model_config = SettingsConfigDict(env_prefix="FUNDING_")

    title_max_characters: Count = Field(120, description="Longest title of a project.")
    description_max_characters: Count = Field(8_000, description="Longest description of a project.")
    target_min_minor: Minor = Field(1, description="Lowest target, in minor units of the union's token.")
    target_max_minor: Minor = Field(2**62, description="Highest target, in minor units.")
    pledge_min_minor: Minor = Field(1, description="Smallest pledge, in minor units.")
    pledge_max_minor: Minor = Field(2**62, description="Largest pledge, in minor units.")
    deadline_min_seconds: DurationSeconds = Field(1, description="A project is open at least this long.")
    deadline_max_seconds: DurationSeconds = Field(YEAR, description="A project is open at most this long.")
    open_projects_per_member: Count = Field(20, description="Open projects of a member in a union.")
    pledges_per_project: Count = Field(1_000_000, description="Pledges that a project may hold.")
    settlement_retry_seconds: DurationSeconds = Field(
        HOUR, description="Pause before an escrow that the ledger refused to empty is tried again."
    )

    def limits(self) -> FundingLimits:
        """What the rules need of these settings."""
        return FundingLimits(**{name: getattr(self, name) for name in FundingLimits.__dataclass_fields__})
