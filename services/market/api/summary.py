"""What everybody may see of a union's market: sums and counts, no names."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.membership import UnionOfPath
from chassis.money import MoneyView
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.market.store.agreements import fetch_sums

router = APIRouter(prefix="/v1/unions/{union}/market", tags=["market"], route_class=TransactionRoute)


class MarketSummaryView(BaseModel):
    """Of the calendar month that began at `since` (UTC); running agreements and open offers are of now."""

    union_id: UUID
    since: datetime
    earned: MoneyView
    paid_agreements_count: int
    refunded_agreements_count: int
    running_agreements_count: int
    open_offers_count: int


@router.get("/summary", responses=problem_responses(404, 422, 503))
async def get_market_summary(unit: Unit, union: UnionOfPath) -> MarketSummaryView:
    """What was earned this month in the union, and how many agreements and offers there are."""
    since = unit.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sums = await fetch_sums(unit, union.id, since)
    return MarketSummaryView(
        union_id=union.id,
        since=since,
        earned=union.token.money(sums.earned_minor).view(),
        paid_agreements_count=sums.paid_count,
        refunded_agreements_count=sums.refunded_count,
        running_agreements_count=sums.running_count,
        open_offers_count=sums.open_offers_count,
    )
