"""The market's settings: what an offer, a bid and an agreement may be."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.files import FileSettings
from chassis.settings import Count, DurationSeconds
from services.market.domain.limits import MarketLimits

Minor = Annotated[int, Field(ge=1, le=2**62)]
HOUR = 3_600
YEAR = 365 * 24 * HOUR


class MarketSettings(FileSettings):
    """Read with the prefix MARKET_."""

    model_config = SettingsConfigDict(env_prefix="MARKET_")

    title_max_characters: Count = Field(120, description="Longest title of an offer.")
    description_max_characters: Count = Field(4_000, description="Longest description of an offer.")
    message_max_characters: Count = Field(2_000, description="Longest message of a bid.")
    note_max_characters: Count = Field(4_000, description="Longest note of a delivery.")
    price_min_minor: Minor = Field(1, description="Lowest price, in minor units of the union's token.")
    price_max_minor: Minor = Field(2**62, description="Highest price, in minor units.")
    delivery_min_seconds: DurationSeconds = Field(1, description="Shortest time to deliver.")
    delivery_max_seconds: DurationSeconds = Field(YEAR, description="Longest time to deliver.")
    review_min_seconds: DurationSeconds = Field(1, description="Shortest time to review a delivery.")
    review_max_seconds: DurationSeconds = Field(
        90 * 24 * HOUR, description="Longest time to review a delivery."
    )
    review_default_seconds: DurationSeconds = Field(
        7 * 24 * HOUR, description="Time to review when neither the offer nor the charter names one."
    )
    open_offers_per_member: Count = Field(200, description="Open offers a member may have in a union.")
    open_bids_per_member: Count = Field(200, description="Open bids a member may have in a union.")
    photos_per_offer_max_count: Count = Field(10, description="Photos of one offer.")
    files_per_agreement_max_count: Count = Field(50, description="Files of one agreement.")
    settlement_retry_seconds: DurationSeconds = Field(
        HOUR, description="Pause before an escrow that the ledger refused to empty is tried again."
    )

    def limits(self) -> MarketLimits:
        """What the rules need of these settings."""
        return MarketLimits(**{name: getattr(self, name) for name in MarketLimits.__dataclass_fields__})
