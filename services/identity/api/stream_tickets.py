"""Tickets for live streams, for clients that cannot send a header with them."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.auth.dependencies import SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.use_cases.issue_stream_ticket import issue_stream_ticket

router = APIRouter(prefix="/v1/events", route_class=TransactionRoute, tags=["events"])


class StreamTicketView(BaseModel):
    """A ticket: good once, for some seconds, as long as the session lives."""

    ticket: str = Field(description="For `GET /v1/events?ticket=`; told this once.")
    expires_in_seconds: int = Field(examples=[30])


@router.post("/tickets", status_code=201, responses=problem_responses(401, 503))
async def post_stream_ticket(
    response: Response, unit: Unit, identity: Joined, claims: SignedIn
) -> StreamTicketView:
    """A one-use ticket for a live stream of this session, for EventSource."""
    ticket = await issue_stream_ticket(unit, identity.settings, identity.random_bytes, claims)
    response.headers["Cache-Control"] = "no-store"
    return StreamTicketView(ticket=ticket, expires_in_seconds=identity.settings.stream_ticket_seconds)
