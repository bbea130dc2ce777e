"""Fields that several bodies of the market share."""

from typing import Annotated

from pydantic import Field

Seconds = Annotated[int, Field(ge=1, le=2**31 - 1)]
