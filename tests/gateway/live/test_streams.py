"""A stream from its first line to its last word: what it shows, where it begins, what ends it."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from chassis.clock import ManualClock
from chassis.revocations.log import RevocationKind
from tests.gateway.live.bus import MEMBER, OTHER_UNION, OUTSIDER, UNION, envelope
from tests.gateway.live.house import DEVICE, SESSION, LiveHouse, make_live, membership, settled, union
from tests.support.live import LiveReader


@pytest.fixture
def live(clock: ManualClock) -> LiveHouse:
    return make_live(clock)


async def numbers(reader: LiveReader, count: int) -> list[int]:
    """The sequence of the next events."""
    return [int((await reader.event()).body["sequence"]) for _ in range(count)]


async def test_an_event_is_a_cloud_event_with_its_type_and_position(live: LiveHouse) -> None:
    async with live.open(live.member()) as reader:
        assert reader.headers["content-type"].startswith("text/event-stream")
        await live.bus.add(envelope(1))
        frame = await reader.event()
    assert (frame.event, frame.id, frame.body["type"]) == ("offer", "1", "offer")
    assert frame.body["data"] == {"union_id": str(UNION)}


async def test_all_streams_of_a_process_share_one_tail_which_ends_with_the_last(live: LiveHouse) -> None:
    async with live.open(live.member()) as one, live.open() as other:
        await live.bus.add(envelope(1, "union", version=1), envelope(2))
        assert await one.events(2) == ["union", "offer"]
        assert await other.events(1) == ["union"]
        assert live.bus.tails_count == 1
        assert await other.is_silent()
    await live.bus.add(envelope(3, "union"))
    async with live.open() as later:
        await live.bus.add(envelope(4, "union"))
        assert await numbers(later, 1) == [4]
    assert live.bus.tails_count == 2


async def test_union_and_types_are_what_was_asked_for(live: LiveHouse) -> None:
    live.identity.memberships[OUTSIDER] = []
    async with live.open(live.member(), "union=weavers&types=union,offer") as reader:
        await live.bus.add(
            envelope(1, "union", union=OTHER_UNION),
            envelope(2, "transfer.posted"),
            envelope(3, "union"),
            envelope(4),
        )
        assert await numbers(reader, 2) == [3, 4]


async def test_what_concerns_ones_own_account_comes_with_every_union(live: LiveHouse) -> None:
    noticed = [
        envelope(number, "member.noticed", member_id=who) for number, who in ((1, OUTSIDER), (2, MEMBER))
    ]
    async with live.open(live.member(), "union=weavers") as reader, live.open(query="union=weavers") as other:
        await live.bus.add(*noticed, envelope(3, "member.noticed", union=OTHER_UNION, member_id=MEMBER))
        assert await numbers(reader, 2) == [2, 3]
        assert await other.is_silent()


async def test_a_union_that_nobody_knows_is_not_found(live: LiveHouse) -> None:
    async with live.open(query="union=nobody") as reader:
        assert reader.status == 404


async def test_who_joins_is_shown_the_unions_events_from_then_on(live: LiveHouse) -> None:
    async with live.open(live.member(OUTSIDER)) as reader:
        joined = membership(OUTSIDER)
        told = envelope(2, "membership")._replace(data=joined.model_dump_json().encode())
        await live.bus.add(envelope(1), told, envelope(3))
        assert await numbers(reader, 2) == [2, 3]


@pytest.mark.parametrize("state", ["left", "expelled", "suspended"])
async def test_whose_membership_ends_is_shown_no_more_by_the_word_of_the_log(
    live: LiveHouse, state: str
) -> None:
    async with live.open(live.member()) as reader:
        await live.bus.add(envelope(1))
        assert await numbers(reader, 1) == [1]
        live.hear(live.ended(RevocationKind.MEMBERSHIP, UNION, 2, state))
        await live.bus.add(envelope(2))
        assert await reader.is_silent()


async def test_an_older_word_of_a_membership_changes_nothing(live: LiveHouse) -> None:
    live.identity.memberships[MEMBER] = [membership(MEMBER, version=3)]
    async with live.open(live.member()) as reader:
        live.hear(live.ended(RevocationKind.MEMBERSHIP, UNION, 2, "left"))
        await live.bus.add(envelope(1))
        assert await numbers(reader, 1) == [1]


async def test_a_charter_that_changes_counts_from_the_next_event(live: LiveHouse) -> None:
    async with live.open() as reader:
        await live.bus.add(envelope(1, "backlink", supporter_id=MEMBER))
        charter = union(2, visibility_backlinks="public").model_dump_json().encode()
        amended = envelope(2, "union")._replace(data=charter)
        await live.bus.add(amended, envelope(3, "backlink", supporter_id=MEMBER))
        assert await numbers(reader, 2) == [2, 3]


async def test_while_identity_is_away_nothing_is_shown_and_nothing_is_lost(live: LiveHouse) -> None:
    async with live.open(live.member()) as reader:
        live.identity.is_away = True
        await live.bus.add(envelope(1), envelope(2))
        assert await reader.is_silent()
        live.identity.is_away = False
        assert await numbers(reader, 2) == [1, 2]


async def test_a_client_comes_back_to_where_it_was(live: LiveHouse) -> None:
    await live.bus.add(*(envelope(number) for number in range(1, 6)))
    async with live.open(live.member(), headers={"last-event-id": "2"}) as reader:
        assert await numbers(reader, 3) == [3, 4, 5]
        await live.bus.add(envelope(6))
        assert await numbers(reader, 1) == [6]


async def test_what_happens_during_a_replay_is_neither_lost_nor_told_twice(live: LiveHouse) -> None:
    await live.bus.add(*(envelope(number) for number in range(1, 51)))
    async with live.open(live.member()) as first, live.open(live.member(), "after=0") as reader:
        for number in range(51, 101):
            await live.bus.add(envelope(number))
            if number % 7 == 0:
                await settled()
        assert await numbers(reader, 100) == list(range(1, 101))
        assert await numbers(first, 50) == list(range(51, 101))
        assert await reader.is_silent()


async def test_what_the_shared_tail_offers_after_a_replay_had_it_is_not_told_twice(live: LiveHouse) -> None:
    # Positions of many partitions: a replay may be ahead of the shared tail in some of them.
    live.bus.covers = lambda position, other: position == "3"  # type: ignore[method-assign]
    live.identity.silent_about.add(str(OTHER_UNION))
    async with live.open(live.member(), "types=backlink"):
        await live.bus.add(envelope(1, "backlink", union=OTHER_UNION), envelope(2), envelope(3))
        async with live.open(live.member(), "union=weavers&types=offer&after=0") as reader:
            assert await numbers(reader, 2) == [2, 3]
            live.identity.silent_about.clear()
            await live.bus.add(envelope(4))
            assert await numbers(reader, 1) == [4]


async def test_a_client_that_has_all_reads_nothing_again(live: LiveHouse) -> None:
    await live.bus.add(envelope(1))
    async with live.open(live.member(), "after=1") as reader:
        assert live.bus.tails_count <= 1
        await live.bus.add(envelope(2))
        assert await numbers(reader, 1) == [2]


@pytest.mark.parametrize(
    ("after", "low_water", "reason"), [("nonsense", 0, "position_unknown"), ("1", 3, "position_gone")]
)
async def test_who_cannot_go_on_from_there_is_told_reset_and_goes_on_from_now(
    live: LiveHouse, after: str, low_water: int, reason: str
) -> None:
    await live.bus.add(*(envelope(number) for number in range(1, 6)))
    live.bus.low_water = low_water
    async with live.open(live.member(), headers={"last-event-id": after}) as reader:
        frame = await reader.event()
        assert (frame.event, frame.body, frame.id) == ("reset", {"reason": reason}, "5")
        await live.bus.add(envelope(6))
        assert await numbers(reader, 1) == [6]


async def test_who_is_too_far_behind_is_told_reset(clock: ManualClock) -> None:
    live = make_live(clock, live_replay_max_count=3)
    await live.bus.add(*(envelope(number) for number in range(1, 11)))
    async with live.open(live.member(), "after=0") as reader:
        assert await numbers(reader, 3) == [1, 2, 3]
        assert (await reader.event()).body == {"reason": "too_far_behind"}
        await live.bus.add(envelope(11))
        assert await numbers(reader, 1) == [11]


async def test_a_slow_client_is_told_reset_and_dropped_and_others_go_on(clock: ManualClock) -> None:
    live = make_live(clock, live_queue_max_count=5)
    async with live.open(live.member()) as slow, live.open(live.member()) as quick:
        slow.may_take.clear()
        for number in range(1, 21):
            await live.bus.add(envelope(number))
            assert await numbers(quick, 1) == [number]
        slow.may_take.set()
        said = [await slow.event() for _ in range(2)]
        assert said[-1].event == "reset"
        assert said[-1].body == {"reason": "slow"}
        await asyncio.wait_for(slow.is_over.wait(), 5)
        assert not quick.is_over.is_set()


async def test_a_client_that_takes_nothing_at_all_is_dropped(clock: ManualClock) -> None:
    live = make_live(clock, live_send_seconds=1)
    async with live.open(live.member()) as reader:
        reader.may_take.clear()
        await live.bus.add(envelope(1))
        await asyncio.wait_for(reader.is_over.wait(), 5)


async def test_a_silent_stream_says_that_it_lives_and_where_it_stands(live: LiveHouse) -> None:
    async with live.open(query="types=union") as reader:
        await live.bus.add(envelope(1), envelope(2))
        frame = await reader.frame(5)
    assert (frame.comment, frame.id, frame.event) == ("beat", "2", "")


async def test_a_stream_ends_with_its_token(live: LiveHouse) -> None:
    async with live.open(live.member(seconds=30)) as reader:
        live.clock.advance(timedelta(seconds=30))
        await live.bus.add(envelope(1))
        frame = await reader.event(5)
        assert (frame.event, frame.body) == ("end", {"reason": "token_expired"})
        await asyncio.wait_for(reader.is_over.wait(), 5)


async def test_a_stream_without_a_token_ends_after_its_time(live: LiveHouse) -> None:
    from gateway.live.callers import nobody

    async with live.open(nobody(None, live.clock.now(), 60)) as reader:
        live.clock.advance(timedelta(seconds=60))
        assert (await reader.event(5)).body == {"reason": "time_over"}


@pytest.mark.parametrize(
    ("kind", "subject"), [(RevocationKind.SESSION, SESSION), (RevocationKind.DEVICE_KEY, DEVICE)]
)
async def test_a_stream_ends_at_once_with_its_session(
    live: LiveHouse, kind: RevocationKind, subject: object
) -> None:
    async with live.open(live.member()) as reader:
        live.hear(live.ended(kind, subject))
        frame = await reader.event(0.5)
        assert (frame.event, frame.body) == ("end", {"reason": "session_ended"})


async def test_a_stream_ends_where_it_is_not_known_what_has_ended(clock: ManualClock) -> None:
    live = make_live(clock, revocation_read_age_max_seconds=1)
    async with live.open(live.member()) as reader, live.open() as public:
        assert (await reader.event(5)).body == {"reason": "unverifiable"}
        assert await public.is_silent(), "who has no session has none that could have ended"


async def test_a_process_that_stops_ends_its_streams_and_opens_none(live: LiveHouse) -> None:
    async with live.open(live.member()) as reader:
        live.live.stop()
        assert (await reader.event(0.5)).body == {"reason": "stopping"}
        async with live.open() as refused:
            assert refused.status == 503


async def test_streams_are_limited_by_member_and_in_all(clock: ManualClock) -> None:
    live = make_live(clock, live_streams_per_member_max=2, live_streams_max_count=3)
    one, other = live.member(), live.member(OUTSIDER)
    async with live.open(one), live.open(one):
        async with live.open(one) as third:
            assert third.status == 429
            assert third.headers["retry-after"]
            assert orjson.loads(third.content)["type"] == "/problems/too-many-streams"
        async with live.open(other), live.open() as fourth:
            assert fourth.status == 429
    async with live.open(one) as again:
        assert again.status == 200


async def test_without_the_bus_or_identity_no_stream_begins(live: LiveHouse) -> None:
    live.bus.is_away = True
    async with live.open() as reader:
        assert reader.status == 503
    live.bus.is_away = False
    async with live.open() as reader:
        assert reader.status == 200
