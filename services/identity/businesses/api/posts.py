"""Who manages a business and who is hired by it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from chassis.auth.dependencies import Act, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.businesses.api.views import BusinessOfPath, HireBody, PostView, hire_rights_sent
from services.identity.businesses.store.posts import RegisteredPost
from services.identity.businesses.use_cases.keep_hire import end_post, hire_member
from services.identity.businesses.use_cases.read_business import read_business, read_posts

router = APIRouter(
    prefix="/v1/unions/{union}/businesses/{business}", route_class=TransactionRoute, tags=["businesses"]
)


@router.get("/posts", responses=problem_responses(400, 401, 404, 422, 503))
async def get_posts(
    union: UnionOfPath,
    business: BusinessOfPath,
    unit: Unit,
    claims: MaybeSignedIn,
    page: Paging,
    held: Annotated[bool, Query(description="Only those that have neither ended nor are over.")] = False,
) -> Page[PostView]:
    """Its managers and hires, the newest first, past ones too; names as the charter says."""
    seen = await read_business(unit, union, business, None if claims is None else claims.member_id)
    rows = await read_posts(unit, seen, page.after_id, page.limit, open_only=held)
    return page.page_by_id(rows, lambda line: PostView.of(seen, line), lambda line: line.post.id)


@router.post("/hires", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_hire(
    union: UnionOfPath,
    business: BusinessOfPath,
    body: HireBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> PostView:
    """Hire a member, with rights, for a term or as long as I manage. They are told.

    A signed act of a manager.
    """
    seen = await read_business(unit, union, business, claims.member_id)
    rights = hire_rights_sent(body.rights, seen.token)
    post, profile = await hire_member(
        unit, identity.settings, claims.member_id, union, business, body.member, rights, body.term_seconds
    )
    line = RegisteredPost(post, profile.handle, profile.name, None, None)
    return PostView.of(seen, line)


@router.delete(
    "/posts/{post}", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503)
)
async def delete_post(
    union: UnionOfPath,
    business: BusinessOfPath,
    post: Annotated[UUID, Path(description="The post's id.")],
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> None:
    """Dismiss a hire, as a manager, or resign; whom a manager hired goes with them. A signed act."""
    identity.wake_revocations_after(unit)
    await end_post(unit, identity.settings, claims.member_id, union, business, post)
