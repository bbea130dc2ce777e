"""One's guardians, and whose guardian one is."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, FreshAct, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.fields import MemberNamed
from services.identity.api.joined import Joined
from services.identity.api.memberships import MemberName
from services.identity.recovery.domain.guardians import GuardianSet
from services.identity.recovery.store.guardians import holding_set, waiting_set, wards_of
from services.identity.recovery.use_cases.name_guardians import (
    dismiss_guardians,
    name_guardians,
    withdraw_change,
)
from services.identity.recovery.use_cases.resign import resign_as_guardian
from services.identity.use_cases.read_profile import read_profiles

router = APIRouter(prefix="/v1/me", route_class=TransactionRoute, tags=["recovery"])

_NAMED_MAX = 100


class GuardianSetView(BaseModel):
    """`threshold` of these decide together; without any, nobody does."""

    threshold: int
    guardians: list[MemberName]
    holds_from: datetime


class GuardiansView(BaseModel):
    """One's guardians by now, and what is to come instead of them."""

    present: GuardianSetView | None
    change: GuardianSetView | None = Field(description="Any key of mine withdraws it until it holds.")


class GuardiansBody(BaseModel):
    """Members who know me, and how many of them have to agree that it is me."""

    model_config = ConfigDict(extra="forbid")

    guardians: list[MemberNamed] = Field(min_length=1, max_length=_NAMED_MAX)
    threshold: int = Field(ge=1, le=_NAMED_MAX, examples=[2])


class WardView(BaseModel):
    """Somebody whose guardian I am."""

    member: MemberName
    threshold: int
    since: datetime


@router.get("/guardians", responses=problem_responses(401, 503))
async def get_my_guardians(unit: Unit, claims: SignedIn) -> GuardiansView:
    """Who may help me back in."""
    return GuardiansView(
        present=await _view(unit, claims.member_id, await holding_set(unit, claims.member_id)),
        change=await _view(unit, claims.member_id, await waiting_set(unit, claims.member_id)),
    )


@router.put("/guardians", responses=problem_responses(400, 401, 409, 413, 422, 503))
async def put_my_guardians(
    body: GuardiansBody, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> GuardiansView:
    """Name my guardians; they hold after a delay. A signed act, with a fresh proof of a key."""
    await name_guardians(unit, identity.settings, claims.member_id, body.guardians, body.threshold)
    return await get_my_guardians(unit, claims)


@router.delete("/guardians", responses=problem_responses(400, 401, 422, 503))
async def delete_my_guardians(unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct) -> GuardiansView:
    """Have none any more, after a delay. A signed act, with a fresh proof of a key."""
    await dismiss_guardians(unit, identity.settings, claims.member_id)
    return await get_my_guardians(unit, claims)


@router.delete("/guardians/change", status_code=204, responses=problem_responses(400, 401, 404, 422, 503))
async def delete_guardians_change(unit: Unit, claims: SignedIn, _: Act) -> None:
    """Leave my guardians as they are. A signed act."""
    await withdraw_change(unit, claims.member_id)


@router.get("/wards", responses=problem_responses(400, 401, 422, 503))
async def get_my_wards(unit: Unit, claims: SignedIn, page: Paging) -> Page[WardView]:
    """Whose guardian I am."""
    rows = await wards_of(unit, claims.member_id, page.after_id, page.limit)
    return page.page_by_id(
        rows,
        lambda ward: WardView(
            member=MemberName(id=ward.member_id, handle=ward.handle, name=ward.name),
            threshold=ward.threshold,
            since=ward.since,
        ),
        lambda ward: ward.member_id,
    )


@router.delete("/wards/{member}", status_code=204, responses=problem_responses(400, 401, 404, 422, 503))
async def delete_my_ward(member: UUID, unit: Unit, claims: SignedIn, _: Act) -> None:
    """Be their guardian no more; they are told. A signed act."""
    await resign_as_guardian(unit, claims.member_id, member)


async def _view(unit: UnitOfWork, reader_id: UUID, found: GuardianSet | None) -> GuardianSetView | None:
    if found is None:
        return None
    profiles = await read_profiles(unit, reader_id, sorted(found.guardians))
    return GuardianSetView(
        threshold=found.threshold,
        guardians=[MemberName(id=each.member_id, handle=each.handle, name=each.name) for each in profiles],
        holds_from=found.holds_from,
    )
