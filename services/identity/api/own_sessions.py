"""One's own sessions: seen, and ended from any device."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.store.sessions import sessions_of
from services.identity.use_cases.end_session import end_own_session

router = APIRouter(prefix="/v1/me/sessions", route_class=TransactionRoute, tags=["members"])


class OwnSessionView(BaseModel):
    """A session of mine that goes on."""

    id: UUID
    is_this: bool = Field(description="Whether it is the one that asks.")
    device_key_id: str
    device_name: str
    key_kind: str = Field(
        description="Of the key that began it: wallet, contract_wallet or passkey.", examples=["passkey"]
    )
    began_at: datetime
    last_seen_at: datetime = Field(description="When it began or was last refreshed.")
    expires_at: datetime


@router.get("", responses=problem_responses(400, 401, 422, 503))
async def get_my_sessions(unit: Unit, claims: SignedIn, page: Paging) -> Page[OwnSessionView]:
    """Those that go on, in the order of their beginning."""
    rows = await sessions_of(unit, claims.member_id, page.after_id, page.limit)
    return page.page_by_id(
        rows,
        lambda session: OwnSessionView(
            id=session.id,
            is_this=session.id == claims.session_id,
            device_key_id=session.device_key_id,
            device_name=session.device_name,
            key_kind=session.key_kind,
            began_at=session.began_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
        ),
        lambda session: session.id,
    )


@router.delete("/{session}", status_code=204, responses=problem_responses(400, 401, 404, 422, 503))
async def delete_my_session(session: UUID, unit: Unit, identity: Joined, claims: SignedIn, _: Act) -> None:
    """End it, this one too: a signed act. Within a second nobody takes its tokens."""
    identity.wake_revocations_after(unit)
    await end_own_session(unit, session, claims.member_id)
