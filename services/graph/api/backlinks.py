"""Backing a leader, withdrawing, and who backs whom."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, MembershipOfCaller
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import Insider, LeaderOfPath, Limits, WakingUnit
from services.graph.domain.charter import backlinks_cap
from services.graph.store.backlinks import Backlink, backlinks_of_leader, backlinks_of_supporter
from services.graph.use_cases.back_leader import back_leader
from services.graph.use_cases.withdraw_backlink import withdraw_backlink

router = APIRouter(prefix="/v1/unions/{union}", route_class=TransactionRoute, tags=["backlinks"])


class BacklinkView(BaseModel):
    """A backlink: one member's support for one leader. The general topic is ''."""

    supporter_id: UUID
    leader_id: UUID
    topic: str
    state: Literal["active"]
    version: int = Field(description="The union's graph version from which on it holds.", examples=[4711])
    since: datetime

    @classmethod
    def of(cls, backlink: Backlink) -> "BacklinkView":
        return cls(
            supporter_id=backlink.supporter_id,
            leader_id=backlink.leader_id,
            topic=backlink.topic,
            state="active",
            version=backlink.version,
            since=backlink.since,
        )


@router.put("/backlinks/{leader}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_backlink(
    unit: WakingUnit, supporter: ActiveMember, _: Act, leader: LeaderOfPath, limits: Limits
) -> BacklinkView:
    """Back a leader. A signed act; repeating it changes nothing."""
    cap = backlinks_cap(supporter.union.parameters, limits.backlinks_per_supporter_max_count)
    backlink = await back_leader(unit, supporter, leader, cap)
    return BacklinkView.of(backlink)


@router.delete(
    "/backlinks/{leader}", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503)
)
async def delete_backlink(unit: WakingUnit, supporter: MembershipOfCaller, _: Act, leader: UUID) -> None:
    """Withdraw support, and the voice where this leader carries it. A signed act; also for who has left."""
    await withdraw_backlink(unit, supporter, leader)


@router.get("/backlinks", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def list_backlinks(
    unit: Unit,
    caller: Insider,
    paging: Paging,
    leader: Annotated[UUID | None, Query(description="List who backs this leader instead of mine.")] = None,
) -> Page[BacklinkView]:
    """My backlinks, or those to one leader, in the order of ids. Outsiders see counts on the leaders page."""
    after = paging.after_id
    raw = await unit.raw()
    if leader is None:
        listed = await backlinks_of_supporter(raw, caller.union.id, caller.member_id, after, paging.limit + 1)
    else:
        listed = await backlinks_of_leader(raw, caller.union.id, leader, after, paging.limit + 1)
    return paging.page_by_id(
        listed, BacklinkView.of, lambda last: last.leader_id if leader is None else last.supporter_id
    )
