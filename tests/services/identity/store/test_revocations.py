"""The log of what has ended: numbered without a gap in commit order, read by pages, told at once."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.database import Database
from chassis.read_pool import ReadPool
from chassis.revocations.log import RevocationKind
from services.identity.domain.membership import found, leave
from services.identity.store import revocations
from services.identity.store.revocation_log import RevocationLog
from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.house import IdentityHouse

MEMBER = UUID(int=1)


def log_of(house: IdentityHouse, database: Database | None = None, **given: int) -> RevocationLog:
    chassis = house.app.state.chassis
    settings = house.settings.model_copy(update=given)
    return RevocationLog(database or chassis.database, house.clock, settings)


async def end_session(house: IdentityHouse, *, rolled_back: bool = False) -> UUID:
    unit = house.unit()
    session_id = unit.ids.new()
    try:
        await revocations.record_ended_session(unit, session_id, MEMBER)
        await asyncio.sleep(0)
        if not rolled_back:
            async with unit:
                pass
    finally:
        await unit.close()
    return session_id


async def head(house: IdentityHouse) -> int:
    [row] = await house.rows("SELECT number FROM revocation_head")
    return row["number"]


async def test_numbers_have_no_gap_whoever_is_rolled_back(house: IdentityHouse) -> None:
    before = await head(house)
    await asyncio.gather(*(end_session(house, rolled_back=number % 3 == 0) for number in range(12)))
    rows = await house.rows("SELECT number FROM revocations WHERE number > $1 ORDER BY number", before)
    assert [row["number"] for row in rows] == list(range(before + 1, before + 9))
    assert await head(house) == before + 8


async def test_a_reader_gets_all_in_order_by_pages(house: IdentityHouse) -> None:
    after = await head(house)
    ended = [await end_session(house) for _ in range(5)]
    log, got = log_of(house, revocation_page_max_count=2), list[str]()
    is_last = False
    while not is_last:
        page = await log.read(after, 0)
        got += [entry.subject for entry in page.items]
        after, is_last = page.next_after, page.is_last
    assert got == [str(session_id) for session_id in ended]


async def test_an_empty_look_waits_and_says_how_long_ago_it_looked(house: IdentityHouse) -> None:
    log, began = log_of(house), time.monotonic()
    page = await log.read(await head(house), 0.3)
    assert 0.29 < time.monotonic() - began < 2
    assert page.items == () and page.is_last
    assert 0.1 < page.waited_seconds <= time.monotonic() - began


async def test_a_look_wakes_at_once_when_this_process_ended_something(house: IdentityHouse) -> None:
    log = log_of(house, revocation_look_ms=60_000)
    reading = asyncio.create_task(log.read(await head(house), 20))
    await asyncio.sleep(0.05)
    ended = await end_session(house)
    log.wake()
    page = await asyncio.wait_for(reading, 2)
    assert [entry.subject for entry in page.items] == [str(ended)]


async def test_a_look_wakes_when_another_replica_ended_something(house: IdentityHouse) -> None:
    other = Database(house.settings, "identity")
    try:
        log = log_of(house, other)
        reading = asyncio.create_task(log.read(await head(house), 20))
        await asyncio.sleep(0.05)
        ended, began = await end_session(house), time.monotonic()
        page = await asyncio.wait_for(reading, 2)
        assert [entry.subject for entry in page.items] == [str(ended)]
        assert time.monotonic() - began < 1
    finally:
        await other.close()


async def test_many_readers_share_one_look(house: IdentityHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []
    read_head, own = revocations.read_head, Database(house.settings, "identity")

    async def counted(pool: ReadPool) -> int:
        if pool is own.hot_reads():  # the house itself looks, too
            looks.append(time.monotonic())
        return await read_head(pool)

    monkeypatch.setattr(revocations, "read_head", counted)
    try:
        log, after = log_of(house, own, revocation_look_ms=100), await head(house)
        await asyncio.gather(*(log.read(after, 0.5) for _ in range(20)))
    finally:
        await own.close()
    assert 1 <= len(looks) <= 5


async def test_a_number_beyond_the_head_is_answered_at_once(house: IdentityHouse) -> None:
    present = await head(house)
    page = await asyncio.wait_for(log_of(house).read(present + 100, 20), 2)
    assert (page.head, page.items) == (present, ())


async def test_a_session_is_told_for_as_long_as_its_tokens_live(house: IdentityHouse) -> None:
    after = await head(house)
    await end_session(house)
    async with house.unit() as unit:
        left = leave(found(UUID(int=2), MEMBER, house.clock.now()), 0, house.clock.now())
        await revocations.record_ended_memberships(unit, [left])
    log = log_of(house)
    lives = timedelta(seconds=house.settings.access_token_seconds + house.settings.internal_token_seconds)
    assert [entry.until for entry in (await log.read(after, 0)).items] == [
        house.clock.now() + lives + timedelta(seconds=60),
        house.clock.now() + timedelta(days=house.settings.revocation_kept_days),
    ]
    house.clock.advance(lives + timedelta(seconds=61))
    page = await log.read(after, 0)
    assert [(entry.kind, entry.state) for entry in page.items] == [(RevocationKind.MEMBERSHIP, "left")]
    house.clock.advance(timedelta(days=house.settings.revocation_kept_days))
    assert (await log.read(after, 0)).items == ()


async def test_what_all_have_heard_is_dropped(house: IdentityHouse) -> None:
    await end_session(house)
    house.clock.advance(timedelta(days=house.settings.revocation_kept_days))
    kept = await end_session(house)
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert [row["subject"] for row in await house.rows("SELECT subject FROM revocations")] == [str(kept)]


async def test_only_services_read_the_log(house: IdentityHouse) -> None:
    member = await house.member()
    path = f"/internal/revocations?after={await head(house)}"
    assert (await house.get(path)).status_code == 401
    assert (await member.ask("GET", path)).json()["type"] == "/problems/services-only"
    ended = await end_session(house)
    answer = await house.as_service("gateway", "GET", path)
    [entry] = answer.json()["items"]
    assert (entry["kind"], entry["subject"]) == ("session", str(ended))


@pytest.mark.parametrize("query", ["after=-1", "wait_seconds=31", "wait_seconds=x"])
async def test_a_malformed_question_is_refused(house: IdentityHouse, query: str) -> None:
    assert (await house.as_service("market", "GET", f"/internal/revocations?{query}")).status_code == 422


async def test_leaving_and_signing_out_are_written_once(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Guild of Ropers")
    await member.join(union)
    before = await head(house)
    for _ in range(2):
        assert (await member.act("DELETE", f"/v1/unions/{union['id']}/memberships/me")).status_code == 200
    assert (await member.ask("DELETE", "/v1/auth/sessions/current")).status_code == 204
    rows = await house.rows("SELECT * FROM revocations WHERE number > $1 ORDER BY number", before)
    assert [(row["kind"], row["subject"], row["version"], row["state"]) for row in rows] == [
        ("membership", str(union["id"]), 2, "left"),
        ("session", member.session["session_id"], 0, ""),
    ]
    assert {row["member_id"] for row in rows} == {member.id}
