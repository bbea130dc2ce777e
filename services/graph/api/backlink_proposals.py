"""Backlinks that were proposed to me, and confirming them."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import Limits, WakingUnit
from services.graph.domain.charter import backlinks_cap
from services.graph.store.proposals import proposals_of
from services.graph.use_cases.confirm_proposals import confirm_proposals

router = APIRouter(
    prefix="/v1/unions/{union}/backlink-proposals", route_class=TransactionRoute, tags=["backlink proposals"]
)


class ProposalView(BaseModel):
    """A leader whom the founder says I follow; it counts nowhere until I confirm it."""

    leader_id: UUID
    import_id: UUID
    expires_at: datetime


class ConfirmationBody(BaseModel):
    """The leaders whom I back by this: the signature covers each of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leaders: list[UUID] = Field(min_length=1, max_length=1_000)


class ConfirmationView(BaseModel):
    """What the confirmation did; leaders who have left meanwhile are told, not backed."""

    version: int = Field(description="The union's graph version that has it all.")
    confirmed_count: int
    already_backed: list[UUID]
    no_members: list[UUID]


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def list_proposals(unit: Unit, supporter: ActiveMember, paging: Paging) -> Page[ProposalView]:
    """What is proposed to me and not yet gone, in the order of leaders' ids."""
    listed = await proposals_of(
        await unit.raw(),
        supporter.union.id,
        supporter.member_id,
        now=unit.now,
        after_leader_id=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(
        listed,
        lambda it: ProposalView(leader_id=it.leader_id, import_id=it.import_id, expires_at=it.expires_at),
        lambda last: last.leader_id,
    )


@router.post("/confirmation", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def post_confirmation(
    unit: WakingUnit, supporter: ActiveMember, _: Act, body: ConfirmationBody, limits: Limits
) -> ConfirmationView:
    """Back all leaders named, in one signed act; the rest of the proposals stay as they are."""
    cap = backlinks_cap(supporter.union.parameters, limits.backlinks_per_supporter_max_count)
    done = await confirm_proposals(unit, supporter, body.leaders, cap)
    return ConfirmationView(
        version=done.version,
        confirmed_count=done.confirmed_count,
        already_backed=list(done.already_backed),
        no_members=list(done.no_members),
    )
