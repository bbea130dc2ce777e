"""One's own profile and memberships, and the profiles of others."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import SignedIn
from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberOfPath
from services.identity.api.joined import Joined
from services.identity.domain.profile import Profile, ProfileEdit
from services.identity.use_cases.edit_profile import edit_profile, profile_etag
from services.identity.use_cases.read_memberships import list_own_memberships
from services.identity.use_cases.read_profile import read_own_profile, read_profile, read_profiles

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])

NAMED_MAX = 100
_ID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

IfMatch = Annotated[
    str | None, Header(alias="if-match", max_length=200, description="The ETag that was read.")
]


class MemberView(BaseModel):
    """A member as others see them."""

    id: UUID
    handle: str = Field(examples=["ada"])
    name: str = Field(examples=["Ada Lima"])
    bio: str


class OwnProfileView(MemberView):
    """A member as they see themselves."""

    version: int = Field(ge=1)
    session_id: UUID
    device_key_id: str


class ProfileBody(BaseModel):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str | None, Field(max_length=30, pattern=LINE_PATTERN, examples=["ada"])] = None
    name: Annotated[str, StringConstraints(max_length=80, pattern=LINE_PATTERN)] | None = None
    bio: Annotated[str, StringConstraints(max_length=2_000, pattern=TEXT_PATTERN)] | None = None


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
async def get_me(response: Response, unit: Unit, claims: SignedIn) -> OwnProfileView:
    """One's own profile, with the ETag that an edit needs."""
    profile = await read_own_profile(unit, claims.member_id)
    response.headers["ETag"] = profile_etag(profile)
    return _own_view(profile, claims.session_id, claims.device_key_id)


@router.patch("/me", responses=problem_responses(400, 401, 404, 409, 412, 422, 428, 429, 503))
async def patch_me(
    body: ProfileBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    if_match: IfMatch = None,
) -> OwnProfileView:
    """Change handle, name or bio; a handle once had, and all that looks like it, is kept for its member."""
    wanted = ProfileEdit(handle=body.handle, name=body.name, bio=body.bio)
    profile = await edit_profile(unit, identity.settings, claims.member_id, wanted, if_match)
    response.headers["ETag"] = profile_etag(profile)
    return _own_view(profile, claims.session_id, claims.device_key_id)


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
    _: SignedIn,
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
    """These members, in the order of ids; who is not there is left out."""
    profiles = await read_profiles(unit, [UUID(each) for each in ids.split(",")])
    return Page(items=[_view(profile) for profile in profiles], next_cursor=None)


@router.get("/members/{member}", responses=problem_responses(401, 404, 422, 503))
async def get_member(member: MemberOfPath, response: Response, unit: Unit, _: SignedIn) -> MemberView:
    """A member by id, handle or former handle; `Content-Location` names them by the present one."""
    profile = await read_profile(unit, member)
    response.headers["Content-Location"] = f"/v1/members/{profile.handle}"
    return _view(profile)


def _view(profile: Profile) -> MemberView:
    return MemberView(id=profile.member_id, handle=profile.handle, name=profile.name, bio=profile.bio)


def _own_view(profile: Profile, session_id: UUID, device_key_id: str) -> OwnProfileView:
    return OwnProfileView(
        id=profile.member_id,
        handle=profile.handle,
        name=profile.name,
        bio=profile.bio,
        version=profile.version,
        session_id=session_id,
        device_key_id=device_key_id,
    )
