"""Businesses, their owners, posts and resolutions as they are shown and sent."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from chassis.fields import LINE_PATTERN
from chassis.money import Asset, MoneyBody, MoneyView
from chassis.rights.grants import BusinessRight
from services.identity.api.fields import MemberNamed
from services.identity.api.memberships import MemberName
from services.identity.businesses.domain.business import HireRights
from services.identity.businesses.domain.errors import BusinessRefused
from services.identity.businesses.domain.resolution import ResolutionKind
from services.identity.businesses.domain.shares import ShareChange
from services.identity.businesses.store.businesses import ListedBusiness
from services.identity.businesses.store.posts import RegisteredPost
from services.identity.businesses.store.shares import Owner
from services.identity.businesses.use_cases.pass_resolution import Counted
from services.identity.businesses.use_cases.read_business import Seen

SHARES_MAX = 2**62
BusinessOfPath = Annotated[UUID, Path(description="The business' id.")]
BusinessName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=LINE_PATTERN),
    Field(description="One line; no two open businesses of a union share one.", examples=["Print Shop"]),
]


def _fits(shares: str) -> str:
    if int(shares) > SHARES_MAX:
        raise ValueError("shares are at most 2^62")
    return shares


Shares = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"),
    AfterValidator(_fits),
    Field(description="Whole shares as a string: JavaScript rounds integers above 2^53.", examples=["1000"]),
]
TermSeconds = Annotated[int, Field(strict=True, ge=60, le=2**31 - 1, examples=[31_536_000])]


class BusinessBody(BaseModel):
    """A new business, and how many shares it has for good."""

    model_config = ConfigDict(extra="forbid")

    name: BusinessName
    shares: Shares


class ShareTransferBody(BaseModel):
    """To whom shares go, and how many."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    shares: Shares


class HireRightBody(BaseModel):
    """A right that a hire has: audit, spend."""

    model_config = ConfigDict(extra="forbid")

    right: BusinessRight
    limit: Annotated[
        MoneyBody | None,
        Field(description="Of `spend`, and of it alone: the most that they pay in their term, in all."),
    ] = None


class HireBody(BaseModel):
    """Whom to hire, with which rights, for how long."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed
    rights: Annotated[list[HireRightBody], Field(min_length=1, max_length=len(BusinessRight))]
    term_seconds: TermSeconds


class ResolutionBody(BaseModel):
    """What the owners shall resolve: to appoint a manager for a term, dismiss one, close the business."""

    model_config = ConfigDict(extra="forbid")

    kind: ResolutionKind
    member: Annotated[MemberNamed | None, Field(description="Whom it appoints or dismisses.")] = None
    term_seconds: Annotated[
        TermSeconds | None, Field(description="For how long it appoints; who manages already goes on.")
    ] = None


class BusinessLine(BaseModel):
    """A business in the list. States: active, closed."""

    id: UUID
    name: str
    state: str
    shares: str = Field(description="All that there are.")
    owners_count: int
    my_shares: str
    founded_at: datetime

    @classmethod
    def of(cls, line: ListedBusiness) -> "BusinessLine":
        business = line.business
        return cls(
            id=business.id,
            name=business.name,
            state=business.state.value,
            shares=str(business.shares_count),
            owners_count=line.owners_count,
            my_shares=str(line.own_shares),
            founded_at=business.founded_at,
        )


class BusinessView(BaseModel):
    """A business. `my_rights`: what the reader may in it, without what belongs to shares themselves."""

    id: UUID
    union_id: UUID
    name: str
    state: str
    shares: str = Field(description="All that there are.")
    owners_count: int
    founded_at: datetime
    closed_at: datetime | None
    my_shares: str
    my_rights: list[str]
    manages: bool = Field(description="Whether the reader is one of its managers.")

    @classmethod
    def of(cls, seen: Seen, now: datetime) -> "BusinessView":
        roster, reader = seen.roster, seen.reader_id
        business = roster.business
        return cls(
            id=business.id,
            union_id=business.union_id,
            name=business.name,
            state=business.state.value,
            shares=str(business.shares_count),
            owners_count=len(roster.shares),
            founded_at=business.founded_at,
            closed_at=business.closed_at,
            my_shares="0" if reader is None else str(roster.shares.get(reader, 0)),
            my_rights=[]
            if reader is None
            else sorted({grant.right for grant in roster.grants_of(reader, now)}),
            manages=reader is not None and roster.management(reader, now) is not None,
        )


class OwnerView(BaseModel):
    """`member` is null where the charter does not show names to the reader."""

    member: MemberName | None
    shares: str

    @classmethod
    def of(cls, seen: Seen, owner: Owner) -> "OwnerView":
        named = MemberName(id=owner.member_id, handle=owner.handle, name=owner.name)
        return cls(member=named if seen.shows(owner.member_id) else None, shares=str(owner.shares))


class ShareChangeView(BaseModel):
    """Shares that moved. Ways: founded, transferred, given_up, erased (to the other owners, in proportion).
    `from_id` is null at the founding, `to_id` where they ended with their last owner."""

    id: UUID
    from_id: UUID | None
    to_id: UUID | None
    shares: str
    way: str
    made_at: datetime

    @classmethod
    def of(cls, change: ShareChange) -> "ShareChangeView":
        return cls(
            id=change.id,
            from_id=change.from_id,
            to_id=change.to_id,
            shares=str(change.shares),
            way=change.way.value,
            made_at=change.made_at,
        )


class HireRightView(BaseModel):
    """A right; `limit` of a hire's `spend`."""

    right: str
    limit: MoneyView | None


class PostView(BaseModel):
    """A manager or a hire, from `begins_at` up to `until` or to `ended_at`, which came before.

    `member` is null where the charter does not show names to the reader. A manager may all, without a limit:
    `rights` are a hire's. Why it ended: dismissed, resigned, left, closed, from_above.
    """

    id: UUID
    kind: str = Field(examples=["manager"])
    member: MemberName | None
    rights: list[HireRightView]
    begins_at: datetime
    until: datetime
    ended_at: datetime | None
    why: str | None

    @classmethod
    def of(cls, seen: Seen, line: RegisteredPost) -> "PostView":
        post = line.post
        named = MemberName(id=post.member_id, handle=line.handle, name=line.name)
        return cls(
            id=post.id,
            kind=post.kind.value,
            member=named if seen.shows(post.member_id) else None,
            rights=[
                HireRightView(
                    right=right.value, limit=None if limit is None else seen.token.money(limit).view()
                )
                for right, limit in sorted(post.rights.items())
            ],
            begins_at=post.begins_at,
            until=post.until,
            ended_at=line.ended_at,
            why=line.why,
        )


class ResolutionView(BaseModel):
    """States: open, passed, lapsed. `approving_shares` are those that its approvers have by now, or had when
    it passed: more than half of `shares` pass it."""

    id: UUID
    kind: str
    member_id: UUID | None
    term_seconds: int | None
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    passed_at: datetime | None
    state: str
    approving_shares: str
    shares: str
    approved_by_me: bool

    @classmethod
    def of(cls, counted: Counted, shares_count: int, now: datetime) -> "ResolutionView":
        resolution = counted.resolution
        return cls(
            id=resolution.id,
            kind=resolution.kind.value,
            member_id=resolution.member_id,
            term_seconds=resolution.term_seconds,
            proposed_by=resolution.proposed_by,
            proposed_at=resolution.proposed_at,
            expires_at=resolution.expires_at,
            passed_at=resolution.passed_at,
            state=resolution.state_at(now).value,
            approving_shares=str(counted.shares),
            shares=str(shares_count),
            approved_by_me=counted.approved_by_me,
        )


def hire_rights_sent(body: list[HireRightBody], token: Asset) -> HireRights:
    """Raises BusinessRefused."""
    rights: dict[BusinessRight, int | None] = {}
    for one in body:
        if one.right in rights:
            raise BusinessRefused("each right is named once")
        if one.limit is not None and one.limit.asset != token.symbol:
            raise BusinessRefused(f"a limit is in {token.symbol}")
        rights[one.right] = None if one.limit is None else one.limit.amount_minor()
    return rights
