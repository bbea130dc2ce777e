"""The businesses of a union, and the shares of their owners."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.auth.dependencies import Act, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.businesses.api.views import (
    BusinessBody,
    BusinessLine,
    BusinessOfPath,
    BusinessView,
    OwnerView,
    ShareChangeView,
    ShareTransferBody,
)
from services.identity.businesses.use_cases.found_business import found_business
from services.identity.businesses.use_cases.give_up_shares import give_up_shares
from services.identity.businesses.use_cases.read_business import (
    read_business,
    read_businesses,
    read_owners,
    read_share_changes,
)
from services.identity.businesses.use_cases.transfer_shares import transfer_shares

router = APIRouter(prefix="/v1/unions/{union}/businesses", route_class=TransactionRoute, tags=["businesses"])
OWNERS_SHOWN_MAX = 10_000
"""More owners than a setting allows: where a cursor is none of ours."""


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_businesses(
    union: UnionOfPath,
    unit: Unit,
    claims: MaybeSignedIn,
    page: Paging,
    mine: Annotated[bool, Query(description="Only those in which I have shares or a post.")] = False,
) -> Page[BusinessLine]:
    """The businesses, closed ones too, in the order in which they were founded: for everybody."""
    reader_id = None if claims is None else claims.member_id
    rows = await read_businesses(unit, union, reader_id, page.after_id, page.limit, own_only=mine)
    return page.page_by_id(rows, BusinessLine.of, lambda line: line.business.id)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_business(
    union: UnionOfPath,
    body: BusinessBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
    response: Response,
) -> BusinessView:
    """Found a business: all its shares are mine. A signed act of an active member."""
    business = await found_business(
        unit, identity.settings, claims.member_id, union, body.name, int(body.shares)
    )
    response.headers["Location"] = f"/v1/unions/{business.union_id}/businesses/{business.id}"
    return BusinessView.of(await read_business(unit, union, business.id, claims.member_id), unit.now)


@router.get("/{business}", responses=problem_responses(400, 401, 404, 422, 503))
async def get_business(
    union: UnionOfPath, business: BusinessOfPath, unit: Unit, claims: MaybeSignedIn
) -> BusinessView:
    """One business, for everybody; with what I may in it."""
    reader_id = None if claims is None else claims.member_id
    return BusinessView.of(await read_business(unit, union, business, reader_id), unit.now)


@router.get("/{business}/owners", responses=problem_responses(400, 401, 404, 422, 503))
async def get_owners(
    union: UnionOfPath, business: BusinessOfPath, unit: Unit, claims: MaybeSignedIn, page: Paging
) -> Page[OwnerView]:
    """Who has how many of its shares; names as the charter says. A page goes on by place: it names nobody."""
    seen = await read_business(unit, union, business, None if claims is None else claims.member_id)
    place = _place(page)
    rows = await read_owners(unit, seen, place, page.limit)
    shown = [OwnerView.of(seen, owner) for owner in rows[: page.limit]]
    return page.page(shown, (place + page.limit,) if len(rows) > page.limit else None)


def _place(page: Paging) -> int:
    """How many owners come before the page; Problem 400 for another list's cursor."""
    if page.after is None:
        return 0
    (place,) = cursor_fields(page.after, int)
    if not 0 <= int(place) <= OWNERS_SHOWN_MAX:
        raise Problem(CURSOR_INVALID)
    return int(place)


@router.delete(
    "/{business}/owners/me", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503)
)
async def delete_my_shares(
    union: UnionOfPath, business: BusinessOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> None:
    """Give all my shares up: they fall to the other owners in proportion; without one, the business closes.

    A signed act; I may also after leaving the union.
    """
    identity.wake_revocations_after(unit)
    await give_up_shares(unit, identity.settings, claims.member_id, union, business)


@router.get("/{business}/share-transfers", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_share_transfers(
    union: UnionOfPath, business: BusinessOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[ShareChangeView]:
    """Every move of its shares, the newest first: for its owners, its managers, and who may audit it."""
    seen = await read_business(unit, union, business, claims.member_id)
    rows = await read_share_changes(unit, seen, page.after_id, page.limit)
    return page.page_by_id(rows, ShareChangeView.of, lambda change: change.id)


@router.post(
    "/{business}/share-transfers",
    status_code=201,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def post_share_transfer(
    union: UnionOfPath,
    business: BusinessOfPath,
    body: ShareTransferBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ShareChangeView:
    """Hand shares of mine over to an active member of the union. They are told.

    A signed act; I may also after leaving the union.
    """
    identity.wake_revocations_after(unit)
    change = await transfer_shares(
        unit, identity.settings, claims.member_id, union, business, body.member, int(body.shares)
    )
    return ShareChangeView.of(change)
