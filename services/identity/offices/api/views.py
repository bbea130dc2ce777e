"""Offices and holdings as they are shown and sent."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.fields import LINE_PATTERN
from chassis.money import Asset, MoneyBody, MoneyView
from chassis.rights.grants import Right
from services.identity.api.memberships import MemberName
from services.identity.offices.domain.errors import OfficeRefused
from services.identity.offices.domain.office import Office, Rights
from services.identity.offices.store.holdings import RegisteredHolding
from services.identity.offices.use_cases.keep_office import office_etag
from services.identity.offices.use_cases.read_offices import Offices

OfficeName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=LINE_PATTERN),
    Field(description="One line.", examples=["Treasurer"]),
]
TermSeconds = Annotated[
    int,
    Field(strict=True, ge=60, le=2**31 - 1, description="How long one holds it.", examples=[31_536_000]),
]
OfficeOfPath = Annotated[UUID, Path(description="The office's id.")]


class RightBody(BaseModel):
    """A right that an office gives: admit, amend, audit, moderate, spend."""

    model_config = ConfigDict(extra="forbid")

    right: Right
    limit: Annotated[
        MoneyBody | None,
        Field(
            description="Of `spend`, and of it alone: the most that one holder pays in their term, in all."
        ),
    ] = None


RightsBody = Annotated[list[RightBody], Field(max_length=len(Right))]


class RightView(BaseModel):
    """A right; `limit` of `spend`."""

    right: str
    limit: MoneyView | None


class OfficeView(BaseModel):
    """An office. `present_rights` are those of its `rights` that every office above it has too."""

    id: UUID
    parent_id: UUID | None = Field(description="The office above; null directly below the founder.")
    name: str
    rights: list[RightView]
    present_rights: list[RightView]
    term_seconds: int
    holders_count: int
    etag: str = Field(description="To be sent as If-Match with a change.")

    @classmethod
    def of(cls, offices: Offices, office: Office, now: datetime) -> "OfficeView":
        tree = offices.tree
        held = [one for one in tree.holdings.values() if one.office_id == office.id]
        return cls(
            id=office.id,
            parent_id=office.parent_id,
            name=office.name,
            rights=rights_view(office.rights, offices.token),
            present_rights=rights_view(tree.rights_of(office.id), offices.token),
            term_seconds=office.term_seconds,
            holders_count=sum(bool(tree.chain(one, now)) for one in held),
            etag=office_etag(office),
        )


class HoldingView(BaseModel):
    """Somebody in an office, from `begins_at` up to `until` or to `ended_at`, which came before.

    `member` is null where the charter does not show names to the reader. Why it ended: ended, resigned, left,
    office_ended, from_above (who appointed them holds the office above no longer).
    """

    id: UUID
    office_id: UUID
    office_name: str
    rights: list[RightView]
    member: MemberName | None
    begins_at: datetime
    until: datetime
    ended_at: datetime | None
    why: str | None

    @classmethod
    def of(cls, offices: Offices, line: RegisteredHolding, reader_id: UUID | None) -> "HoldingView":
        holding = line.holding
        is_shown = offices.names_shown or holding.member_id == reader_id
        return cls(
            id=holding.id,
            office_id=holding.office_id,
            office_name=line.office_name,
            rights=rights_view(line.rights, offices.token),
            member=MemberName(id=holding.member_id, handle=line.handle, name=line.name) if is_shown else None,
            begins_at=holding.begins_at,
            until=holding.until,
            ended_at=line.ended_at,
            why=line.why,
        )


def rights_view(rights: Rights, token: Asset) -> list[RightView]:
    return [
        RightView(right=right.value, limit=None if limit is None else token.money(limit).view())
        for right, limit in sorted(rights.items())
    ]


def rights_sent(body: list[RightBody], token: Asset) -> Rights:
    """Raises OfficeRefused."""
    rights: dict[Right, int | None] = {}
    for one in body:
        if one.right in rights:
            raise OfficeRefused("each right is named once")
        if one.limit is not None and one.limit.asset != token.symbol:
            raise OfficeRefused(f"a limit is in {token.symbol}")
        rights[one.right] = None if one.limit is None else one.limit.amount_minor()
    return rights
