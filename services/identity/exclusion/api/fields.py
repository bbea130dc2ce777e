"""Fields that bodies of suspensions and expulsions share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.fields import TEXT_PATTERN

Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, pattern=TEXT_PATTERN, strip_whitespace=True),
]
Ground = Annotated[
    Words,
    Field(
        description="Why: the member concerned and the officers read it.",
        examples=["They sold what was not theirs, twice: agreements 12 and 15."],
    ),
]
