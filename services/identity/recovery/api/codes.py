"""One's one-time codes: made, shown this once, and counted."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from chassis.auth.dependencies import FreshAct, SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit, keep_no_answer
from services.identity.api.joined import Joined
from services.identity.recovery.store.codes import codes_left
from services.identity.recovery.use_cases.make_codes import make_codes

router = APIRouter(prefix="/v1/me/recovery-codes", route_class=TransactionRoute, tags=["recovery"])


class CodesView(BaseModel):
    """How many of my codes are good."""

    left_count: int
    made_at: datetime | None


class NewCodesView(CodesView):
    codes: list[str] = Field(
        description="Shown this once: only hashes are kept.", examples=[["K7QX2-MFA9T-DW3HJ-L5RZQ-B6C4N-X"]]
    )


@router.get("", responses=problem_responses(401, 503))
async def get_my_codes(unit: Unit, claims: SignedIn) -> CodesView:
    """How many are left."""
    left_count, made_at = await codes_left(unit, claims.member_id)
    return CodesView(left_count=left_count, made_at=made_at)


@router.post("", status_code=201, responses=problem_responses(400, 401, 409, 422, 503))
async def post_my_codes(
    request: Request, response: Response, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> NewCodesView:
    """Make new ones; those before are good no more. A signed act, with a fresh proof of a key."""
    keep_no_answer(request)
    codes = await make_codes(unit, claims.member_id, identity.random_bytes, identity.codes_key)
    response.headers["Cache-Control"] = "no-store"
    return NewCodesView(left_count=len(codes), made_at=unit.now, codes=list(codes))
