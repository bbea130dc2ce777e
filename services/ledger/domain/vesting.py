"""Vesting: the founder's share of the genesis becomes theirs over time, in steps known beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ledger.domain.genesis import charter_number

STEPS_COUNT = 48


@dataclass(frozen=True, slots=True)
class VestingStep:
    """`number` from 1; `vested_minor`: what is the founder's once this step is due, with all before."""

    number: int
    due: datetime
    minor: int
    vested_minor: int


@dataclass(frozen=True, slots=True)
class VestingPlan:
    """A share of `total_minor` units that vests from `begin` over `span`, nothing of it before `cliff`."""

    total_minor: int
    begin: datetime
    cliff: timedelta
    span: timedelta

    def steps(self) -> tuple[VestingStep, ...]:
        """All that move something, in order.

        Step k of 48 brings what has vested to floor(total * k / 48); it is due k / 48 of the span after the
        beginning, or with the cliff where that is later. A span of nothing is one step, due at once.
        """
        count = STEPS_COUNT if self.span else 1
        steps: list[VestingStep] = []
        before = 0
        for number in range(1, count + 1):
            vested = self.total_minor * number // count
            due = self.begin + max(self.span * number // count, self.cliff)
            if vested > before:
                steps.append(VestingStep(number, due, vested - before, vested))
            before = vested
        return tuple(steps)

    def vested_at(self, moment: datetime) -> int:
        """Minor units that are the founder's by then."""
        return max((step.vested_minor for step in self.steps() if step.due <= moment), default=0)

    def due_steps(self, vested_minor: int, moment: datetime) -> tuple[VestingStep, ...]:
        """Those whose time has come and which are not released, where `vested_minor` was released before."""
        return tuple(step for step in self.steps() if step.vested_minor > vested_minor and step.due <= moment)

    def next_due(self, vested_minor: int) -> datetime | None:
        """When the first step that is not released is due."""
        return next((step.due for step in self.steps() if step.vested_minor > vested_minor), None)


def vesting_plan(parameters: Mapping[str, object], founder_minor: int, begin: datetime) -> VestingPlan:
    """The plan of a charter for the founder's share. Raises ParameterMissing for what is no number."""
    return VestingPlan(
        founder_minor,
        begin,
        timedelta(seconds=charter_number(parameters, "founder_cliff_seconds", 0)),
        timedelta(seconds=charter_number(parameters, "founder_vesting_seconds", 0)),
    )
