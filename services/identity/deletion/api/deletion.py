"""The end of one's own account: what it does, said beforehand; asked for; taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, FreshAct, SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.deletion.domain.deletion import GOES, STAYS
from services.identity.deletion.store.deletions import HeadedUnion
from services.identity.deletion.use_cases.ask_deletion import ask_deletion
from services.identity.deletion.use_cases.cancel_deletion import cancel_deletion
from services.identity.deletion.use_cases.read_deletion import Prospect, read_deletion
from services.identity.settings import IdentitySettings

router = APIRouter(prefix="/v1/me/deletion", route_class=TransactionRoute, tags=["members"])


class UnionNamedView(BaseModel):
    id: UUID
    slug: str
    name: str


class StaysView(BaseModel):
    """Something that is kept under my id alone, and why. Clients have words for those that they know."""

    what: str = Field(examples=["transfers"])
    why: str = Field(examples=["books_balance"])


class InTheWayView(BaseModel):
    """`founder`: their office, of unions with others in them. `recovery`: one of this account waits."""

    what: str = Field(examples=["founder"])
    unions: list[UnionNamedView]


class DeletionView(BaseModel):
    """What a deletion does, and how one that was asked for stands."""

    state: str = Field(examples=["waiting"], description="none, waiting, leaving or erasing.")
    asked_at: datetime | None
    due_at: datetime | None = Field(description="Until then any key of mine takes it back.")
    delay_seconds: int = Field(description="How long one that is asked for now waits.")
    goes: list[str] = Field(description="What is erased or ended.", examples=[["profile", "handles"]])
    memberships_count: int = Field(description="Unions that I leave.")
    offices_count: int
    stakes_count: int = Field(
        description="Businesses in which I have shares: they fall to the other owners, in proportion; one in "
        "which I am the last closes."
    )
    keys_count: int
    devices_count: int
    ends_with_me: list[UnionNamedView] = Field(description="Unions in which I am the last: they end.")
    stays: list[StaysView]
    handles_kept_until: datetime = Field(
        description="Until then nobody takes my handles, if the deletion is asked for now."
    )
    in_the_way: list[InTheWayView]
    take_out_first: int = Field(
        description="Unions, left ones too, in which I may have money: what is left in an account, nobody "
        "moves any more. `GET /v1/me/memberships` lists them."
    )


@router.get("", responses=problem_responses(401, 503))
async def get_my_deletion(unit: Unit, identity: Joined, claims: SignedIn) -> DeletionView:
    """What goes if I delete my account, what stays and why, and what stands in the way."""
    return _view(await read_deletion(unit, claims.member_id), identity.settings, unit.now)


@router.post("", responses=problem_responses(400, 401, 409, 413, 422, 503))
async def post_my_deletion(unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct) -> DeletionView:
    """Have my account deleted after a delay; a repeat changes nothing. A signed act, with a fresh proof of a
    key."""
    await ask_deletion(unit, identity.settings, claims.member_id)
    return _view(await read_deletion(unit, claims.member_id), identity.settings, unit.now)


@router.delete("", status_code=204, responses=problem_responses(400, 401, 404, 409, 422, 503))
async def delete_my_deletion(unit: Unit, claims: SignedIn, _: Act) -> None:
    """Keep my account after all. A signed act, by any device of mine."""
    await cancel_deletion(unit, claims.member_id)


def _view(prospect: Prospect, settings: IdentitySettings, now: datetime) -> DeletionView:
    deletion, counts = prospect.deletion, prospect.counts
    in_the_way: list[InTheWayView] = []
    if prospect.shared:
        in_the_way.append(InTheWayView(what="founder", unions=_named(prospect.shared)))
    if prospect.recovery_waits:
        in_the_way.append(InTheWayView(what="recovery", unions=[]))
    kept = timedelta(seconds=settings.deletion_delay_seconds + settings.erased_handle_seconds)
    return DeletionView(
        state="none" if deletion is None else deletion.state.value,
        asked_at=None if deletion is None else deletion.asked_at,
        due_at=None if deletion is None else deletion.due_at,
        delay_seconds=settings.deletion_delay_seconds,
        goes=list(GOES),
        memberships_count=counts.living,
        offices_count=counts.offices,
        stakes_count=counts.stakes,
        keys_count=counts.keys,
        devices_count=counts.devices,
        ends_with_me=_named(prospect.alone),
        stays=[StaysView(what=what, why=why) for what, why in STAYS.items()],
        handles_kept_until=now + kept,
        in_the_way=in_the_way,
        take_out_first=counts.memberships,
    )


def _named(unions: Sequence[HeadedUnion]) -> list[UnionNamedView]:
    return [UnionNamedView(id=union.id, slug=union.slug, name=union.name) for union in unions]
