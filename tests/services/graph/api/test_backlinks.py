"""Backing and withdrawing: repeatable, refused with a reason, every change a row of the change table."""

from uuid import uuid4

import asyncpg
import pytest

from chassis.membership.projection import keep_union
from tests.services.graph.house import PATH, UNION, GraphHouse, member_id, membership_event, union_event


async def test_backing_is_a_change_a_row_and_an_event(house: GraphHouse) -> None:
    answer = await house.act("PUT", f"/backlinks/{member_id(0)}", number=1)
    assert answer.status_code == 200
    assert answer.json() == {
        "supporter_id": str(member_id(1)),
        "leader_id": str(member_id(0)),
        "topic": "",
        "state": "active",
        "version": 6,
        "since": "2027-03-01T12:00:00Z",
    }
    assert answer.headers["guildhall-event"].startswith("backlink/")
    changes = await house.rows("SELECT * FROM graph_changes WHERE kind = 2")
    assert [(row["union_id"], row["version"], row["holds"]) for row in changes] == [(UNION, 6, True)]
    assert await house.count("act_log") == 1
    assert await house.count("signed_acts") == 1


async def test_backing_twice_changes_nothing(house: GraphHouse) -> None:
    first = await house.act("PUT", f"/backlinks/{member_id(0)}")
    again = await house.act("PUT", f"/backlinks/{member_id(0)}")
    assert again.json() == first.json()
    assert "guildhall-event" not in again.headers
    assert len(await house.rows("SELECT FROM graph_changes WHERE kind = 2")) == 1


async def test_withdrawing_is_a_change_of_its_own_and_repeats(house: GraphHouse) -> None:
    await house.back(1, 0)
    for _ in range(2):
        answer = await house.act("DELETE", f"/backlinks/{member_id(0)}")
        assert answer.status_code == 204
    changes = await house.rows("SELECT version, holds FROM graph_changes WHERE kind = 2 ORDER BY version")
    assert [(row["version"], row["holds"]) for row in changes] == [(6, True), (7, False)]
    assert await house.count("backlinks") == 0


async def test_withdrawing_takes_the_voice_back_that_the_leader_carries(house: GraphHouse) -> None:
    await house.back(1, 0, 2)
    await house.act("PUT", "/voice", {"leader": str(member_id(0))})
    await house.act("DELETE", f"/backlinks/{member_id(2)}")
    assert (await house.get("/voice")).json()["leader_id"] == str(member_id(0))
    answer = await house.act("DELETE", f"/backlinks/{member_id(0)}")
    assert {event.split("/")[0] for event in answer.headers["guildhall-event"].split(", ")} == {
        "backlink",
        "voice",
    }
    assert (await house.get("/voice")).json()["leader_id"] is None


async def test_nobody_backs_themself(house: GraphHouse) -> None:
    answer = await house.act("PUT", f"/backlinks/{member_id(1)}", number=1)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/backing-oneself")


async def test_a_stranger_is_not_backed(house: GraphHouse) -> None:
    answer = await house.act("PUT", f"/backlinks/{uuid4()}")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/leader-not-member")


async def test_who_left_is_not_backed(house: GraphHouse) -> None:
    await house.leave(2)
    answer = await house.act("PUT", f"/backlinks/{member_id(2)}")
    assert answer.json()["type"] == "/problems/leader-not-member"


async def test_a_leader_whom_the_projection_does_not_know_is_asked_for_once(house: GraphHouse) -> None:
    house.identity.memberships[member_id(9)] = membership_event(9)
    await house.back(1, 9)
    await house.back(2, 9)
    assert len(house.identity.asked) == 1


async def test_the_cap_is_refused_with_both_numbers(house: GraphHouse) -> None:
    await house.back(1, 0, 2, 3)
    answer = await house.act("PUT", f"/backlinks/{member_id(4)}")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-backlinks")
    assert (answer.json()["limit"], answer.json()["wanted"]) == (3, 4)
    await house.act("DELETE", f"/backlinks/{member_id(2)}")
    await house.back(1, 4)


@pytest.mark.parametrize(("named", "cap"), [(2, 2), (900, 3)])
async def test_the_charters_cap_is_obeyed_within_the_houses(house: GraphHouse, named: int, cap: int) -> None:
    amended = union_event().model_copy(update={"version": 2, "parameters": {"backlinks_max_count": named}})
    async with house.chassis.unit("tests") as unit:
        await keep_union(await unit.raw(), amended)
    for leader in (0, 2, 3)[:cap]:
        await house.back(1, leader)
    answer = await house.act("PUT", f"/backlinks/{member_id(4)}")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-backlinks")
    assert str(cap) in answer.json()["detail"]


async def test_an_outsider_does_not_back(house: GraphHouse) -> None:
    answer = await house.act("PUT", f"/backlinks/{member_id(1)}", number=77)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-a-member")


async def test_who_left_does_not_back_but_withdraws(house: GraphHouse) -> None:
    await house.back(1, 0)
    await house.leave(1)
    refused = await house.act("PUT", f"/backlinks/{member_id(2)}")
    assert refused.json()["type"] == "/problems/not-a-member"
    assert (await house.act("DELETE", f"/backlinks/{member_id(0)}")).status_code == 204
    assert await house.count("backlinks") == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"/backlinks/{member_id(0)}"),
        ("DELETE", f"/backlinks/{member_id(0)}"),
        ("PUT", "/voice"),
        ("DELETE", "/voice"),
        ("POST", "/backlink-imports"),
        ("POST", "/backlink-proposals/confirmation"),
    ],
)
async def test_what_binds_is_signed(house: GraphHouse, method: str, path: str) -> None:
    headers = (await house.get("/voice", number=0)).request.headers
    bearer = {"authorization": headers["authorization"], "content-type": "application/json"}
    unsigned = await house.client.request(method, PATH + path, headers=bearer, content=b"{}")
    assert (unsigned.status_code, unsigned.json()["type"]) == (401, "/problems/act-unsigned")
    nobody = await house.client.request(method, PATH + path, content=b"{}")
    assert (nobody.status_code, nobody.json()["type"]) == (401, "/problems/unauthenticated")


async def test_a_malformed_leader_is_refused(house: GraphHouse) -> None:
    answer = await house.act("PUT", "/backlinks/somebody")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-body")


async def test_my_backlinks_come_in_pages(house: GraphHouse) -> None:
    await house.back(1, 0, 2, 3)
    seen: list[str] = []
    path = "/backlinks?limit=2"
    while path:
        page = (await house.get(path)).json()
        seen += [row["leader_id"] for row in page["items"]]
        path = page["next_cursor"] and f"/backlinks?limit=2&cursor={page['next_cursor']}"
    assert seen == [str(member_id(number)) for number in (0, 2, 3)]


async def test_members_see_who_backs_a_leader_and_outsiders_do_not(house: GraphHouse) -> None:
    await house.back(1, 0)
    await house.back(2, 0)
    listed = (await house.get(f"/backlinks?leader={member_id(0)}", number=3)).json()
    assert [row["supporter_id"] for row in listed["items"]] == [str(member_id(1)), str(member_id(2))]
    for outsider in (None, 77):
        answer = await house.get(f"/backlinks?leader={member_id(0)}", number=outsider)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/names-for-members-only")


async def test_another_lists_cursor_is_refused(house: GraphHouse) -> None:
    answer = await house.get("/backlinks?cursor=WyJ4Il0")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/cursor-invalid")


async def test_the_history_cannot_be_rewritten_by_the_running_service(house: GraphHouse) -> None:
    connection = await asyncpg.connect(house.database.url)
    try:
        for statement in ("UPDATE graph_changes SET version = 9", "DELETE FROM graph_changes"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
