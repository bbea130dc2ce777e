"""Memberships and the invitations that lead to them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, FreshAct, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import problem_of, problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.service import Chassis
from services.identity.admission.domain.personal_link import link_of
from services.identity.admission.use_cases.note_opened import note_opened
from services.identity.api.fields import UnionOfPath, time_cursor, time_position
from services.identity.api.joined import ClientAddress, Joined
from services.identity.api.problems import PROBLEMS
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import InvitationNotFound
from services.identity.domain.invitation import CODE_PATTERN
from services.identity.domain.membership import Membership
from services.identity.store.memberships import ListedMember
from services.identity.use_cases.create_invitation import create_invitation
from services.identity.use_cases.join_union import Acceptance, join_union
from services.identity.use_cases.leave_union import leave_union
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.read_invitation import read_invitation
from services.identity.use_cases.read_memberships import (
    find_members,
    find_skilled_members,
    list_members,
    read_membership,
)

router = APIRouter(prefix="/v1/unions/{union}", route_class=TransactionRoute, tags=["memberships"])

InvitationCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
HandlePrefix = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=30,
        pattern=r"^[A-Za-z0-9-]+$",
        description="Only members whose handle begins so, in the order of handles.",
        examples=["ad"],
    ),
]
SkillFilter = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern=r"^[a-z0-9-]+$",
        description="Only members who say, and show to me, that they have this skill.",
        examples=["translation"],
    ),
]
USES_MAX = 2**31 - 1
TRIED = AttemptKind.INVITATION_OF_ADDRESS


class InvitationBody(BaseModel):
    """How many may join by the link, and for how long."""

    model_config = ConfigDict(extra="forbid")

    uses_max: Annotated[int, Field(ge=1, le=USES_MAX, examples=[1])] = 1
    valid_seconds: Annotated[int, Field(ge=1, le=USES_MAX, examples=[604_800])] = 604_800


class InvitationView(BaseModel):
    """A new invitation; its code is told this once. `by_founder`: in the union's name, by who admits."""

    id: UUID
    union_id: UUID
    code: str
    link: str
    by_founder: bool
    uses_max: int
    expires_at: datetime


class MemberName(BaseModel):
    id: UUID
    handle: str
    name: str


class InvitationShown(BaseModel):
    """What the holder of a link sees before joining. `by_founder`: made by who admits."""

    union_id: UUID
    slug: str
    union_name: str
    invited_by: MemberName
    by_founder: bool
    uses_left: int
    expires_at: datetime
    charter_version: int
    charter_hash: str


class MembershipBody(BaseModel):
    """The charter that is accepted, by version and hash; the invitation's code where there is one."""

    model_config = ConfigDict(extra="forbid")

    charter_version: Annotated[int, Field(ge=1, le=USES_MAX)]
    charter_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    invitation: InvitationCode | None = None


class MembershipView(BaseModel):
    """A member in a union. States: active, suspended, left, expelled. Roles: founder, member.

    `by_founder_invitation`: came by an invitation of who admitted then.
    """

    union_id: UUID
    member_id: UUID
    version: int
    state: str
    role: str
    charter_version: int
    by_founder_invitation: bool
    first_joined_at: datetime
    joined_at: datetime
    changed_at: datetime


class ListedMemberView(BaseModel):
    """A line of the member list."""

    member: MemberName
    role: str
    joined_at: datetime


class MemberListView(Page[ListedMemberView]):
    """Members in the order of joining. Who may not see names sees the count and no items."""

    members_count: int = Field(ge=0)
    names_shown: bool


@router.post(
    "/invitations", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def post_invitation(
    union: UnionOfPath,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
    body: InvitationBody | None = None,
) -> InvitationView:
    """Make a link by which others join. A signed act."""
    wanted = body or InvitationBody()
    found, invitation, code = await create_invitation(
        unit,
        identity.settings,
        identity.random_bytes,
        claims.member_id,
        union,
        uses_max=wanted.uses_max,
        valid_seconds=wanted.valid_seconds,
    )
    response.headers["Location"] = f"/v1/unions/{found.slug}/invitations/{code}"
    return InvitationView(
        id=invitation.id,
        union_id=found.id,
        code=code,
        link=link_of(identity.settings.public_url, found.slug, code),
        by_founder=invitation.by_founder,
        uses_max=invitation.uses_max,
        expires_at=invitation.expires_at,
    )


@router.get("/invitations/{code}", responses=problem_responses(401, 404, 409, 422, 429, 503))
async def get_invitation(
    request: Request,
    union: UnionOfPath,
    code: Annotated[str, Path(pattern=CODE_PATTERN)],
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
) -> InvitationShown:
    """What an invitation invites to; whoever has the code may ask."""
    chassis: Chassis = request.app.state.chassis
    if address is not None:
        async with chassis.unit("nobody") as counting:  # a read's own unit writes nothing
            await limit_attempts(counting, identity.settings, TRIED, address)
    found, invitation, inviter = await read_invitation(unit, union, code)
    if invitation.list_id is not None:
        async with chassis.unit("nobody") as noting:
            await note_opened(noting, invitation)
    return InvitationShown(
        union_id=found.id,
        slug=found.slug,
        union_name=found.name,
        invited_by=MemberName(id=inviter.member_id, handle=inviter.handle, name=inviter.name),
        by_founder=invitation.by_founder,
        uses_left=invitation.uses_max - invitation.uses_count,
        expires_at=invitation.expires_at,
        charter_version=found.charter_version,
        charter_hash=found.charter_hash,
    )


@router.post(
    "/memberships",
    status_code=201,
    response_model=MembershipView,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 429, 503),
)
async def post_membership(
    union: UnionOfPath,
    body: MembershipBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    claims: SignedIn,
    _: Act,
) -> MembershipView | Response:
    """Join, accepting the charter in force. A signed act."""
    acceptance = Acceptance(body.charter_version, body.charter_hash, body.invitation)
    if body.invitation is not None:
        await limit_attempts(unit, identity.settings, TRIED, address)
    try:
        membership = await join_union(unit, identity.settings, claims.member_id, union, acceptance)
    except InvitationNotFound as fact:
        # An answer, so that the transaction commits: the code was tried.
        return problem_of(fact, PROBLEMS).response()
    response.headers["Location"] = f"/v1/unions/{membership.union_id}/memberships/me"
    return membership_view(membership)


@router.get("/memberships", responses=problem_responses(400, 401, 404, 422, 503))
async def get_memberships(
    union: UnionOfPath,
    unit: Unit,
    page: Paging,
    claims: MaybeSignedIn,
    handle: HandlePrefix = None,
    skill: SkillFilter = None,
) -> MemberListView:
    """The members: names for whom the charter lets see them, the count for everybody."""
    reader_id = None if claims is None else claims.member_id
    if handle is not None:
        after = None if page.after is None else str(cursor_fields(page.after, str)[0])
        listed = await find_members(unit, union, reader_id, handle, skill, after, page.limit)
    elif skill is not None:
        listed = await find_skilled_members(unit, union, reader_id, skill, page.after_id, page.limit)
    else:
        listed = await list_members(unit, union, reader_id, time_position(page), page.limit)
    shown = listed.members[: page.limit]
    last = shown[-1] if len(listed.members) > page.limit else None
    rows = page.page(
        [
            ListedMemberView(
                member=MemberName(id=row.membership.member_id, handle=row.handle, name=row.name),
                role=row.membership.role.value,
                joined_at=row.membership.joined_at,
            )
            for row in shown
        ],
        None if last is None else _cursor(last, handle, skill),
    )
    return MemberListView(
        items=rows.items,
        next_cursor=rows.next_cursor,
        members_count=listed.active_members,
        names_shown=listed.names_shown,
    )


@router.get("/memberships/me", responses=problem_responses(401, 404, 422, 503))
async def get_my_membership(union: UnionOfPath, unit: Unit, claims: SignedIn) -> MembershipView:
    """One's own membership, whatever its state."""
    _, membership = await read_membership(unit, union, claims.member_id)
    return membership_view(membership)


@router.delete("/memberships/me", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_my_membership(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> MembershipView:
    """Leave; a repeat changes nothing. A signed act, with a fresh proof of a key."""
    identity.wake_revocations_after(unit)
    return membership_view(await leave_union(unit, identity.settings, claims.member_id, union))


def _cursor(last: ListedMember, handle: str | None, skill: str | None) -> tuple[str | int, ...]:
    if handle is not None:
        return (last.handle,)
    if skill is not None:
        return (str(last.membership.member_id),)
    return time_cursor(last.membership.joined_at, last.membership.member_id)


def membership_view(membership: Membership) -> MembershipView:
    return MembershipView(
        union_id=membership.union_id,
        member_id=membership.member_id,
        version=membership.version,
        state=membership.state.value,
        role=membership.role.value,
        charter_version=membership.charter_version,
        by_founder_invitation=membership.by_founder_invitation,
        first_joined_at=membership.first_joined_at,
        joined_at=membership.joined_at,
        changed_at=membership.changed_at,
    )
