"""Fields that several bodies of the ledger share."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from chassis.fields import LINE_PATTERN
from chassis.money import MINOR_MAX
from chassis.pages import cursor_fields, cursor_id
from chassis.problems import CURSOR_INVALID, Problem

LAST_PLACE = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
"""Behind every (time, id)."""

AccountReference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="An account's id, `members/<member id>`, or `treasury`.",
        examples=["members/0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"],
    ),
]
UnionName = Annotated[
    str,
    Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$", description="The union's slug or id."),
]
AccountOfPath = Annotated[UUID, Path(description="The account's id.")]
SequenceOfPath = Annotated[
    int, Path(ge=1, le=MINOR_MAX, description="The transfer's place in the union's journal.", examples=[4711])
]


def place_by_time(after: tuple[str | int, ...] | None) -> tuple[datetime, UUID]:
    """Where a list by (time, id), the newest first, goes on; Problem 400 for another list's cursor."""
    if after is None:
        return LAST_PLACE
    moment, last_id = cursor_fields(after, str, str)
    try:
        time = datetime.fromisoformat(str(moment))
    except ValueError:
        raise Problem(CURSOR_INVALID) from None
    if time.tzinfo is None:
        raise Problem(CURSOR_INVALID)
    return time, cursor_id(last_id)


CodeWord = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$", examples=["pay"])]
Memo = Annotated[str, Field(min_length=1, max_length=280, pattern=LINE_PATTERN, examples=["Lunch"])]
