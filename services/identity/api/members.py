"""One's own profile and memberships, and the profiles of others."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel

from chassis.auth.dependencies import SignedIn
from chassis.files.api import Files
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberOfPath
from services.identity.api.joined import Joined
from services.identity.api.profiles import MemberView, OwnProfileView, ProfileBody
from services.identity.use_cases.edit_profile import edit_profile, profile_etag
from services.identity.use_cases.read_memberships import list_own_memberships
from services.identity.use_cases.read_profile import read_own_profile, read_profile, read_profiles

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])

NAMED_MAX = 100
_ID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

IfMatch = Annotated[
    str | None, Header(alias="if-match", max_length=200, description="The ETag that was read.")
]


class OwnMembershipView(BaseModel):
    """One's membership in one union."""

    union_id: UUID
    slug: str
    name: str
    state: str
    role: str
    charter_version: int
    joined_at: datetime


@router.get("/me", responses=problem_responses(401, 404, 503))
async def get_me(response: Response, unit: Unit, files: Files, claims: SignedIn) -> OwnProfileView:
    """One's own profile, with the ETag that an edit needs."""
    profile = await read_own_profile(unit, claims.member_id)
    response.headers["ETag"] = profile_etag(profile)
    return OwnProfileView.of_own(profile, files, unit.now, claims)


@router.patch("/me", responses=problem_responses(400, 401, 404, 409, 412, 422, 428, 429, 503))
async def patch_me(
    body: ProfileBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    files: Files,
    claims: SignedIn,
    if_match: IfMatch = None,
) -> OwnProfileView:
    """Change what one says of oneself, and who sees it.

    A handle once had, and all that looks like it, is kept for its member.
    """
    profile = await edit_profile(
        unit, identity.settings, identity.looks_key, claims.member_id, body.wanted(), if_match
    )
    response.headers["ETag"] = profile_etag(profile)
    return OwnProfileView.of_own(profile, files, unit.now, claims)


@router.get("/me/memberships", responses=problem_responses(400, 401, 422, 503))
async def get_my_memberships(unit: Unit, claims: SignedIn, page: Paging) -> Page[OwnMembershipView]:
    """The unions that one belongs or belonged to."""
    rows = await list_own_memberships(unit, claims.member_id, page.after_id, page.limit)
    shown = [
        OwnMembershipView(
            union_id=membership.union_id,
            slug=slug,
            name=name,
            state=membership.state.value,
            role=membership.role.value,
            charter_version=membership.charter_version,
            joined_at=membership.joined_at,
        )
        for membership, slug, name in rows[: page.limit]
    ]
    return page.page(shown, (str(shown[-1].union_id),) if len(rows) > page.limit else None)


@router.get("/members", responses=problem_responses(400, 401, 422, 503))
async def list_named_members(
    unit: Unit,
    files: Files,
    claims: SignedIn,
    ids: Annotated[
        str,
        Query(
            description=f"Up to {NAMED_MAX} ids, separated by commas: what other answers call members by.",
            max_length=NAMED_MAX * 37,
            pattern=rf"^{_ID}(?:,{_ID})*$",
            examples=["01987a5e-7b1c-7d52-9a3f-2f60b0d5c111"],
        ),
    ],
) -> Page[MemberView]:
    """These members as they show themselves to me, in the order of ids; who is not there is left out."""
    profiles = await read_profiles(unit, claims.member_id, [UUID(each) for each in ids.split(",")])
    return Page(items=[MemberView.of(profile, files, unit.now) for profile in profiles], next_cursor=None)


@router.get("/members/{member}", responses=problem_responses(401, 404, 422, 503))
async def get_member(
    member: MemberOfPath, response: Response, unit: Unit, files: Files, claims: SignedIn
) -> MemberView:
    """A member by id, handle or former handle, as they show themselves to me.

    `Content-Location` names them by the present handle.
    """
    profile = await read_profile(unit, claims.member_id, member)
    response.headers["Content-Location"] = f"/v1/members/{profile.handle}"
    return MemberView.of(profile, files, unit.now)
