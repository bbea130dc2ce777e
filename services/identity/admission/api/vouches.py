"""Vouches: members stand for who wants to join."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.admission.store.vouches import ShownVouch
from services.identity.admission.use_cases.vouch import own_vouches, take_back, vouch, vouches_for_member
from services.identity.api.fields import MemberOfPath, UnionOfPath, time_cursor, time_position
from services.identity.api.joined import Joined
from services.identity.api.memberships import MemberName

router = APIRouter(prefix="/v1/unions/{union}/vouches", route_class=TransactionRoute, tags=["admission"])


class MemberVouchView(BaseModel):
    """`member` is the other one: who vouches, or who is vouched for. It is open until it is withdrawn or
    `joined_at` is set. `state` is that of the vouched one's membership: for others it is `active`, where they
    see the list of members, or null."""

    member: MemberName
    vouched_at: datetime
    withdrawn_at: datetime | None
    joined_at: datetime | None
    state: str | None = Field(examples=["active"])


class VouchedView(BaseModel):
    """Whether a membership began by it."""

    has_joined: bool


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_my_vouches(
    union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[MemberVouchView]:
    """For whom one has vouched, and what became of them; the oldest first."""
    rows = await own_vouches(unit, claims.member_id, union, time_position(page), page.limit)
    return _page(page, rows)


@router.get("/{member}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_vouches_for(
    union: UnionOfPath, member: MemberOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[MemberVouchView]:
    """Who has vouched for somebody; for members, and for whom it is about."""
    position = time_position(page)
    rows = await vouches_for_member(unit, claims.member_id, union, member, position, page.limit)
    return _page(page, rows)


@router.put("/{member}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_vouch(
    union: UnionOfPath, member: MemberOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> VouchedView:
    """Vouch for somebody who wants to join; it is shown for ever. A signed act."""
    begun = await vouch(unit, identity.settings, claims.member_id, union, member)
    return VouchedView(has_joined=begun)


@router.delete("/{member}", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_vouch(
    union: UnionOfPath, member: MemberOfPath, unit: Unit, claims: SignedIn, _: Act
) -> None:
    """Take it back, until they have joined. A signed act."""
    await take_back(unit, claims.member_id, union, member)


def _page(page: Paging, rows: Sequence[ShownVouch]) -> Page[MemberVouchView]:
    shown = rows[: page.limit]
    last = shown[-1] if len(rows) > page.limit else None
    return page.page(
        [
            MemberVouchView(
                member=MemberName(id=row.member_id, handle=row.handle, name=row.name),
                vouched_at=row.vouched_at,
                withdrawn_at=row.withdrawn_at,
                joined_at=row.joined_at,
                state=row.state,
            )
            for row in shown
        ],
        None if last is None else time_cursor(last.vouched_at, last.member_id),
    )
