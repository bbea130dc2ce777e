"""Every refusal of funding over HTTP: its status and its problem."""

from datetime import timedelta
from typing import Any

from services.funding.api.problems import FUNDING_PROBLEMS
from services.funding.domain.errors import SettlementNotWaiting
from tests.services.escrow_house import ROOT, House
from tests.services.funding.funding_acts import (
    DEADLINE_SECONDS,
    TARGET,
    held_pledge,
    pledge,
    project_body,
    proposed,
    slug_of,
    withdraw,
)

NOWHERE = "0195e0c2-0000-7000-8000-00000000dead"


WRONG_PROJECTS: list[tuple[dict[str, Any], str]] = [
    ({"target": {"asset": "SLV", "minor": "5"}}, "wrong-asset"),
    ({"target": {"asset": "GLD", "minor": "0"}}, "out-of-bounds"),
    ({"title": ""}, "out-of-bounds"),
    ({"title": "x" * 121}, "out-of-bounds"),
    ({"description": "x" * 8_001}, "out-of-bounds"),
    ({"deadline_at": "2027-03-01T12:00:00Z"}, "out-of-bounds"),
    ({"deadline_at": "0001-01-01T00:00:00+14:00"}, "out-of-bounds"),
    ({"deadline_at": "9999-12-31T23:59:59-14:00"}, "out-of-bounds"),
    ({"deadline_at": "2027-03-02T12:00:00"}, "malformed-body"),
    ({"title": "a\u0000b"}, "malformed-body"),
    ({"target": {"asset": "GLD", "minor": str(2**62 + 1)}}, "malformed-body"),
    ({"owner_id": NOWHERE}, "malformed-body"),
]


async def test_a_project_that_is_not_right_is_refused(funding: House) -> None:
    member = await funding.person()
    for changed, slug in WRONG_PROJECTS:
        refused = await funding.post(
            member, f"{ROOT}/projects", project_body(funding, **changed), signed=False
        )
        assert (refused.status_code, slug_of(refused)) == (422, slug)


async def test_outsiders_and_those_who_left_neither_propose_nor_pledge_nor_look(funding: House) -> None:
    owner, left, stranger = await funding.person(), await funding.person("left"), await funding.person(None)
    project = await proposed(funding, owner)
    for who, slug in ((None, "unauthenticated"), (left, "not-a-member"), (stranger, "not-a-member")):
        assert slug_of(await funding.get(who, f"{ROOT}/projects")) == slug
        refused = await funding.post(who, f"{ROOT}/projects", project_body(funding), signed=False)
        assert slug_of(refused) == slug
        if who is not None:
            assert slug_of(await pledge(funding, who, project["id"], 5)) == slug
    assert (await funding.get(None, "/v1/unions/nowhere/funding/summary")).status_code == 404


async def test_what_does_not_exist_is_not_found(funding: House) -> None:
    member = await funding.person()
    for refused in (
        await funding.get(member, f"{ROOT}/projects/{NOWHERE}"),
        await funding.get(member, f"{ROOT}/projects/{NOWHERE}/pledges"),
        await pledge(funding, member, NOWHERE, 5),
    ):
        assert (refused.status_code, slug_of(refused)) == (404, "project-not-found")
    for refused in (
        await funding.get(member, f"{ROOT}/pledges/{NOWHERE}"),
        await withdraw(funding, member, NOWHERE),
    ):
        assert (refused.status_code, slug_of(refused)) == (404, "pledge-not-found")


async def test_a_pledge_and_its_withdrawal_are_refused_without_a_signature(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    body = {"debit": {"asset": "GLD", "minor": "5", "to": f"projects/{project['id']}"}}
    path = f"{ROOT}/projects/{project['id']}/pledges"
    assert (await funding.post(backer, path, body, signed=False)).status_code == 401
    held = await held_pledge(funding, backer, project["id"], 5)
    assert (await withdraw(funding, backer, held["id"], signed=False)).status_code == 401


async def test_nobody_pledges_to_their_own_project(funding: House) -> None:
    owner = await funding.person()
    refused = await pledge(funding, owner, (await proposed(funding, owner))["id"], TARGET)
    assert (refused.status_code, slug_of(refused)) == (409, "own-project")
    assert not funding.ledger.transfers


WRONG_PLEDGES: list[tuple[int, dict[str, str], str]] = [
    (5, {"to": "projects/other"}, "debit-mismatch"),
    (5, {"asset": "SLV"}, "debit-mismatch"),
    (0, {}, "out-of-bounds"),
    (2**62 + 1, {}, "malformed-body"),
]


async def test_a_pledge_that_is_not_right_is_refused(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    for minor, debit, slug in WRONG_PLEDGES:
        refused = await pledge(funding, backer, project["id"], minor, **debit)
        assert (refused.status_code, slug_of(refused)) == (422, slug)
        assert not funding.ledger.transfers


async def test_at_the_deadline_pledging_and_withdrawing_end(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    held = await held_pledge(funding, backer, project["id"], 5)
    funding.clock.advance(timedelta(seconds=DEADLINE_SECONDS))
    for refused in (
        await pledge(funding, backer, project["id"], 5),
        await withdraw(funding, backer, held["id"]),
    ):
        assert (refused.status_code, slug_of(refused)) == (409, "project-deadline-passed")


async def test_a_settled_project_takes_no_pledge_and_gives_none_back(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    held = await held_pledge(funding, backer, project["id"], TARGET)
    await funding.reconcile()
    assert slug_of(await pledge(funding, backer, project["id"], 5)) == "project-not-open"
    assert slug_of(await withdraw(funding, backer, held["id"])) == "pledge-not-held"


async def test_only_the_backer_withdraws_also_after_leaving(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    held = await held_pledge(funding, backer, project["id"], 5)
    refused = await withdraw(funding, owner, held["id"])
    assert (refused.status_code, slug_of(refused)) == (403, "not-backer")
    await funding.keep_membership(backer, "left", version=2)
    await funding.keep_membership(owner, "left", version=2)
    assert slug_of(await funding.get(owner, f"{ROOT}/pledges/{held['id']}")) == "pledge-not-found"
    assert (await withdraw(funding, backer, held["id"])).json()["state"] == "withdrawn"


async def test_projects_and_pledges_are_limited(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project, _ = [await proposed(funding, owner) for _ in range(2)]
    refused = await funding.post(owner, f"{ROOT}/projects", project_body(funding), signed=False)
    assert (refused.status_code, slug_of(refused)) == (409, "too-many-open-projects")
    for _ in range(5):
        await held_pledge(funding, backer, project["id"], 5)
    refused = await pledge(funding, backer, project["id"], 5)
    assert (refused.status_code, slug_of(refused)) == (409, "too-many-pledges")


async def test_nobody_pays_out_or_refunds_by_hand(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    await held_pledge(funding, backer, project["id"], 5)
    path = f"{ROOT}/projects/{project['id']}"
    for verb in ("payout", "refunds", "settlement"):
        assert (await funding.post(owner, f"{path}/{verb}")).status_code in {404, 405}
    assert (await funding.delete(owner, path)).status_code == 405


def test_an_answer_that_nothing_waits_for_would_be_a_conflict() -> None:
    assert FUNDING_PROBLEMS[SettlementNotWaiting].status == 409


WRONG_CURSORS = ["nonsense", "WzFd", "WyJub3QtYW4taWQiXQ"]


async def test_a_cursor_of_another_list_is_refused(funding: House) -> None:
    member = await funding.person()
    for cursor in WRONG_CURSORS:
        refused = await funding.get(member, f"{ROOT}/projects?cursor={cursor}")
        assert (refused.status_code, slug_of(refused)) == (400, "cursor-invalid")


async def test_projects_and_pledges_are_listed_with_filters_and_pages(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    first, second = [await proposed(funding, owner) for _ in range(2)]
    for backer in (one, two, one):
        await held_pledge(funding, backer, first["id"], 5)
    await held_pledge(funding, two, second["id"], TARGET)
    await funding.reconcile()

    async def ids(path: str) -> list[str]:
        return [row["id"] for row in (await funding.get(one, f"{ROOT}/projects{path}")).json()["items"]]

    assert await ids("") == sorted([first["id"], second["id"]], reverse=True)
    assert await ids("?state=open") == [first["id"]]
    assert await ids("?mine=true") == []
    assert len(await ids(f"/{first['id']}/pledges")) == 3
    assert len(await ids(f"/{first['id']}/pledges?mine=true")) == 2
    assert len(await ids(f"/{first['id']}/pledges?state=refused")) == 0
    page = await funding.get(one, f"{ROOT}/projects/{first['id']}/pledges?limit=2")
    following = page.headers["link"].split(";")[0].strip("<>")
    assert len((await funding.get(one, following)).json()["items"]) == 1
