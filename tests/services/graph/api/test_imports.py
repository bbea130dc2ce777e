"""An import only proposes: to each supporter alone, until they confirm, or until it is gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.graph.settings import GraphSettings
from tests.services.graph.house import GraphHouse, member_id

Rows = list[tuple[int, int]]


async def propose(house: GraphHouse, rows: Rows, number: int = 0) -> dict[str, Any]:
    body = {"rows": [[str(member_id(supporter)), str(member_id(leader))] for supporter, leader in rows]}
    answer = await house.act("POST", "/backlink-imports", body, number=number)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def confirm(house: GraphHouse, leaders: list[int], number: int = 1) -> Any:
    body = {"leaders": [str(member_id(leader)) for leader in leaders]}
    return await house.act("POST", "/backlink-proposals/confirmation", body, number=number)


async def test_an_import_reports_what_it_refused_and_why(house: GraphHouse) -> None:
    await house.back(1, 0)
    report = await propose(house, [(1, 0), (1, 2), (1, 2), (2, 2), (3, 99), (1, 3), (1, 4)])
    assert (report["rows_count"], report["proposed_count"], report["refused_count"]) == (7, 2, 5)
    assert report["refused_counts"] == {
        "already_backed": 1,
        "duplicate": 1,
        "oneself": 1,
        "not_a_member": 1,
        "over_the_cap": 1,
    }
    assert report["refused_examples"][0] == {
        "row": 0,
        "supporter_id": str(member_id(1)),
        "leader_id": str(member_id(0)),
        "reason": "already_backed",
    }
    assert (await house.get(f"/backlink-imports/{report['id']}", number=0)).json() == report
    again = await propose(house, [(1, 2)])
    assert again["refused_counts"] == {"already_proposed": 1}


async def test_only_the_founder_imports_and_reads_the_report(house: GraphHouse) -> None:
    body = {"rows": [[str(member_id(1)), str(member_id(2))]]}
    answer = await house.act("POST", "/backlink-imports", body, number=1)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-founder")
    report = await propose(house, [(1, 2)])
    for import_id in (report["id"], uuid4()):
        answer = await house.get(f"/backlink-imports/{import_id}", number=1)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/import-not-found")


async def test_too_many_rows_are_refused(house: GraphHouse) -> None:
    limit = GraphSettings.model_fields["import_rows_max_count"].default
    body = {"rows": [[str(member_id(1)), str(member_id(2))]] * (limit + 1)}
    answer = await house.act("POST", "/backlink-imports", body, number=0)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-many-rows")


async def test_an_empty_import_is_malformed(house: GraphHouse) -> None:
    answer = await house.act("POST", "/backlink-imports", {"rows": []}, number=0)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-body")


async def test_a_body_over_the_limit_is_refused(house: GraphHouse) -> None:
    body = {
        "rows": [[str(member_id(1)), str(member_id(2))]],
        "more": "x" * house.settings.request_body_max_bytes,
    }
    answer = await house.act("POST", "/backlink-imports", body, number=0)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


async def test_proposals_are_seen_by_their_supporter_and_counted_nowhere(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2), (3, 0)])
    mine = (await house.get("/backlink-proposals?limit=1")).json()
    assert [row["leader_id"] for row in mine["items"]] == [str(member_id(0))]
    rest = (await house.get(f"/backlink-proposals?cursor={mine['next_cursor']}")).json()
    assert [row["leader_id"] for row in rest["items"]] == [str(member_id(2))]
    assert (await house.get("/backlink-proposals", number=0)).json()["items"] == []
    assert (await house.get("/backlink-proposals", number=77)).status_code == 403
    leaders = (await house.get("/leaders")).json()
    assert (leaders["items"], leaders["backlinks_count"]) == ([], 0)


async def test_one_signed_act_confirms_them_all(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2)])
    answer = await confirm(house, [0, 2])
    assert answer.json() == {"version": 7, "confirmed_count": 2, "already_backed": [], "no_members": []}
    assert (await house.get("/leaders", after=answer)).json()["backlinks_count"] == 2
    assert (await house.get("/backlink-proposals")).json()["items"] == []
    events = await house.rows("SELECT key FROM outbox WHERE type = 'backlink'")
    assert len(events) == 2
    again = await confirm(house, [0, 2])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-proposed")


async def test_a_confirmation_may_name_some_and_leave_others(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2)])
    assert (await confirm(house, [2])).json()["confirmed_count"] == 1
    left = (await house.get("/backlink-proposals")).json()["items"]
    assert [row["leader_id"] for row in left] == [str(member_id(0))]


async def test_a_confirmation_of_what_nobody_proposed_is_refused_whole(house: GraphHouse) -> None:
    await propose(house, [(1, 0)])
    answer = await confirm(house, [0, 3])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-proposed")
    assert (answer.json()["leaders"], answer.json()["count"]) == ([str(member_id(3))], 1)
    assert await house.count("backlinks") == 0


async def test_a_confirmation_names_somebody(house: GraphHouse) -> None:
    answer = await confirm(house, [])
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-body")


async def test_a_confirmation_over_the_cap_is_refused(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2)])
    await house.back(1, 3, 4)
    answer = await confirm(house, [0, 2])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-backlinks")
    assert (await confirm(house, [0])).status_code == 200


async def test_a_confirmation_tells_who_is_backed_already_and_who_has_left(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2), (1, 3)])
    await house.back(1, 0)
    await house.leave(2)
    answer = (await confirm(house, [0, 2, 3])).json()
    assert answer["confirmed_count"] == 1
    assert [UUID(it) for it in answer["already_backed"]] == [member_id(0)]
    assert [UUID(it) for it in answer["no_members"]] == [member_id(2)]
    assert await house.count("backlink_proposals") == 0


async def test_proposals_are_gone_after_thirty_days(house: GraphHouse) -> None:
    await propose(house, [(1, 0), (1, 2)])
    await house.act("PUT", f"/backlinks/{member_id(3)}", number=1)
    house.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert len((await house.get("/backlink-proposals")).json()["items"]) == 2
    assert await house.chassis.timer_runner.run_due() == 0
    house.clock.advance(timedelta(seconds=1))
    assert (await house.get("/backlink-proposals")).json()["items"] == []
    late = await confirm(house, [0])
    assert late.json()["type"] == "/problems/not-proposed"
    assert await house.chassis.timer_runner.run_due() == 1
    assert await house.count("backlink_proposals") == 0
    assert await house.count("backlinks") == 1


async def test_the_same_key_imports_once(house: GraphHouse) -> None:
    body = {"rows": [[str(member_id(1)), str(member_id(2))]]}
    answers = [await house.act("POST", "/backlink-imports", body, number=0, key="one") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert await house.count("backlink_imports") == 1
