"""What is told of what operators did, and to whom."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from chassis.fields import TEXT_PATTERN
from services.identity.operators.domain.act import OperatorAct, Ruling

ActOfPath = Annotated[UUID, Path(description="The act's id, as the lists say it.")]
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, pattern=TEXT_PATTERN, strip_whitespace=True),
]
PublicGround = Annotated[
    Words,
    Field(
        description="Why: everybody reads it, so it names no member and no union.",
        examples=["They offered what the law of Portugal forbids, as order 12/2027 of the court says."],
    ),
]
PublicReasons = Annotated[
    Words,
    Field(
        description="Everybody reads them: they name no member and no union.",
        examples=["The order was lifted."],
    ),
]


class OperatorNamed(BaseModel):
    id: UUID
    handle: str


class RulingView(BaseModel):
    """`undone`, or of the appeal `upheld` or `reversed`."""

    kind: str = Field(examples=["upheld"])
    operator: OperatorNamed
    reasons: str
    ruled_at: datetime


class AppealView(BaseModel):
    """Not decided by `decide_by`, it is won. `text`: for operators and who appealed alone."""

    appealed_at: datetime
    decide_by: datetime
    text: str | None


class OperatorActView(BaseModel):
    """What, when, on which ground, by which operator, and what became of it.

    `member_id`, `union_id` and `picture`: for operators and whom it is about; in a list of a union's, its own
    `union_id`, and `member_id` for who sees its members' names. `picture`: its `content_digest`, which no
    file of the member's may have again.
    """

    id: UUID
    power: str = Field(examples=["lock_member"])
    operator: OperatorNamed
    ground: str
    made_at: datetime
    until: datetime | None
    state: str = Field(
        description="in_force, over, undone, reversed (an appeal was won) or lapsed (won by silence).",
        examples=["in_force"],
    )
    union_id: UUID | None
    member_id: UUID | None
    picture: str | None
    about_me: bool
    appeal: AppealView | None
    decision: RulingView | None
    undoing: RulingView | None


def act_view(
    act: OperatorAct,
    now: datetime,
    reader_id: UUID | None,
    *,
    sees_all: bool,
    sees_member: bool = False,
    in_union: UUID | None = None,
) -> OperatorActView:
    """As this reader sees it."""
    about_me = reader_id is not None and reader_id == act.concerned_id
    is_told = sees_all or about_me
    appeal = act.appeal
    own_appeal = appeal is not None and appeal.member_id == reader_id
    return OperatorActView(
        id=act.id,
        power=act.power.value,
        operator=OperatorNamed(id=act.operator_id, handle=act.operator_handle),
        ground=act.ground,
        made_at=act.made_at,
        until=act.until,
        state=act.state_at(now).value,
        union_id=act.union_id if is_told or act.union_id == in_union else None,
        member_id=act.member_id if is_told or sees_member else None,
        picture=act.picture.hex() if act.picture is not None and is_told else None,
        about_me=about_me,
        appeal=appeal
        and AppealView(
            appealed_at=appeal.appealed_at,
            decide_by=appeal.decide_by,
            text=appeal.text if sees_all or own_appeal else None,
        ),
        decision=act.decision and _ruling(act.decision),
        undoing=act.undoing and _ruling(act.undoing),
    )


def _ruling(ruling: Ruling) -> RulingView:
    return RulingView(
        kind=ruling.kind.value,
        operator=OperatorNamed(id=ruling.operator_id, handle=ruling.operator_handle),
        reasons=ruling.reasons,
        ruled_at=ruling.ruled_at,
    )
