"""The cloth club of chapter eleven: members let a maker take each month's money from them, within a cap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from guildhall.demo.story import Person, Story
from guildhall.demo.tables import by_state
from guildhall.demo.transfers import DONE, OUT_OF_FUNDS, post, transfer, transfer_id

UNIT_MINOR = 1_000_000
MONTH_MINOR = 2 * UNIT_MINOR
CAP_MINOR = 3 * UNIT_MINOR
CAP_DAYS = 30
CLUB_DAYS = 365


@dataclass(frozen=True, slots=True)
class Club:
    """A maker of a season and who is supplied; the first is the founder, the last one changes their mind."""

    maker: Person
    members: tuple[Person, ...]
    mandate_ids: tuple[str, ...]


def club_of(story: Story) -> Club:
    stream = story.seed.stream("cloth club", story.season)
    maker, *others = stream.sample(story.people[1:], story.scale.weavers)
    members = (story.founder, *others)
    ids = (transfer_id(story, "mandate", story.season, number) for number in range(len(members)))
    return Club(maker, members, tuple(ids))


async def supply(story: Story) -> Table:
    """Mandates, a month's money in one signed act of the maker, and two tries that are refused."""
    club = club_of(story)
    places = range(len(club.members))
    expires_at = _noted_end(story)
    await story.each("give a mandate", places, lambda place: _give(story, club, place, expires_at))
    month = [_take(story, club, place, "month") for place in places]
    taken = await post(story, club.maker, f"month/{story.season}", month, may_refuse=(OUT_OF_FUNDS,))
    paid_count = sum(result in DONE for result in taken)
    story.console.print(
        f"  {paid_count:,} of {len(month):,} paid {club.maker.name} for the month, signed once"
    )
    await _revoke(story, club)
    tries = [_take(story, club, place, "again") for place in (0, places[-1])]
    refusals = ("mandate_exceeded", "mandate_missing", OUT_OF_FUNDS)
    results = await post(story, club.maker, f"again/{story.season}", tries, may_refuse=refusals)
    for member, result in zip((club.members[0], club.members[-1]), results, strict=True):
        if result not in DONE:
            story.refused.append(f"again/{story.season} from {member.name}: {result}")
    return await _told(story, club)


def _noted_end(story: Story) -> str:
    """When the season's mandates end: noted before any is sent, so that who asks again asks the same."""
    name = f"mandate/{story.season}"
    if story.record.noted(name) is None:
        story.record.note(name, (datetime.now(UTC) + timedelta(days=CLUB_DAYS)).isoformat())
    return story.record.noted(name)


async def _give(story: Story, club: Club, place: int, expires_at: str) -> None:
    body = {
        "payee_id": club.maker.member_id,
        "cap": story.money(CAP_MINOR),
        "renews_every_days": CAP_DAYS,
        "expires_at": expires_at,
    }
    path = f"{story.union_path}/mandates/{club.mandate_ids[place]}"
    await story.act(club.members[place], f"mandate/{story.season}/{place}", "PUT", path, body)


def _take(story: Story, club: Club, place: int, why: str) -> dict[str, Any]:
    return transfer(
        story,
        transfer_id(story, f"cloth of the {why}", story.season, place),
        club.members[place],
        club.maker,
        MONTH_MINOR,
        "mandate_pay",
        mandate_id=club.mandate_ids[place],
        memo="Cloth of the month",
    )


async def _revoke(story: Story, club: Club) -> None:
    path = f"{story.union_path}/mandates/{club.mandate_ids[-1]}"
    await story.act(club.members[-1], f"revoke/{story.season}", "DELETE", path, keep=("id", "state"))


async def _told(story: Story, club: Club) -> Table:
    received = await story.read_all(club.maker, f"{story.union_path}/mandates?side=received")
    mandates = [mandate for mandate in received if mandate["id"] in club.mandate_ids]
    name = f"club/{story.season}"
    if name not in story.record:
        kept = {one["id"]: {"state": one["state"], "left": one["left"]["minor"]} for one in mandates}
        story.record.begin(name)
        story.record.acknowledge(name, {"mandates": kept})
    title = f"The cloth club of {club.maker.name}, caps of {CAP_DAYS} days"
    return by_state(title, "mandates", ("cap", "left"), mandates)
