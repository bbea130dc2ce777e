"""The client of the story as a process of its own: `python -m guildhall.demo URL --folder DIR`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

import orjson
from rich.console import Console

from guildhall.client import Connections, DeviceKey, Wallet
from guildhall.demo.band import play
from guildhall.demo.bindery import bind
from guildhall.demo.circle import gather
from guildhall.demo.crossing import cross
from guildhall.demo.following import read_following
from guildhall.demo.founding import follow, found, join
from guildhall.demo.funding import fund, overreach
from guildhall.demo.house_rules import change_rules
from guildhall.demo.lost_key import recover
from guildhall.demo.passing_on import pass_on
from guildhall.demo.record import Record
from guildhall.demo.scale import Scale, add_scale, chosen_scale
from guildhall.demo.seed import SEED, Seed
from guildhall.demo.stipends import pay_stipends
from guildhall.demo.story import AT_ONCE_MAX, Person, Story, StoryBroken
from guildhall.demo.tables import tell
from guildhall.demo.voices import speak
from guildhall.demo.weaving import weave
from guildhall.demo.work import work

SEASON_FILE = "season.json"
RECORD_FILE = "story.jsonl"


def main() -> int:
    """Exit 0 when the season is told to its end."""
    parser = argparse.ArgumentParser(prog="python -m guildhall.demo", description=__doc__)
    parser.add_argument("url", help="where the deployment listens, for example http://127.0.0.1:8080")
    parser.add_argument("--folder", type=Path, required=True, help="where the client keeps its own log")
    parser.add_argument("--seed", default=SEED, help="keys and choices derive from it")
    parser.add_argument("--data", type=Path, default=None, help="the folder of real data, where there is one")
    parser.add_argument("--chain", default=None, help="the devnet's address, for the members' own wallets")
    add_scale(parser)
    chosen = parser.parse_args()
    scale = chosen_scale(chosen)
    fault = scale.fault()
    if fault is not None:
        parser.error(fault)
    console = Console(highlight=False)
    try:
        asyncio.run(_tell(chosen.url, chosen.folder, chosen.seed, chosen.data, chosen.chain, scale, console))
    except* StoryBroken as broken:
        sys.stderr.write(f"guildhall demo: the story broke: {_first(broken)}\n")
        sys.exit(1)
    return 0


def _first(group: BaseExceptionGroup[StoryBroken]) -> BaseException:
    """The failure that ended a chapter: what happens at once fails in a group."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


async def _tell(
    url: str,
    folder: Path,
    seed_text: str,
    data: Path | None,
    chain: str | None,
    scale: Scale,
    console: Console,
) -> None:
    season = _season(folder)
    seed = Seed(seed_text)
    started = time.monotonic()
    async with Connections(url, connections_max=AT_ONCE_MAX) as connections:
        story = Story(
            url=url,
            season=season,
            scale=scale,
            seed=seed,
            record=Record(folder / RECORD_FILE),
            connections=connections,
            people=[_person(seed_text, number) for number in range(scale.people)],
            following=read_following(data, seed.stream("following"), scale.people),
            console=console,
        )
        console.print(f"Season {season} at {url}")
        await found(story)
        await join(story)
        await follow(story)
        await speak(story)
        await overreach(story)
        await work(story)
        await fund(story)
        await cross(story, chain)
        await pay_stipends(story)
        await weave(story)
        await play(story)
        await recover(story)
        await change_rules(story)
        await pass_on(story, await gather(story))
        await bind(story)
        await tell(story)
        story.record.close()
    for line in story.refused:
        console.print(f"  [yellow]refused[/yellow] {line}")
    _told(folder, season)
    elapsed = time.monotonic() - started
    console.print(f"{story.requests_count:,} requests in {elapsed:.1f} s")


def _season(folder: Path) -> int:
    """One more than the last season that was told to its end."""
    path = folder / SEASON_FILE
    return 1 if not path.exists() else orjson.loads(path.read_bytes())["told"] + 1


def _told(folder: Path, season: int) -> None:
    """The file is whole or it is the one before."""
    writing = folder / f"{SEASON_FILE}.writing"
    writing.write_bytes(orjson.dumps({"told": season}))
    writing.replace(folder / SEASON_FILE)


def _person(seed: str, number: int) -> Person:
    return Person(number, Wallet.derived(seed, str(number)), DeviceKey.derived(seed, str(number)))


if __name__ == "__main__":
    sys.exit(main())
