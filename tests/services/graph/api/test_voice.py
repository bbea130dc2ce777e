"""One voice each, to a leader whom the member backs."""

from tests.services.graph.house import GraphHouse, member_id


async def give(house: GraphHouse, number: int, leader: int) -> None:
    await house.back(number, leader)
    answer = await house.act("PUT", "/voice", {"leader": str(member_id(leader))}, number=number)
    assert answer.status_code == 200, answer.text


async def test_a_voice_is_given_changed_and_taken_back(house: GraphHouse) -> None:
    await give(house, 1, 0)
    await give(house, 1, 2)
    mine = (await house.get("/voice")).json()
    assert (mine["leader_id"], mine["topic"], mine["loop_members_count"]) == (str(member_id(2)), "", 0)
    for _ in range(2):
        assert (await house.act("DELETE", "/voice")).status_code == 204
    mine = (await house.get("/voice")).json()
    assert (mine["leader_id"], mine["version"]) == (None, None)
    changes = await house.rows("SELECT object_id, holds FROM graph_changes WHERE kind = 3 ORDER BY version")
    assert [tuple(row) for row in changes] == [
        (member_id(0), True),
        (member_id(2), True),
        (None, False),
    ]


async def test_giving_the_same_voice_again_changes_nothing(house: GraphHouse) -> None:
    await give(house, 1, 0)
    again = await house.act("PUT", "/voice", {"leader": str(member_id(0))})
    assert "guildhall-event" not in again.headers
    assert len(await house.rows("SELECT FROM graph_changes WHERE kind = 3")) == 1


async def test_a_voice_needs_a_backlink(house: GraphHouse) -> None:
    answer = await house.act("PUT", "/voice", {"leader": str(member_id(0))})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/voice-without-backlink")


async def test_nobody_gives_their_voice_to_themself(house: GraphHouse) -> None:
    answer = await house.act("PUT", "/voice", {"leader": str(member_id(1))})
    assert answer.json()["type"] == "/problems/backing-oneself"


async def test_who_left_is_given_no_voice(house: GraphHouse) -> None:
    await house.back(1, 2)
    await house.leave(2)
    answer = await house.act("PUT", "/voice", {"leader": str(member_id(2))})
    assert answer.json()["type"] == "/problems/leader-not-member"


async def test_a_malformed_body_is_refused(house: GraphHouse) -> None:
    answer = await house.act("PUT", "/voice", {"leader": "x", "more": 1})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-body")


async def test_a_loop_is_named(house: GraphHouse) -> None:
    await give(house, 1, 2)
    await give(house, 2, 3)
    answer = await house.act("PUT", f"/backlinks/{member_id(1)}", number=3)
    last = await house.act("PUT", "/voice", {"leader": str(member_id(1))}, number=3)
    assert answer.status_code == last.status_code == 200
    assert (await house.get("/voice", after=last)).json()["loop_members_count"] == 3
