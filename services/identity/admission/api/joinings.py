"""How each member came in: by whose invitation, by an application, by whose vouches."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.auth.dependencies import SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.admission.store.joinings import Joining
from services.identity.admission.use_cases.read_joinings import read_joinings
from services.identity.api.fields import UnionOfPath, time_cursor, time_position
from services.identity.api.memberships import MemberName

router = APIRouter(prefix="/v1/unions/{union}/joinings", route_class=TransactionRoute, tags=["admission"])


class JoiningView(BaseModel):
    """`invited_by`: whose invitation it was; `invitation_list`: of which list of people."""

    member: MemberName
    joined_at: datetime
    is_founder: bool
    invited_by: MemberName | None
    invitation_list: UUID | None
    has_applied: bool
    vouches_count: int


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_joinings(union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging) -> Page[JoiningView]:
    """Active members in the order of joining, and who brought them; for who admits."""
    rows = await read_joinings(unit, claims.member_id, union, time_position(page), page.limit)
    shown = rows[: page.limit]
    last = shown[-1] if len(rows) > page.limit else None
    cursor = None if last is None else time_cursor(last.joined_at, last.member_id)
    return page.page([_view(row) for row in shown], cursor)


def _view(row: Joining) -> JoiningView:
    inviter = None
    if row.inviter_id is not None and row.inviter_handle is not None:
        inviter = MemberName(id=row.inviter_id, handle=row.inviter_handle, name=row.inviter_name or "")
    return JoiningView(
        member=MemberName(id=row.member_id, handle=row.handle, name=row.name),
        joined_at=row.joined_at,
        is_founder=row.role == "founder",
        invited_by=inviter,
        invitation_list=row.list_id,
        has_applied=row.has_applied,
        vouches_count=row.vouches_count,
    )
