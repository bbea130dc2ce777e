"""Fields that several bodies and paths share, and cursors read back into their values."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field, StringConstraints

from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.pages import PageRequest, cursor_fields, cursor_id
from chassis.problems import CURSOR_INVALID, Problem

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UnionName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=LINE_PATTERN),
    Field(description="One line.", examples=["Guild of Lisbon"]),
]
Purpose = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1_000, pattern=TEXT_PATTERN),
    Field(examples=["Freelancers of Lisbon who work for each other."]),
]
UnionOfPath = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9-]{1,64}$", description="The union's slug or id.", examples=["guild-of-lisbon"]
    ),
]
MemberNamed = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$"),
    Field(description="The member's id or handle.", examples=["ada"]),
]
MemberOfPath = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$", description="The member's id or handle.", examples=["ada"])
]


def name_position(page: PageRequest) -> tuple[str, UUID] | None:
    """A place in the directory. Problem 400 for a cursor of another list."""
    if page.after is None:
        return None
    name, union_id = cursor_fields(page.after, str, str)
    if "\x00" in str(name):
        raise Problem(CURSOR_INVALID)
    return str(name), cursor_id(union_id)


def time_position(page: PageRequest) -> tuple[datetime, UUID] | None:
    """A place in a list by time. Problem 400 for a cursor of another list."""
    if page.after is None:
        return None
    microseconds, row_id = cursor_fields(page.after, int, str)
    try:
        moment = EPOCH + timedelta(microseconds=int(microseconds))
    except OverflowError:
        raise Problem(CURSOR_INVALID) from None
    return moment, cursor_id(row_id)


def time_cursor(moment: datetime, row_id: UUID) -> tuple[str | int, ...]:
    return (moment - EPOCH) // timedelta(microseconds=1), str(row_id)
