"""Schedules: payments that a member fixes ahead, once or again and again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, Membership, MembershipOfCaller
from chassis.money import MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Settings
from services.ledger.api.fields import AccountReference, Memo
from services.ledger.api.own_lists import own_account, page_by_time, place_by_time
from services.ledger.domain.accounts import member_account_id
from services.ledger.domain.errors import ScheduleNotFound
from services.ledger.domain.schedules import Every, ScheduleStanding
from services.ledger.store.schedules import ScheduleLine, find_schedule, schedules_page
from services.ledger.use_cases.give_schedule import ScheduleDraft, ScheduleLimits, give_schedule
from services.ledger.use_cases.stop_schedule import stop_schedule

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)
SHOWN_AHEAD = 3
AHEAD_MAX = 100
TIMES_MAX = 10_000


class ScheduleBody(BaseModel):
    """What is paid, to whom, when first, and how often."""

    model_config = ConfigDict(extra="forbid")

    payee: AccountReference
    amount: MoneyBody
    first_at: Annotated[AwareDatetime, Field(description="The first one; the others keep its local time.")]
    every: Every
    zone: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            pattern=r"^[A-Za-z0-9_+\-/]+$",
            description="Whose local time is kept, a name of the IANA database.",
            examples=["Europe/Berlin"],
        ),
    ]
    times: Annotated[
        int | None,
        Field(strict=True, ge=1, le=TIMES_MAX, description="So often in all; without it, until stopped."),
    ] = None
    memo: Memo | None = None


class ScheduleView(BaseModel):
    """A schedule and how far it has come. What is refused is not made up for; the next one is tried."""

    id: UUID = Field(description="Chosen by its giver.")
    state: ScheduleStanding
    payee_id: UUID | None = Field(description="The member who is paid; none for the common purse.")
    debit_account: UUID
    credit_account: UUID
    amount: MoneyView
    first_at: datetime
    every: Every
    zone: str
    times: int | None
    memo: str | None
    posted_count: int
    refused_count: int
    coming: list[datetime] = Field(description="When it is due next, the next three times.")
    given_at: datetime
    stopped_at: datetime | None

    @classmethod
    def of(cls, member: Membership, line: ScheduleLine, ahead: int = SHOWN_AHEAD) -> "ScheduleView":
        schedule, progress = line.schedule, line.progress
        standing = progress.standing(schedule)
        is_active = standing is ScheduleStanding.ACTIVE
        return cls(
            id=schedule.id,
            state=standing,
            payee_id=line.payee_id,
            debit_account=schedule.debit_account,
            credit_account=schedule.credit_account,
            amount=member.union.token.money(schedule.amount_minor).view(),
            first_at=schedule.first_at,
            every=schedule.every,
            zone=schedule.zone,
            times=schedule.times,
            memo=line.memo,
            posted_count=progress.posted_count,
            refused_count=progress.refused_count,
            coming=schedule.coming(progress.next_number, ahead) if is_active else [],
            given_at=line.given_at,
            stopped_at=progress.stopped_at,
        )


@router.put("/schedules/{schedule}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_schedule(
    unit: Unit, member: ActiveMember, act: Act, settings: Settings, schedule: UUID, body: ScheduleBody
) -> ScheduleView:
    """Fix payments ahead. A signed act; the same again changes nothing, other terms are refused."""
    draft = ScheduleDraft(
        schedule,
        body.payee,
        body.amount.asset,
        body.amount.amount_minor(),
        body.first_at,
        body.every,
        body.zone,
        body.times,
        body.memo,
    )
    limits = ScheduleLimits(settings.schedules_per_account_max, settings.schedule_days_ahead_max)
    return ScheduleView.of(member, await give_schedule(unit, member, draft, limits, (act.key_id, act.nonce)))


@router.delete("/schedules/{schedule}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_schedule(unit: Unit, member: MembershipOfCaller, _: Act, schedule: UUID) -> ScheduleView:
    """Stop it: what was not due yet is not paid. A signed act; also for those who have left."""
    return ScheduleView.of(member, await stop_schedule(unit, member, schedule))


@router.get("/schedules", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_schedules(unit: Unit, member: MembershipOfCaller, paging: Paging) -> Page[ScheduleView]:
    """My schedules, the newest first."""
    own = await own_account(unit, member)
    if own is None:
        return paging.page([], None)
    place = place_by_time(paging)
    lines = await schedules_page(await unit.raw(), member.union.id, own.number, place, paging.limit + 1)
    return page_by_time(
        paging,
        lines,
        lambda line: ScheduleView.of(member, line),
        lambda line: (line.given_at, line.schedule.id),
    )


@router.get("/schedules/{schedule}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_schedule(
    unit: Unit,
    member: MembershipOfCaller,
    schedule: UUID,
    ahead: Annotated[int, Query(ge=0, le=AHEAD_MAX, description="So many of the next times.")] = SHOWN_AHEAD,
) -> ScheduleView:
    """One of my schedules, with the times that come."""
    own_id = member_account_id(member.union.id, member.member_id)
    line = await find_schedule(await unit.raw(), member.union.id, own_id, schedule)
    if line is None:
        raise ScheduleNotFound(schedule)
    return ScheduleView.of(member, line, ahead)
