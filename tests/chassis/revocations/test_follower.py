"""A follower keeps its view young; where it cannot, acts ask and are refused, reads go on for a while."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from chassis.clock import ManualClock
from chassis.peers import PeerUnavailable
from chassis.revocations.follower import RevocationFollower
from chassis.revocations.log import RevocationKind
from chassis.revocations.settings import RevocationSettings
from chassis.revocations.view import RevocationView
from tests.chassis.revocations.source import WrittenLog

SESSION = UUID(int=7)


def follower(clock: ManualClock, log: WrittenLog, **given: int) -> RevocationFollower:
    settings = RevocationSettings.model_validate({"revocation_wait_ms": 50, "revocation_ask_ms": 300} | given)
    return RevocationFollower(RevocationView(clock), log, settings, "a-test")


@asynccontextmanager
async def following(one: RevocationFollower) -> AsyncGenerator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_ended(one: RevocationFollower, within_seconds: float = 1) -> None:
    async with asyncio.timeout(within_seconds):
        while not one.view.has_ended(SESSION, ""):  # noqa: ASYNC110 - the view is what is looked at
            await asyncio.sleep(0.005)


async def test_a_process_that_starts_reads_all_that_lives_before_its_first_act(clock: ManualClock) -> None:
    log = WrittenLog(page_max=2)
    for number in range(4):
        log.end(RevocationKind.SESSION, str(UUID(int=100 + number)))
    log.end(RevocationKind.SESSION, str(SESSION))
    one = follower(clock, log)
    await one.ensure(for_act=True)
    assert one.view.has_ended(SESSION, "")
    assert [after for after, _ in log.reads] == [0, 2, 4]


async def test_a_process_that_starts_waits_for_nothing_before_it_knows_all(clock: ManualClock) -> None:
    log = WrittenLog(page_max=2)
    for number in range(3):
        log.end(RevocationKind.SESSION, str(UUID(int=100 + number)))
    one = follower(clock, log, revocation_wait_ms=1_000)
    async with following(one), asyncio.timeout(1):
        while not one.is_good_for_reads:  # noqa: ASYNC110 - the view is what is looked at
            await asyncio.sleep(0.005)
        while len(log.reads) < 3:  # noqa: ASYNC110 - the log keeps what was asked
            await asyncio.sleep(0.005)
    assert log.reads[:3] == [(0, 0.0), (2, 0.0), (3, 1.0)]


async def test_what_ends_is_heard_within_a_second(clock: ManualClock) -> None:
    log = WrittenLog()
    one = follower(clock, log)
    async with following(one):
        await one.ensure(for_act=True)
        log.end(RevocationKind.SESSION, str(SESSION))
        await until_ended(one)


async def test_a_young_view_decides_and_asks_nobody(clock: ManualClock) -> None:
    log = WrittenLog()
    one = follower(clock, log)
    await one.ensure(for_act=True)
    for _ in range(10):
        await one.ensure(for_act=True)
    assert len(log.reads) == 1


async def test_acts_that_wait_share_one_question(clock: ManualClock) -> None:
    log = WrittenLog()
    log.answer_takes_seconds = 0.05
    one = follower(clock, log)
    await asyncio.gather(*(one.ensure(for_act=True) for _ in range(50)))
    assert len(log.reads) == 1


async def test_a_question_that_was_just_answered_is_not_waited_for(clock: ManualClock) -> None:
    """Between an answer and the loop's word of it another act may come, and find the view too old by then."""
    log = WrittenLog()
    one = follower(clock, log)

    async def answered() -> None:
        return

    one._asking = asyncio.create_task(answered())  # pyright: ignore[reportPrivateUsage]
    await one._asking  # pyright: ignore[reportPrivateUsage]
    await one.ensure(for_act=True)
    assert [after for after, _ in log.reads] == [0]


async def test_without_identity_acts_are_refused_and_reads_go_on_for_as_long_as_set(
    clock: ManualClock,
) -> None:
    log = WrittenLog()
    one = follower(clock, log, revocation_age_max_ms=100, revocation_read_age_max_seconds=1)
    await one.ensure(for_act=True)
    log.is_away = True
    await asyncio.sleep(0.15)
    with pytest.raises(PeerUnavailable):
        await one.ensure(for_act=True)
    await one.ensure(for_act=False)
    assert one.is_good_for_reads
    await asyncio.sleep(1)
    assert not one.is_good_for_reads
    with pytest.raises(PeerUnavailable):
        await one.ensure(for_act=False)
    log.is_away = False
    await one.ensure(for_act=True)


async def test_an_identity_that_hangs_is_waited_for_no_longer_than_set(clock: ManualClock) -> None:
    log = WrittenLog()
    log.answer_takes_seconds = 60
    one = follower(clock, log, revocation_ask_ms=50)
    async with asyncio.timeout(2):
        with pytest.raises(PeerUnavailable):
            await one.ensure(for_act=True)


async def test_an_answer_that_travelled_too_long_is_no_word_of_now(clock: ManualClock) -> None:
    log = WrittenLog()
    log.answer_takes_seconds = 0.2
    one = follower(clock, log, revocation_age_max_ms=100, revocation_ask_ms=500)
    with pytest.raises(PeerUnavailable):
        await one.ensure(for_act=True)


async def test_following_goes_on_after_an_outage_and_the_age_is_a_metric(clock: ManualClock) -> None:
    log = WrittenLog()
    log.is_away = True
    one = follower(clock, log)
    async with following(one):
        await asyncio.sleep(0.05)
        assert _metric() == float("inf")
        log.is_away = False
        log.end(RevocationKind.SESSION, str(SESSION))
        await until_ended(one, 2)
        assert _metric() < 1


def _metric() -> float:
    age = REGISTRY.get_sample_value("guildhall_revocation_view_age_seconds", {"service": "a-test"})
    assert age is not None
    return age
