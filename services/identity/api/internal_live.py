"""What the gateway asks for its live streams: whose ticket it is, and what a member belongs to."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.auth.dependencies import ServiceCaller
from chassis.route import TransactionRoute, Unit
from events.identity import MembershipState
from services.identity.api.internal import EXCHANGERS, require_service
from services.identity.api.joined import Joined, answer_or_refusal
from services.identity.use_cases.issue_stream_ticket import open_stream
from services.identity.use_cases.publish_state import membership_event
from services.identity.use_cases.read_memberships import list_own_memberships

router = APIRouter(prefix="/internal", route_class=TransactionRoute, tags=["internal"])

MEMBERSHIPS_MAX = 500


class TicketBody(BaseModel):
    """A ticket as the client showed it."""

    ticket: Annotated[str, Field(min_length=1, max_length=64)]


class OpenedStreamView(BaseModel):
    """Whose stream it is; it is to end at `good_until`, as a token of now would."""

    member_id: UUID
    session_id: UUID
    device_key_id: str
    good_until: datetime


class MembershipsView(BaseModel):
    """States of memberships in the order of their unions' ids; `next_after` is null on the last page."""

    items: list[MembershipState]
    next_after: UUID | None


@router.post("/stream-tickets/uses", response_model=OpenedStreamView)
async def post_ticket_use(
    body: TicketBody, unit: Unit, identity: Joined, caller: ServiceCaller
) -> OpenedStreamView | Response:
    """Use a ticket up, for the gateway."""
    require_service(caller, EXCHANGERS)
    opened = await answer_or_refusal(open_stream(unit, identity.settings, body.ticket))
    if isinstance(opened, Response):
        return opened
    return OpenedStreamView(
        member_id=opened.holder.member_id,
        session_id=opened.holder.session_id,
        device_key_id=opened.holder.device_key_id,
        good_until=opened.good_until,
    )


@router.get("/members/{member_id}/memberships")
async def get_memberships_of_member(
    member_id: UUID, unit: Unit, _: ServiceCaller, after: Annotated[UUID | None, Query()] = None
) -> MembershipsView:
    """A member's memberships, whatever their state, as their events say it."""
    rows = await list_own_memberships(unit, member_id, after, MEMBERSHIPS_MAX)
    shown = [membership for membership, _, _ in rows[:MEMBERSHIPS_MAX]]
    return MembershipsView(
        items=[membership_event(membership) for membership in shown],
        next_after=shown[-1].union_id if len(rows) > MEMBERSHIPS_MAX else None,
    )
