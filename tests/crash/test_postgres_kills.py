"""PostgreSQL alone is killed at ten moments of the story: the runtime brings it back, nothing is lost."""

from __future__ import annotations

import pytest

from tests.crash.killed_house import killed_house
from tests.crash.moments import Chapter, Moment, drawn, kill_at
from tests.crash.story_client import SMALL

SEED = 20_270_302
PATIENCE_SECONDS = 900
CHAPTERS = (
    Chapter("found/union", kills=1, of=1, delay_ms_max=3),
    Chapter("join", kills=1, of=110),
    Chapter("confirm", kills=1, of=110),
    Chapter("agree", kills=2, of=38),
    Chapter("pay", kills=2, of=38),
    Chapter("refund", kills=1, of=8),
    Chapter("pledge", kills=1, of=220),
)
EVERY_KILL = (*drawn(CHAPTERS, SEED), Moment("missed", 1, 400, deadline_of="project/1/1"))


@pytest.mark.slow
async def test_the_story_outlasts_ten_kills_of_postgresql_alone() -> None:
    with killed_house(SMALL) as house:
        killed = kill_at(list(EVERY_KILL), house.client, lambda _: house.kill_postgresql(), PATIENCE_SECONDS)
        assert house.client.exit_code() == 0, house.client.said()
        audited = house.audit()
        assert audited.returncode == 0, audited.stdout + audited.stderr
        assert await house.faults() == []
    assert len(killed) == len(EVERY_KILL) == 10
