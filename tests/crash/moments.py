"""Moments of the story at which something is killed: drawn from a seed, found in the client's log."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.crash.story_client import StoryClient, StoryLog

LOOK_SECONDS = 0.003


@dataclass(frozen=True, slots=True)
class Moment:
    """`delay_ms` after the client has begun its `nth` act of a chapter, while one of them is in flight.

    `deadline_of`: instead, so long after the noted deadline of a project.
    """

    prefix: str
    nth: int
    delay_ms: int
    deadline_of: str | None = None

    def has_come(self, log: StoryLog) -> bool:
        if self.deadline_of is not None:
            noted = log.notes.get(self.deadline_of)
            return noted is not None and datetime.now(UTC) >= datetime.fromisoformat(noted)
        return log.lines_by_prefix.get(self.prefix, 0) >= self.nth and bool(log.in_flight(self.prefix))

    def told(self) -> str:
        if self.deadline_of is not None:
            return f"{self.delay_ms} ms after the deadline of {self.deadline_of}"
        return f"{self.delay_ms} ms after begin number {self.nth} of {self.prefix}/"


@dataclass(frozen=True, slots=True)
class Chapter:
    """How many kills fall into a chapter, among its first `of` acts."""

    prefix: str
    kills: int
    of: int
    delay_ms_max: int = 60


def drawn(chapters: tuple[Chapter, ...], seed: int) -> list[Moment]:
    """Within a chapter no two at the same act."""
    chance = random.Random(seed)
    moments: list[Moment] = []
    for chapter in chapters:
        places = sorted(chance.sample(range(1, chapter.of + 1), chapter.kills))
        moments += [Moment(chapter.prefix, nth, chance.randint(0, chapter.delay_ms_max)) for nth in places]
    return moments


def kill_at(
    moments: list[Moment], client: StoryClient, kill: Callable[[Moment], str], patience_seconds: float
) -> dict[Moment, list[str]]:
    """Follow the client to its end and kill at each moment; returns what was in flight at each kill."""
    waiting = list(moments)
    killed: dict[Moment, list[str]] = {}
    end = time.monotonic() + patience_seconds
    while client.is_running():
        assert time.monotonic() < end, f"the story has not ended:\n{client.said()}"
        client.log.read_on()
        come = next((moment for moment in waiting if moment.has_come(client.log)), None)
        if come is None:
            time.sleep(LOOK_SECONDS)
            continue
        waiting.remove(come)
        time.sleep(come.delay_ms / 1_000)
        done = kill(come)
        client.log.read_on()
        killed[come] = client.log.in_flight(come.prefix)
        print(
            f"kill {len(killed)}/{len(moments)}: {come.told()}; in flight {killed[come][:4]}: {done}",
            flush=True,
        )
    client.log.read_on()
    return killed
