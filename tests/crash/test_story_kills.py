"""The embedded process is killed at 30 moments of the story: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import random

import pytest

from tests.crash.killed_house import KilledHouse, killed_house
from tests.crash.moments import Chapter, Moment, drawn, kill_at
from tests.crash.story_client import SMALL

SEED = 20_270_301
PATIENCE_SECONDS = 1_200
CHAPTERS = (
    Chapter("found/union", kills=1, of=1, delay_ms_max=3),
    Chapter("join", kills=3, of=110),
    Chapter("follow/import", kills=1, of=1, delay_ms_max=20),
    Chapter("confirm", kills=2, of=110),
    Chapter("voice", kills=1, of=90),
    Chapter("agree", kills=3, of=38),
    Chapter("deliver", kills=1, of=38),
    Chapter("pay", kills=2, of=38),
    Chapter("refund", kills=2, of=8),
    Chapter("pledge", kills=2, of=220),
    Chapter("hold", kills=1, of=8, delay_ms_max=20),
    Chapter("mandate", kills=1, of=8, delay_ms_max=20),
    Chapter("standing", kills=1, of=2, delay_ms_max=20),
    Chapter("band", kills=1, of=1, delay_ms_max=10),
    Chapter("evening", kills=1, of=1, delay_ms_max=10),
)
LAST_PLEDGE = f"pledge/1/7/{SMALL['--pledges'] - 1}"
"""With it a project reaches its target and is paid out."""
EVERY_KILL = (
    *drawn(CHAPTERS, SEED),
    Moment(LAST_PLEDGE, 1, 40),
    Moment("missed", 1, 400, deadline_of="project/1/2"),
    Moment("bridge/open", 1, 300),
    Moment("withdraw", 1, 250),
    Moment("deposit", 1, 400),
    Moment("giveback", 1, 10),
    Moment("month", 1, 10),
)
CHAPTERS_WITHIN = ("found", "join", "confirm", "agree", "pay", "refund")


@pytest.mark.slow
async def test_whatever_the_moment_of_a_kill_the_story_ends_and_nothing_is_lost_or_paid_twice() -> None:
    chance = random.Random(SEED)
    with killed_house(SMALL) as house:
        killed = kill_at(
            list(EVERY_KILL),
            house.client,
            lambda _: house.kill_server(with_postgresql=chance.random() < 0.5),
            PATIENCE_SECONDS,
        )
        await _told_and_whole(house)
    assert len(killed) == len(EVERY_KILL) == 30
    for chapter in CHAPTERS_WITHIN:
        assert any(acts for moment, acts in killed.items() if moment.prefix.startswith(chapter)), chapter


async def _told_and_whole(house: KilledHouse) -> None:
    assert house.client.exit_code() == 0, house.client.said()
    audited = house.audit()
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert await house.faults() == []
