"""Who the operators are, and what they did, for everybody to read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.auth.dependencies import MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import UnionOfPath
from services.identity.operators.api.views import ActOfPath, OperatorActView, act_view
from services.identity.operators.store import acts, operators
from services.identity.operators.use_cases.read_acts import act_of, sees_all, union_acts

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["operators"])


class OperatorView(BaseModel):
    """An operator of this house: named on its machine, by nobody through the interface."""

    id: UUID
    handle: str
    since: datetime


@router.get("/operators", responses=problem_responses(400, 401, 422, 503))
async def get_operators(unit: Unit, page: Paging) -> Page[OperatorView]:
    """Who the operators are."""
    rows = await operators.list_operators(unit, page.after_id, page.limit)
    return page.page_by_id(
        rows,
        lambda row: OperatorView(id=row.member_id, handle=row.handle, since=row.since),
        lambda row: row.member_id,
    )


@router.get("/operator-acts", responses=problem_responses(400, 401, 422, 503))
async def get_operator_acts(unit: Unit, page: Paging, reader: MaybeSignedIn) -> Page[OperatorActView]:
    """What the operators did, the newest first: everybody reads what, when, why, and by whom."""
    reader_id = None if reader is None else reader.member_id
    is_told = await sees_all(unit, reader_id)
    rows = await acts.list_acts(unit, page.after_id, page.limit)
    return page.page_by_id(
        rows, lambda row: act_view(row, unit.now, reader_id, sees_all=is_told), lambda row: row.id
    )


@router.get("/operator-acts/{act}", responses=problem_responses(401, 404, 422, 503))
async def get_operator_act(act: ActOfPath, unit: Unit, reader: MaybeSignedIn) -> OperatorActView:
    """One act of an operator, with what became of it."""
    reader_id = None if reader is None else reader.member_id
    found = await act_of(unit, act)
    return act_view(found, unit.now, reader_id, sees_all=await sees_all(unit, reader_id))


@router.get("/me/operator-acts", responses=problem_responses(400, 401, 422, 503))
async def get_my_operator_acts(unit: Unit, claims: SignedIn, page: Paging) -> Page[OperatorActView]:
    """What operators did about me, or a union whose founder's office I hold, the newest first."""
    rows = await acts.list_about_member(unit, claims.member_id, page.after_id, page.limit)
    return page.page_by_id(
        rows, lambda row: act_view(row, unit.now, claims.member_id, sees_all=False), lambda row: row.id
    )


@router.get("/unions/{union}/operator-acts", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_union_operator_acts(
    union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[OperatorActView]:
    """What operators did about the union, or about who was a member of it then, the newest first: for its
    members."""
    rows, union_id, names_shown = await union_acts(unit, claims.member_id, union, page.after_id, page.limit)
    return page.page_by_id(
        rows,
        lambda row: act_view(
            row, unit.now, claims.member_id, sees_all=False, sees_member=names_shown, in_union=union_id
        ),
        lambda row: row.id,
    )
