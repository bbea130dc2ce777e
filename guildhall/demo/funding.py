"""Chapters five and seven: ten projects get their pledges; four miss their deadline, six are paid out."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from guildhall.demo.scale import MISSED_COUNT, PAID_OUT_COUNT
from guildhall.demo.story import ActRefused, Person, Story, StoryBroken

UNIT_MINOR = 1_000_000
PLEDGE_UNITS = (1, 15)
LONG_DEADLINE_SECONDS = 30 * 86_400
DEADLINE_MARGIN = timedelta(seconds=2)
SETTLED_PATIENCE_SECONDS = 120
TITLES = (
    "A kiln for the potters",
    "A legal fund",
    "The winter school",
    "A van to share",
    "Health cover for the first year",
    "The archive of our work",
    "A printing press",
    "A house by the sea",
    "A radio station",
    "A tower with a clock",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A project of a season with its pledges."""

    number: int
    owner: Person
    pledges: tuple[tuple[Person, int], ...]
    is_met: bool

    @property
    def target_minor(self) -> int:
        """What the pledges come to, or twice that."""
        pledged = sum(amount for _, amount in self.pledges)
        return pledged if self.is_met else 2 * pledged


def plans_of(story: Story) -> list[Plan]:
    """The season's projects; those that will miss come first, as their deadline is real seconds away."""
    stream = story.seed.stream("funding", story.season)
    owners = stream.sample(story.people, PAID_OUT_COUNT + MISSED_COUNT)
    plans: list[Plan] = []
    for number, owner in enumerate(owners):
        others = [person for person in story.people if person is not owner]
        backers = stream.sample(others, story.scale.pledges_each)
        pledges = tuple((backer, stream.randint(*PLEDGE_UNITS) * UNIT_MINOR) for backer in backers)
        plans.append(Plan(number, owner, pledges, is_met=number >= MISSED_COUNT))
    return plans


async def overreach(story: Story) -> None:
    """Four projects ask for twice what they get; their deadline passes while the story goes on."""
    story.chapter("Four projects that ask too much")
    await _collect(story, "pledge to them", [plan for plan in plans_of(story) if not plan.is_met])


async def fund(story: Story) -> None:
    """All or nothing: what reaches its target is paid out, what misses its deadline is refunded."""
    story.chapter("Six projects that members fund")
    plans = plans_of(story)
    await _collect(story, "pledge to them", [plan for plan in plans if plan.is_met])
    await story.each("pay out six, refund four", plans, lambda plan: _settled(story, plan))


async def _collect(story: Story, title: str, plans: list[Plan]) -> None:
    for plan in plans:
        await _propose(story, plan)
    pledges = [(plan, place) for place in range(story.scale.pledges_each) for plan in plans]
    await story.each(title, pledges, lambda pledge: _pledge(story, *pledge))


def _project_of(story: Story, plan: Plan) -> str:
    """The name of the act that proposes it."""
    return f"project/{story.season}/{plan.number}"


async def _propose(story: Story, plan: Plan) -> None:
    """Its deadline is noted before it is sent, so that who asks again, after a kill too, asks the same."""
    name = _project_of(story, plan)
    seconds = LONG_DEADLINE_SECONDS if plan.is_met else story.scale.deadline_seconds
    while True:
        if story.record.noted(name) is None:
            story.record.note(name, (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat())
        deadline_at: str = story.record.noted(name)
        body = {
            "title": TITLES[plan.number],
            "target": story.money(plan.target_minor),
            "deadline_at": deadline_at,
        }
        try:
            path = f"{story.union_path}/projects"
            await story.act(plan.owner, name, "POST", path, body, signed=False)
        except ActRefused as refused:  # a server that was away for longer than the deadline: another one
            is_ahead = datetime.fromisoformat(deadline_at) - datetime.now(UTC) > DEADLINE_MARGIN
            if refused.problem != "out-of-bounds" or is_ahead:
                raise
            story.record.note(name, None)
        else:
            return


async def _pledge(story: Story, plan: Plan, place: int) -> None:
    backer, amount = plan.pledges[place]
    project = story.record.answer(_project_of(story, plan))["id"]
    debit = story.money(amount) | {"to": f"projects/{project}"}
    await story.act(
        backer,
        f"pledge/{story.season}/{plan.number}/{place}",
        "POST",
        f"{story.union_path}/projects/{project}/pledges",
        {"debit": debit},
        keep=("id", "state"),
        may_refuse=() if plan.is_met else ("project-not-open", "project-deadline-passed"),
    )


async def _settled(story: Story, plan: Plan) -> None:
    project = story.record.answer(_project_of(story, plan))["id"]
    wanted = "paid_out" if plan.is_met else "refunded"
    name = f"{'payout' if plan.is_met else 'missed'}/{story.season}/{plan.number}"
    if name in story.record:
        return
    story.record.begin(name)
    deadline = time.monotonic() + SETTLED_PATIENCE_SECONDS
    shown: dict[str, Any] = {}
    while time.monotonic() < deadline:
        shown = await story.read(plan.owner, f"{story.union_path}/projects/{project}")
        if shown["state"] == wanted:
            story.record.acknowledge(name, {"id": project, "state": wanted, "pledged": shown["pledged"]})
            return
        await asyncio.sleep(0.2)
    raise StoryBroken(f"project {plan.number} is {shown.get('state')}, not {wanted}, after its time: {shown}")
