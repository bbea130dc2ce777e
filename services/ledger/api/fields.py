"""Fields that several bodies of the ledger share."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from chassis.fields import LINE_PATTERN
from chassis.money import MINOR_MAX

AccountReference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="An account's id, `members/<member id>`, `businesses/<business id>`, `treasury`, or "
        "`issuance` to burn.",
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


CodeWord = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$", examples=["pay"])]
Memo = Annotated[str, Field(min_length=1, max_length=280, pattern=LINE_PATTERN, examples=["Lunch"])]
