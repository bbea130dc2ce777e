"""What everybody may see of a union's funding: sums and counts, no names."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.membership import UnionOfPath
from chassis.money import MoneyView
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.funding.store.projects import fetch_sums

router = APIRouter(prefix="/v1/unions/{union}/funding", tags=["funding"], route_class=TransactionRoute)


class FundingSummaryView(BaseModel):
    """Of the calendar month that began at `since` (UTC); open projects and what is pledged are of now."""

    union_id: UUID
    since: datetime
    funded: MoneyView
    paid_out_projects_count: int
    refunded_projects_count: int
    open_projects_count: int
    pledged: MoneyView


@router.get("/summary", responses=problem_responses(404, 422, 503))
async def get_funding_summary(unit: Unit, union: UnionOfPath) -> FundingSummaryView:
    """What was funded this month in the union, and how many projects there are."""
    since = unit.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sums = await fetch_sums(unit, union.id, since)
    return FundingSummaryView(
        union_id=union.id,
        since=since,
        funded=union.token.money(sums.funded_minor).view(),
        paid_out_projects_count=sums.paid_out_count,
        refunded_projects_count=sums.refunded_count,
        open_projects_count=sums.open_count,
        pledged=union.token.money(sums.pledged_minor).view(),
    )
