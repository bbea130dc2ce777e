"""Recoveries of one's own account and of one's wards'."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.recovery.api.views import ShownRecoveryView, shown_view
from services.identity.recovery.store.recoveries import recoveries_shown_to
from services.identity.recovery.use_cases.cancel_recovery import cancel_own
from services.identity.recovery.use_cases.vote_on_recovery import vote_on_recovery

router = APIRouter(prefix="/v1/me/recoveries", route_class=TransactionRoute, tags=["recovery"])


class VoteBody(BaseModel):
    """Whether it is my ward who asks: I have heard or seen them say so, and the fingerprint was theirs."""

    model_config = ConfigDict(extra="forbid")

    approves: bool


class VoteView(BaseModel):
    """What it is after the vote."""

    state: str = Field(examples=["waiting"])


@router.get("", responses=problem_responses(400, 401, 422, 503))
async def get_my_recoveries(unit: Unit, claims: SignedIn, page: Paging) -> Page[ShownRecoveryView]:
    """Those that are open, of my account and of those whose guardian I am."""
    rows = await recoveries_shown_to(unit, claims.member_id, page.after_id, page.limit)
    return page.page_by_id(
        rows,
        lambda shown: shown_view(shown, claims.member_id, unit.now),
        lambda shown: shown.recovery.id,
    )


@router.put("/{recovery}/vote", responses=problem_responses(400, 401, 404, 409, 413, 422, 503))
async def put_my_vote(
    recovery: UUID, body: VoteBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> VoteView:
    """Say, as a guardian, whether it is my ward who asks. Once a round. A signed act."""
    identity.wake_revocations_after(unit)
    after = await vote_on_recovery(
        unit, identity.settings, claims.member_id, recovery, approves=body.approves
    )
    return VoteView(state=after.state.value)


@router.delete("/{recovery}", status_code=204, responses=problem_responses(400, 401, 404, 409, 422, 503))
async def delete_my_recovery(recovery: UUID, unit: Unit, identity: Joined, claims: SignedIn, _: Act) -> None:
    """Say that I have lost nothing: it is over, unless my guardians override that. A signed act."""
    await cancel_own(unit, identity.settings, recovery, claims.member_id)
