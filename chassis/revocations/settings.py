"""The settings of every process that follows the log of what has ended."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class RevocationSettings(BaseSettings):
    """Part of the settings of each service and of the gateway."""

    revocation_age_max_ms: Annotated[int, Field(ge=100, le=1_000)] = Field(
        1_000,
        description="Acts and other writes ask identity where the process has not heard of what has ended "
        "for longer.",
    )
    revocation_read_age_max_seconds: Annotated[int, Field(ge=1, le=3_600)] = Field(
        60, description="Members' reads and live streams go on for so long without hearing of what has ended."
    )
    revocation_wait_ms: Annotated[int, Field(ge=10, le=1_000)] = Field(
        400, description="How long identity holds a look at the log in which nothing is new."
    )
    revocation_ask_ms: Annotated[int, Field(ge=10, le=30_000)] = Field(
        2_000, description="How long an act waits for identity's word before it is answered 503."
    )
