"""What everybody may see of a supply: the plan that was published, and what came of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.membership import UnionOfPath
from chassis.money import MINOR_MAX, MoneyView
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.domain.supply import SupplyPolicy
from services.ledger.use_cases.read_supply import SupplyChange, SupplyLook, read_supply, supply_changes

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class GenesisView(BaseModel):
    """How the charter split what was issued at the founding."""

    treasury: MoneyView
    founder: MoneyView
    early_members: MoneyView


class VestingView(BaseModel):
    """How far the founder's share has become theirs: what the plan says by now, and what was released."""

    cliff_seconds: int
    vesting_seconds: int
    planned: MoneyView = Field(description="What should have been released by now.")
    released: MoneyView
    locked: MoneyView
    next_due: datetime | None


class GrantsView(BaseModel):
    """The joining grants: what the next member is given, and what is left for it."""

    given_a_day_count: int = Field(description="Members who were given a day whose budget pays, so far.")
    next: MoneyView
    halves_every: int = Field(description="After so many grants the next ones are half as large; 0: never.")
    per_day_count: int = Field(description="So many are paid on one day.")
    left: MoneyView = Field(description="In the early members' pool, from which they are paid first.")


class SupplyView(BaseModel):
    """The union's supply."""

    policy: SupplyPolicy
    genesis: MoneyView
    issued: MoneyView = Field(description="Since then, each by a decision.")
    burned: MoneyView
    now: MoneyView = Field(description="Genesis and issued, without burned: the sum of all accounts.")
    limit: MoneyView = Field(description="No more can ever be out.")
    plan: GenesisView
    vesting: VestingView
    grants: GrantsView


class StepView(BaseModel):
    """A step of the founder's vesting, as it was published; `released` says whether it has happened."""

    number: int = Field(examples=[1])
    due: datetime
    amount: MoneyView
    vested: MoneyView = Field(description="With all steps before.")
    released: bool


class ChangeView(BaseModel):
    """What was issued or burnt. Whose burning it was is not told."""

    sequence: int = Field(examples=[4711])
    at: datetime
    code: Annotated[str, Field(examples=["issue"])]
    amount: MoneyView = Field(description="Negative where it was burnt.")
    supply_after: MoneyView
    decision_id: UUID | None


@router.get("/supply", responses=problem_responses(400, 401, 404, 422, 503))
async def get_supply(unit: Unit, union: UnionOfPath) -> SupplyView:
    """The supply: planned at the founding, changed by decisions, burnt; and how the grants go on."""
    look = await read_supply(unit, union)
    money = union.token.money
    vesting, now = look.vesting, unit.now
    return SupplyView(
        policy=look.policy,
        genesis=money(look.genesis_minor).view(),
        issued=money(look.issued_minor).view(),
        burned=money(look.burned_minor).view(),
        now=money(look.supply_minor).view(),
        limit=money(look.limit_minor).view(),
        plan=GenesisView(
            treasury=money(look.split.treasury_minor).view(),
            founder=money(look.split.founder_minor).view(),
            early_members=money(look.split.early_members_minor).view(),
        ),
        vesting=VestingView(
            cliff_seconds=int(vesting.cliff.total_seconds()),
            vesting_seconds=int(vesting.span.total_seconds()),
            planned=money(vesting.vested_at(now)).view(),
            released=money(look.released_minor).view(),
            locked=money(vesting.total_minor - look.released_minor).view(),
            next_due=vesting.next_due(look.released_minor),
        ),
        grants=GrantsView(
            given_a_day_count=look.grants_count,
            next=money(look.formula.minor(look.grants_count + 1)).view(),
            halves_every=look.formula.halves_every,
            per_day_count=look.grants_per_day,
            left=money(look.pool_minor).view(),
        ),
    )


@router.get("/supply/vesting", responses=problem_responses(400, 401, 404, 422, 503))
async def get_vesting(unit: Unit, union: UnionOfPath, paging: Paging) -> Page[StepView]:
    """The published steps beside what was released, in their order."""
    look = await read_supply(unit, union)
    after = 0 if paging.after is None else _place(paging.after)
    steps = [step for step in look.vesting.steps() if step.number > after]
    shown = steps[: paging.limit]
    views = [_step_view(union, look, step.number) for step in shown]
    return paging.page(views, (shown[-1].number,) if len(steps) > len(shown) else None)


@router.get("/supply/changes", responses=problem_responses(400, 401, 404, 422, 503))
async def get_supply_changes(unit: Unit, union: UnionOfPath, paging: Paging) -> Page[ChangeView]:
    """What was issued and burnt, the newest first, back to the genesis."""
    place = None if paging.after is None else _sequence_and_supply(paging.after)
    changes, following = await supply_changes(unit, union, place, paging.limit)
    return paging.page([_change_view(union, change) for change in changes], following)


def _step_view(union: UnionOfPath, look: SupplyLook, number: int) -> StepView:
    step = next(step for step in look.vesting.steps() if step.number == number)
    return StepView(
        number=step.number,
        due=step.due,
        amount=union.token.money(step.minor).view(),
        vested=union.token.money(step.vested_minor).view(),
        released=step.vested_minor <= look.released_minor,
    )


def _change_view(union: UnionOfPath, change: SupplyChange) -> ChangeView:
    return ChangeView(
        sequence=change.sequence,
        at=change.time,
        code=change.code,
        amount=union.token.money(change.amount_minor).view(),
        supply_after=union.token.money(change.supply_after_minor).view(),
        decision_id=change.decision_id,
    )


def _place(after: tuple[str | int, ...]) -> int:
    (number,) = (int(value) for value in cursor_fields(after, int))
    return number


def _sequence_and_supply(after: tuple[str | int, ...]) -> tuple[int, int]:
    sequence, supply_minor = (int(value) for value in cursor_fields(after, int, int))
    if not 0 < sequence <= MINOR_MAX or not 0 <= supply_minor <= MINOR_MAX:
        raise Problem(CURSOR_INVALID)
    return sequence, supply_minor
