"""A material amendment asks the members anew: by signature, within a grace, with what their silence is."""

from datetime import datetime, timedelta
from uuid import UUID

import orjson
import pytest

from services.identity.store.joining import joining_scene
from services.identity.store.memberships import membership_of
from services.identity.use_cases.amend_charter import END_GRACE
from tests.services.identity.house import IdentityHouse
from tests.services.identity.ruled import GRACE_SECONDS, RuledUnion, ruled_union, told

MATERIAL = {"bylaws": "# Bylaws\n\nOther."}


async def kinds_told(ruled: RuledUnion, member: int) -> list[str]:
    answer = (await ruled.members[member].ask("GET", "/v1/me/notices")).json()
    return [notice["kind"] for notice in answer["items"]]


async def test_a_material_amendment_asks_everybody_but_its_author(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Asking", "suspends")
    assert await ruled.counts() == (3, 3)
    charter = await ruled.amend(MATERIAL)
    ends_at = house.clock.now() + timedelta(seconds=GRACE_SECONDS)
    assert charter["asking"]["by_silence"] == "suspends"
    assert datetime.fromisoformat(charter["asking"]["grace_ends_at"]) == ends_at
    assert (await ruled.asked(ruled.founder))["state"] == "accepted"
    asked = await ruled.asked(ruled.members[0])
    assert (asked["state"], asked["accepted_version"], asked["asked_version"]) == ("due", 1, 2)
    assert (asked["version_in_force"], asked["hash_in_force"]) == (2, charter["hash"])
    assert await ruled.counts() == (1, 3)
    await ruled.run_timers()
    assert await kinds_told(ruled, 0) == await kinds_told(ruled, 1) == ["charter.amended"]


async def test_an_amendment_that_is_not_material_asks_nobody(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Quietly", "leaves")
    charter = await ruled.amend({"parameters": {"admission": "invitation"}})
    assert charter.get("asking") is None
    assert (await ruled.asked(ruled.members[0]))["state"] == "accepted"
    await ruled.pass_grace()
    assert await kinds_told(ruled, 0) == []
    assert await ruled.counts() == (3, 3)


async def test_accepting_is_a_signed_act_counted_once(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Accepting", "suspends")
    charter = await ruled.amend(MATERIAL)
    member = ruled.members[0]
    path = f"{ruled.path}/memberships/me/acceptance"
    body = {"charter_version": 2, "charter_hash": charter["hash"]}
    assert told(await member.ask("PUT", path, body)) == (401, "act-unsigned")
    for _ in range(2):
        accepted = await ruled.accept(member)
        assert accepted.status_code == 200, accepted.text
        assert (accepted.json()["charter_version"], accepted.json()["version"]) == (2, 2)
    assert (await ruled.asked(member))["state"] == "accepted"
    assert await ruled.counts() == (2, 3)
    rows = await house.rows(
        "SELECT charter_version, charter_hash, way FROM charter_acceptances WHERE member_id = $1", member.id
    )
    assert [tuple(row) for row in rows] == [(2, charter["hash"], "signed")]
    subject = f"unions/{ruled.union['id']}/memberships/{member.id}"
    log = "SELECT act_right, charter_version FROM act_log WHERE subject = $1 ORDER BY 2"
    acts = await house.rows(log, subject)
    assert [tuple(row) for row in acts] == [("charter_acceptance", 1), ("charter_acceptance", 2)]


@pytest.mark.parametrize("wrong", [{"version": 1}, {"hash": "0" * 64}])
async def test_only_the_charter_in_force_is_accepted(house: IdentityHouse, wrong: dict[str, object]) -> None:
    ruled = await ruled_union(house, "In Force", "suspends", members=1)
    charter = await ruled.amend(MATERIAL)
    assert told(await ruled.accept(ruled.members[0], charter | wrong)) == (409, "charter-stale")
    assert await ruled.counts() == (1, 2)


async def test_who_is_no_member_accepts_nothing(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Members Alone", "suspends", members=1)
    stranger = await house.member()
    assert told(await ruled.accept(stranger)) == (403, "not-a-member")
    nowhere = await stranger.act(
        "PUT",
        "/v1/unions/nowhere/memberships/me/acceptance",
        {"charter_version": 1, "charter_hash": "0" * 64},
    )
    assert told(nowhere) == (404, "union-not-found")
    assert told(await stranger.ask("GET", f"{ruled.path}/memberships/me/acceptance")) == (
        404,
        "membership-not-found",
    )


async def test_an_ended_union_asks_nobody(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Ended", "suspends", members=0)
    await ruled.amend(MATERIAL)
    assert (await ruled.founder.act("DELETE", f"{ruled.path}/memberships/me")).status_code == 200
    assert told(await ruled.accept(ruled.founder)) == (409, "union-dissolved")
    asked = await ruled.asked(ruled.founder)
    assert (asked["state"], asked["asked_version"]) == (None, None)


async def test_silence_suspends_where_the_charter_says_so_and_accepting_brings_back(
    house: IdentityHouse,
) -> None:
    ruled = await ruled_union(house, "Silent", "suspends")
    await ruled.amend(MATERIAL)
    silent, other = ruled.members
    assert (await ruled.accept(other)).status_code == 200
    await ruled.pass_grace(less_seconds=1)
    assert (await ruled.membership(silent))["state"] == "active"
    await ruled.pass_grace()
    assert (await ruled.membership(silent))["state"] == "suspended"
    assert (await ruled.asked(silent))["state"] == "overdue"
    assert (await ruled.membership(other))["state"] == "active"
    assert (await ruled.membership(ruled.founder))["state"] == "active"
    assert await ruled.counts() == (2, 2)
    assert await kinds_told(ruled, 0) == ["charter.rights_rest", "charter.amended"]
    ended = await house.rows("SELECT state, version FROM revocations WHERE member_id = $1", silent.id)
    assert [tuple(row) for row in ended] == [("suspended", 2)]
    assert told(await silent.join(ruled.union)) == (403, "membership-barred")
    back = await ruled.accept(silent)
    assert (back.json()["state"], back.json()["charter_version"]) == ("active", 2)
    assert await ruled.counts() == (3, 3)


async def test_silence_ends_the_membership_where_the_charter_says_so(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Leaving", "leaves")
    await ruled.amend(MATERIAL)
    await ruled.pass_grace()
    for member in ruled.members:
        assert (await ruled.membership(member))["state"] == "left"
    assert "charter.membership_ended" in await kinds_told(ruled, 0)
    assert await ruled.counts() == (1, 1)
    again = await ruled.members[0].join(ruled.union)
    assert (again.status_code, again.json()["charter_version"]) == (201, 2)
    first = again.json()["first_joined_at"]
    assert datetime.fromisoformat(first) < datetime.fromisoformat(again.json()["joined_at"])
    assert await ruled.counts() == (2, 2)


async def test_silence_accepts_where_the_charter_says_so(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Consenting", "accepts")
    await ruled.amend(MATERIAL)
    timers = await house.rows(
        "SELECT 1 FROM timers WHERE kind = $1 AND key LIKE $2", END_GRACE, f"{ruled.union['id']}%"
    )
    assert timers == []
    await ruled.pass_grace()
    asked = await ruled.asked(ruled.members[0])
    assert (asked["state"], asked["accepted_version"]) == ("accepted_by_silence", 1)
    assert (await ruled.membership(ruled.members[0]))["state"] == "active"
    assert await ruled.counts() == (1, 3)


async def test_who_leaves_in_the_grace_is_out_and_stays_out(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Exit", "suspends")
    await ruled.amend(MATERIAL)
    left = await ruled.members[0].act("DELETE", f"{ruled.path}/memberships/me")
    assert left.status_code == 200
    await ruled.pass_grace()
    assert (await ruled.membership(ruled.members[0]))["state"] == "left"
    leaving = await ruled.members[1].act("DELETE", f"{ruled.path}/memberships/me")
    assert (leaving.status_code, leaving.json()["state"]) == (200, "left"), (
        "the exit right of who is suspended"
    )
    assert await ruled.counts() == (1, 1)


async def test_the_first_grace_that_ends_counts_and_one_acceptance_answers_all(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Twice", "suspends")
    await ruled.amend(MATERIAL)
    house.clock.advance(timedelta(seconds=30))
    await ruled.amend({"purpose": "Another one."})
    asked = await ruled.asked(ruled.members[0])
    assert (asked["asked_version"], asked["version_in_force"]) == (2, 3)
    assert (await ruled.accept(ruled.members[1])).json()["charter_version"] == 3
    await ruled.run_timers()
    assert await kinds_told(ruled, 0) == ["charter.amended"], "who is asked twice is told once"
    await ruled.pass_grace(less_seconds=30)
    assert (await ruled.membership(ruled.members[0]))["state"] == "suspended"
    await ruled.pass_grace()
    assert (await ruled.membership(ruled.members[1]))["state"] == "active"
    assert await ruled.counts() == (2, 2)


async def test_the_event_says_what_changed_and_by_when(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Told", "leaves", members=0)
    await ruled.amend({"parameters": {"admission": "invitation"}})
    charter = await ruled.amend(MATERIAL)
    rows = await house.rows(
        "SELECT data FROM outbox WHERE type = 'charter.amended' AND key = $1 ORDER BY position",
        ruled.union["id"],
    )
    quiet, material = (orjson.loads(row["data"]) for row in rows)
    assert (quiet["charter_version"], quiet["material"], quiet["grace_ends_at"]) == (2, False, None)
    assert (material["charter_hash"], material["by_silence"]) == (charter["hash"], "leaves")
    assert datetime.fromisoformat(material["grace_ends_at"]) == datetime.fromisoformat(
        charter["asking"]["grace_ends_at"]
    )


async def test_joining_reads_the_membership_as_it_is_kept(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Silent And Back", "suspends", members=1)
    await ruled.amend(MATERIAL)
    await ruled.pass_grace()
    [member] = ruled.members
    async with house.unit() as unit:
        scene = await joining_scene(unit, UUID(ruled.union["id"]), member.id, None)
        kept = await membership_of(unit, UUID(ruled.union["id"]), member.id)
    assert scene is not None
    assert kept is not None
    assert kept.is_silent
    assert scene.previous == kept
