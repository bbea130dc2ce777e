"""Vesting: exact to the unit, never early, whoever was down."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.vesting import STEPS_COUNT, VestingPlan, vesting_plan

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FOUR_YEARS = VestingPlan(1_000_000, BEGIN, 360 * DAY, 1_440 * DAY)


@st.composite
def plans(draw: st.DrawFn) -> VestingPlan:
    span = draw(st.integers(0, 315_360_000))
    cliff = draw(st.integers(0, span))
    total = draw(st.integers(0, 2**62))
    return VestingPlan(total, BEGIN, timedelta(seconds=cliff), timedelta(seconds=span))


@given(plans())
def test_the_steps_are_the_share_to_the_unit_in_the_order_of_their_time(plan: VestingPlan) -> None:
    steps = plan.steps()
    assert sum(step.minor for step in steps) == plan.total_minor
    assert len(steps) <= STEPS_COUNT and all(step.minor > 0 for step in steps)
    assert [step.due for step in steps] == sorted(step.due for step in steps)
    if plan.total_minor >= STEPS_COUNT and plan.span:
        even = plan.total_minor / STEPS_COUNT
        assert all(abs(step.minor - even) <= 1 + even * 1e-9 for step in steps)


@given(plans(), st.lists(st.integers(0, 400_000_000), max_size=6))
def test_whenever_it_is_looked_at_what_is_released_is_what_the_plan_says(
    plan: VestingPlan, looks: list[int]
) -> None:
    released = 0
    for seconds in sorted(looks):
        moment = BEGIN + timedelta(seconds=seconds)
        released += sum(step.minor for step in plan.due_steps(released, moment))
        assert released == plan.vested_at(moment)
        following = plan.next_due(released)
        assert following is None or following > moment
        if moment >= BEGIN + plan.span:
            assert released == plan.total_minor and following is None
        if moment < BEGIN + plan.cliff:
            assert released == 0


def test_nothing_is_the_founders_before_the_cliff_and_then_all_that_had_passed() -> None:
    cliff = BEGIN + 360 * DAY
    assert FOUR_YEARS.vested_at(cliff - timedelta(microseconds=1)) == 0
    assert FOUR_YEARS.vested_at(cliff) == 250_000
    assert len(FOUR_YEARS.due_steps(0, cliff)) == 12
    assert FOUR_YEARS.next_due(250_000) == BEGIN + 390 * DAY


def test_a_charter_that_says_nothing_vests_at_once() -> None:
    plan = vesting_plan({}, 500, BEGIN)
    assert [(step.due, step.minor) for step in plan.steps()] == [(BEGIN, 500)]
