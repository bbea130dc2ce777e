"""The workshop of chapter eleven: weavers pay its rent to the common purse by standing payments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from guildhall.demo.story import Person, Story
from guildhall.demo.transfers import transfer_id

RENT_MINOR = 1_000_000
FIRST_IN_DAYS = 30
MONTHS = 12
ZONE = "Europe/Berlin"
TENANTS_PER_WEAVER = 4
"""One tenant for so many weavers."""


def _tenants(story: Story) -> list[Person]:
    count = max(2, story.scale.weavers // TENANTS_PER_WEAVER)
    return story.seed.stream("workshop", story.season).sample(story.people[1:], count)


async def rent_workshop(story: Story) -> Table:
    """Each tenant fixes a year's rent ahead by one signed act; the last one moves out again."""
    tenants = _tenants(story)
    first_at = _noted_first(story)
    places = range(len(tenants))
    await story.each("fix the rent ahead", places, lambda place: _fix(story, tenants[place], place, first_at))
    last = len(tenants) - 1
    path = f"{story.union_path}/schedules/{_schedule_id(story, last)}"
    await story.act(tenants[last], f"moveout/{story.season}", "DELETE", path, keep=("id", "state"))
    told = [
        await story.read(tenants[place], f"{story.union_path}/schedules/{_schedule_id(story, place)}")
        for place in places
    ]
    return _shown(told)


async def _fix(story: Story, tenant: Person, place: int, first_at: str) -> None:
    body = {
        "payee": "treasury",
        "amount": story.money(RENT_MINOR),
        "first_at": first_at,
        "every": "month",
        "zone": ZONE,
        "times": MONTHS,
        "memo": "Rent of the workshop",
    }
    path = f"{story.union_path}/schedules/{_schedule_id(story, place)}"
    await story.act(tenant, f"standing/{story.season}/{place}", "PUT", path, body)


def _schedule_id(story: Story, place: int) -> str:
    return transfer_id(story, "rent of the workshop", story.season, place)


def _noted_first(story: Story) -> str:
    """When the season's first rent is due: noted before any is sent, so that who asks again asks the same."""
    name = f"standing/{story.season}"
    if story.record.noted(name) is None:
        story.record.note(name, (datetime.now(UTC) + timedelta(days=FIRST_IN_DAYS)).isoformat())
    return story.record.noted(name)


def _shown(schedules: list[dict[str, Any]]) -> Table:
    table = Table(title=f"Rent of the workshop, fixed for {MONTHS} months", title_justify="left")
    for heading in ("state", "tenants", "each month", "due next"):
        table.add_column(heading, justify="left" if heading == "state" else "right")
    for state in sorted({one["state"] for one in schedules}):
        of_state = [one for one in schedules if one["state"] == state]
        coming = of_state[0]["coming"]
        amount = of_state[0]["amount"]
        rent = f"{amount['text']} {amount['asset']}"
        table.add_row(state, f"{len(of_state):,}", rent, coming[0][:10] if coming else "-")
    return table
