"""Amending, joining, accepting and silence at the same time: each sees what the other committed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.charter import Amendment
from services.identity.domain.errors import CharterNeedsDecision, CharterStale, VersionStale
from services.identity.use_cases.accept_charter import accept_charter
from services.identity.use_cases.amend_charter import amend_charter
from services.identity.use_cases.join_union import Acceptance, join_union
from services.identity.use_cases.leave_union import leave_union
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import Guild
from tests.services.identity.ruled import RuledUnion, ruled_union

A_WHILE_SECONDS = 0.2
Work = Callable[[UnitOfWork], Awaitable[object]]


async def behind(house: IdentityHouse, first: Work, second: Work) -> object:
    """What the second answers, which began while the first was not committed, and had to wait for it."""
    async with house.unit() as leading:
        await first(leading)

        async def late() -> object:
            async with house.unit() as following:
                return await second(following)

        waiting = asyncio.create_task(late())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not waiting.done()
    return await waiting


def amending(ruled: RuledUnion, version: int = 1, purpose: str = "Other.") -> Work:
    wanted = Amendment(purpose=purpose)
    return lambda unit: amend_charter(
        unit, ruled.house.settings, ruled.founder.id, ruled.union["id"], wanted, f'"{version}"'
    )


def joining(ruled: RuledUnion, member: Member) -> Work:
    accepted = Acceptance(1, ruled.union["charter_hash"])
    return lambda unit: join_union(unit, ruled.house.settings, member.id, ruled.union["id"], accepted)


async def test_who_joins_behind_an_amendment_is_told_the_new_charter(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Joining Behind", "suspends", members=0)
    with pytest.raises(CharterStale) as refusal:
        await behind(house, amending(ruled), joining(ruled, await house.member()))
    assert refusal.value.charter_version == 2


async def test_an_amendment_behind_the_tenth_member_needs_a_decision(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Tenth Behind", "suspends", members=8)
    with pytest.raises(CharterNeedsDecision) as refusal:
        await behind(house, joining(ruled, await house.member()), amending(ruled))
    assert refusal.value.members == 10


async def test_who_joins_just_before_an_amendment_is_asked_by_it(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Joined Before", "suspends", members=0)
    member = await house.member()
    await behind(house, joining(ruled, member), amending(ruled))
    assert (await ruled.asked(member))["state"] == "due"
    ruled.members.append(member)
    await ruled.pass_grace()
    assert (await ruled.membership(member))["state"] == "suspended"


async def test_of_two_amendments_at_once_the_second_is_told(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Two Amend", "suspends", members=0)
    with pytest.raises(VersionStale) as refusal:
        await behind(house, amending(ruled), amending(ruled, purpose="Mine."))
    assert refusal.value.etag == '"2"'


async def test_an_acceptance_behind_an_amendment_is_of_another_charter(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Accept Behind", "suspends", members=1)
    charter = await ruled.amend({"purpose": "Second."})
    member = ruled.members[0]
    accepting: Work = lambda unit: accept_charter(  # noqa: E731
        unit, house.settings, member.id, ruled.union["id"], 2, charter["hash"]
    )
    with pytest.raises(CharterStale) as refusal:
        await behind(house, amending(ruled, 2, "Third."), accepting)
    assert refusal.value.charter_version == 3


@pytest.mark.parametrize("way", ["accept", "leave"])
async def test_what_a_member_does_as_the_grace_ends_goes_before_silence(
    house: IdentityHouse, way: str
) -> None:
    ruled = await ruled_union(house, f"Grace Ends {way}", "suspends", members=2)
    charter = await ruled.amend({"purpose": "Second."})
    await ruled.run_timers()
    member, silent = ruled.members
    house.clock.advance(timedelta(days=1))
    async with house.unit() as unit:
        if way == "accept":
            await accept_charter(unit, house.settings, member.id, ruled.union["id"], 2, charter["hash"])
        else:
            await leave_union(unit, house.settings, member.id, ruled.union["id"])
        running = asyncio.create_task(ruled.run_timers())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not running.done()
    await running
    states = await house.rows(
        "SELECT member_id, state FROM memberships WHERE union_id = $1", UUID(ruled.union["id"])
    )
    present = {row["member_id"]: row["state"] for row in states}
    assert present[member.id] == ("active" if way == "accept" else "left")
    assert present[silent.id] == "suspended"


async def test_officers_who_accept_and_leave_at_once_wait_for_one_another(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Officers Accept", "suspends", members=3)
    made = Guild(house, ruled.union, ruled.founder, ruled.members)
    office = await made.office(ruled.founder, audit=None)
    for member in ruled.members:
        assert (await made.appoint(ruled.founder, office, member)).status_code == 201
    charter = await ruled.amend({"purpose": "Second."})
    await ruled.pass_grace()
    assert [await made.holds(member) for member in ruled.members] == [{}, {}, {}]
    first, second, leaver = ruled.members

    async def accepts(member: Member) -> None:
        async with house.unit() as unit:
            await accept_charter(unit, house.settings, member.id, ruled.union["id"], 2, charter["hash"])

    async def leaves() -> None:
        async with house.unit() as unit:
            await leave_union(unit, house.settings, leaver.id, ruled.union["id"])

    await asyncio.gather(accepts(first), accepts(second), leaves())
    assert [await made.holds(member) for member in ruled.members] == [{"audit": ()}, {"audit": ()}, {}]


async def test_a_large_union_is_asked_and_silenced_stretch_by_stretch(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Stretches", "suspends", members=1)
    union_id = UUID(ruled.union["id"])
    crowd = 1_000
    rows = await house.rows(
        """
        WITH made AS (
            INSERT INTO members (id, handle, name, bio, version, created_at)
            SELECT gen_random_uuid(), 'crowd-' || number, '', '', 1, $2
            FROM generate_series(1, $3::int) AS number RETURNING id),
        counted AS (
            INSERT INTO member_counts AS present (union_id, shard, active_members)
            SELECT $1, get_byte(uuid_send(id), 15) & 15, count(*) FROM made GROUP BY 2
            ON CONFLICT (union_id, shard) DO UPDATE
            SET active_members = present.active_members + excluded.active_members)
        INSERT INTO memberships (union_id, member_id, version, state, role, charter_version,
            by_founder_invitation, first_joined_at, joined_at, changed_at)
        SELECT $1, id, 1, 'active', 'member', 1, false, $2, $2, $2 FROM made RETURNING member_id
        """,
        union_id,
        house.clock.now(),
        crowd,
    )
    assert await ruled.counts() == (crowd + 2, crowd + 2)
    # The founder's free time is over: what amends then is not built, so the version is written as it would.
    await house.rows(
        "UPDATE member_counts SET active_members = active_members - $2 WHERE union_id = $1 RETURNING 1",
        union_id,
        crowd,
    )
    await ruled.amend({"purpose": "For all of us."})
    await house.rows(
        "UPDATE member_counts SET active_members = active_members + $2 WHERE union_id = $1 RETURNING 1",
        union_id,
        crowd,
    )
    await ruled.run_timers()
    told = await house.rows("SELECT count(*) FROM notices WHERE union_id = $1", union_id)
    assert told[0][0] >= crowd + 1
    accepted = rows[0]["member_id"]
    async with house.unit() as unit:
        charter = (await house.get(f"{ruled.path}/charter")).json()
        await accept_charter(unit, house.settings, accepted, ruled.union["id"], 2, charter["hash"])
    await ruled.pass_grace()
    states = await house.rows(
        "SELECT state, count(*) AS count FROM memberships WHERE union_id = $1 GROUP BY 1 ORDER BY 1", union_id
    )
    assert [tuple(row) for row in states] == [("active", 2), ("suspended", crowd)]
    assert (await ruled.counts())[0] == 2
    numbers = await house.rows("SELECT number FROM revocations ORDER BY number")
    read = [row["number"] for row in numbers]
    assert read == list(range(read[0], read[0] + len(read)))
