"""The same events by the page: bounded, in order, resumed where it ended."""

import asyncio
from typing import Any

import orjson
import pytest

from chassis.clock import ManualClock
from gateway.live.callers import LiveCaller
from tests.gateway.live.bus import envelope
from tests.gateway.live.house import LiveHouse, make_live

JSON = {"accept": "application/json"}


@pytest.fixture
def live(clock: ManualClock) -> LiveHouse:
    return make_live(clock, live_page_wait_ms=300)


async def page(live: LiveHouse, caller: LiveCaller | None, query: str) -> tuple[list[int], Any]:
    """The numbers of the page's events, and where to read on; or the refusal's status and name."""
    async with live.open(caller, query, JSON) as reader:
        await reader.is_over.wait()
        body = orjson.loads(reader.content)
    if reader.status != 200:
        return [reader.status], body["type"].removeprefix("/problems/")
    return [int(item["sequence"]) for item in body["items"]], body["next_after"]


@pytest.fixture(autouse=True)
def _pages_have_no_first_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support.live import Frame, LiveReader

    async def nothing(_: LiveReader, __: float = 10) -> Frame:
        return Frame()

    monkeypatch.setattr(LiveReader, "frame", nothing)


async def test_without_a_position_a_page_is_empty_and_tells_that_of_now(live: LiveHouse) -> None:
    await live.bus.add(envelope(1))
    assert await page(live, live.member(), "") == ([], "1")


async def test_pages_follow_one_another_to_the_end(live: LiveHouse) -> None:
    await live.bus.add(*(envelope(number) for number in range(1, 6)))
    member = live.member()
    assert await page(live, member, "after=0&limit=2") == ([1, 2], "2")
    assert await page(live, member, "after=2&limit=2") == ([3, 4], "4")
    assert await page(live, member, "after=4&limit=2") == ([5], "5")
    assert await page(live, member, "after=5&limit=2") == ([], "5")


async def test_what_is_not_shown_moves_the_position_all_the_same(live: LiveHouse) -> None:
    await live.bus.add(envelope(1), envelope(2, "union"), envelope(3), envelope(4, "transfer.posted"))
    assert await page(live, None, "after=0") == ([2], "4")
    assert await page(live, live.member(), "after=0&types=offer&union=weavers") == ([1, 3], "4")


async def test_a_page_is_bounded_in_what_it_reads_and_in_its_size(clock: ManualClock) -> None:
    live = make_live(clock, live_page_scanned_max=3, live_page_max_bytes=800)
    await live.bus.add(*(envelope(number) for number in range(1, 9)))
    assert await page(live, None, "after=0") == ([], "3")
    numbers, position = await page(live, live.member(), "after=0")
    assert 0 < len(numbers) < 3
    assert position == str(numbers[-1])


async def test_a_bus_that_takes_long_makes_a_page_empty_and_no_position_known(
    live: LiveHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    await live.bus.add(envelope(1))
    monkeypatch.setattr(live.bus, "tail_position", never)
    assert await page(live, live.member(), "after=0") == ([], "0")
    assert await page(live, live.member(), "after=nonsense") == ([400], "position-unknown")


@pytest.mark.parametrize(
    ("query", "refusal"),
    [("after=nonsense", ([400], "position-unknown")), ("after=0", ([410], "position-gone"))],
)
async def test_a_position_that_is_none_is_refused(
    live: LiveHouse, query: str, refusal: tuple[list[int], str]
) -> None:
    await live.bus.add(*(envelope(number) for number in range(1, 6)))
    live.bus.low_water = 3
    assert await page(live, None, query) == refusal


async def test_a_bus_that_hangs_holds_a_page_no_longer_than_set(live: LiveHouse) -> None:
    live.bus.covers = lambda position, other: False  # type: ignore[method-assign]
    await live.bus.add(envelope(1))
    assert await page(live, live.member(), "after=0") == ([1], "1")
