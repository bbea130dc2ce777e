"""A project from its proposal to its payout or its refunds, over HTTP: all or nothing."""

import hashlib
from uuid import UUID

from services.funding.domain.escrow import escrow_account_id
from tests.services.escrow_house import ROOT, UNION, House
from tests.services.funding.funding_acts import (
    DEADLINE_SECONDS,
    end_run,
    held_pledge,
    pledge,
    pledge_states,
    present,
    proposed,
    slug_of,
    withdraw,
)


async def test_a_project_that_reaches_its_target_is_paid_out_at_once(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    await held_pledge(funding, one, project["id"], 400)
    await held_pledge(funding, two, project["id"], 700)
    await funding.reconcile()

    paid = await present(funding, owner, project["id"])
    assert (paid["state"], paid["pledged"]["minor"], paid["pledges_count"]) == ("paid_out", "1100", 2)
    assert await pledge_states(funding, project["id"]) == ["paid_out", "paid_out"]
    escrow = str(escrow_account_id(UNION, UUID(project["id"])))
    assert funding.ledger.escrows == [
        {
            "id": escrow,
            "kind": "escrow",
            "asset": "GLD",
            "resource": f"projects/{project['id']}",
            "payees": [f"members/{owner.id}"],
            "exit_to": "contributors",
        }
    ]
    moved = [
        (sent["debit_account"], sent["credit_account"], sent["minor"], sent["code"])
        for sent in funding.ledger.transfers
    ]
    assert moved == [
        (f"members/{one.id}", escrow, "400", "pledge"),
        (f"members/{two.id}", escrow, "700", "pledge"),
        (escrow, f"members/{owner.id}", "1100", "project_payout"),
    ]
    states = [(event["state"], event["pledged_minor"]) for event in await funding.published("project")]
    assert states == [("open", "0"), ("open", "400"), ("paying", "1100"), ("paid_out", "1100")]
    (fact,) = await funding.published("project.paid")
    assert (fact["owner_id"], fact["paid_minor"]) == (str(owner.id), "1100")
    assert len(await funding.published("pledge.made")) == 2


async def test_a_missed_deadline_refunds_every_pledge_by_a_run(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    for backer, minor in ((one, 400), (two, 500), (one, 50)):
        await held_pledge(funding, backer, project["id"], minor)
    await funding.pass_time(DEADLINE_SECONDS - 1)
    assert (await present(funding, one, project["id"]))["state"] == "open"

    await funding.pass_time(1)

    assert (await present(funding, one, project["id"]))["state"] == "refunding"
    ((run_id, announced),) = funding.ledger.announcements.items()
    lines = funding.ledger.lines[run_id]
    escrow = str(escrow_account_id(UNION, UUID(project["id"])))
    assert {line["debit_account"] for line in lines} == {escrow}
    refunds = sorted((line["credit_account"], line["minor"]) for line in lines)
    pledged = [(f"members/{backer.id}", str(minor)) for backer, minor in ((one, 400), (two, 500), (one, 50))]
    assert refunds == sorted(pledged)
    fields = ("debit_account", "credit_account", "asset", "minor", "code")
    text = "".join(",".join(line[name] for name in fields) + "\n" for line in lines)
    assert announced["lines_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert announced["lines_count"] == 3

    await end_run(funding)
    assert (await present(funding, one, project["id"]))["state"] == "refunded"
    assert await pledge_states(funding, project["id"]) == ["refunded"] * 3
    (fact,) = await funding.published("project.refunded")
    assert (fact["refunded_minor"], fact["pledges_count"]) == ("950", 3)
    assert not funding.ledger.posted("project_payout")


async def test_a_project_without_a_pledge_ends_at_its_deadline_without_a_run(funding: House) -> None:
    owner = await funding.person()
    project = await proposed(funding, owner)
    await funding.pass_time(DEADLINE_SECONDS)
    assert (await present(funding, owner, project["id"]))["state"] == "refunded"
    assert not funding.ledger.announcements


async def test_a_refused_pledge_counts_nothing_and_says_why(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    funding.ledger.refuses["pledge"] = "insufficient_funds"
    refused = await pledge(funding, backer, project["id"], 2_000)
    assert (refused.status_code, slug_of(refused)) == (409, "refused-by-ledger")
    assert refused.json()["code"] == "insufficient_funds"
    seen = (await funding.get(backer, refused.json()["resource"])).json()
    assert (seen["state"], seen["refusal"]) == ("refused", "insufficient_funds")
    shown = await present(funding, owner, project["id"])
    assert (shown["state"], shown["pledged"]["minor"], shown["unanswered_count"]) == ("open", "0", 0)


async def test_a_withdrawn_pledge_goes_back_and_counts_no_more(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    pledged = await held_pledge(funding, backer, project["id"], 400)
    gone = await withdraw(funding, backer, pledged["id"])
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    (refund,) = funding.ledger.posted("pledge_refund")
    assert (refund["credit_account"], refund["minor"]) == (f"members/{backer.id}", "400")
    assert (await present(funding, owner, project["id"]))["pledged"]["minor"] == "0"
    again = await withdraw(funding, backer, pledged["id"])
    assert (again.status_code, again.json()["state"]) == (200, "withdrawn")
    assert len(funding.ledger.posted("pledge_refund")) == 1
    assert len(await funding.published("pledge.withdrawn")) == 1


async def test_a_refused_withdrawal_leaves_the_pledge_in_escrow_and_it_can_be_tried_again(
    funding: House,
) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    pledged = await held_pledge(funding, backer, project["id"], 400)
    funding.ledger.refuses["pledge_refund"] = "contribution_exceeded"
    assert slug_of(await withdraw(funding, backer, pledged["id"])) == "refused-by-ledger"
    assert await pledge_states(funding, project["id"]) == ["held"]
    assert (await present(funding, owner, project["id"]))["pledged"]["minor"] == "400"
    funding.ledger.refuses.clear()
    assert (await withdraw(funding, backer, pledged["id"])).json()["state"] == "withdrawn"


async def test_a_pledge_that_is_unanswered_at_the_deadline_still_decides(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    await held_pledge(funding, one, project["id"], 900)
    funding.ledger.is_away = True
    waiting = await pledge(funding, two, project["id"], 100)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    await funding.pass_time(DEADLINE_SECONDS)
    assert (await present(funding, owner, project["id"]))["state"] == "open"

    funding.ledger.is_away = False
    await funding.reconcile()
    await funding.reconcile()
    assert (await present(funding, owner, project["id"]))["state"] == "paid_out"


async def test_a_pledge_that_is_answered_after_a_missed_deadline_is_refunded_with_the_others(
    funding: House,
) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    await held_pledge(funding, one, project["id"], 500)
    funding.ledger.is_away = True
    await pledge(funding, two, project["id"], 100)
    await funding.pass_time(DEADLINE_SECONDS)
    funding.ledger.is_away = False
    await funding.reconcile()
    await funding.reconcile()
    (lines,) = funding.ledger.lines.values()
    assert sorted(line["minor"] for line in lines) == ["100", "500"]
    await end_run(funding)
    assert await pledge_states(funding, project["id"]) == ["refunded", "refunded"]


async def test_a_reached_project_waits_for_every_unanswered_pledge_before_it_pays(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    funding.ledger.is_away = True
    waiting = (await pledge(funding, one, project["id"], 50)).json()
    funding.ledger.is_away = False
    await held_pledge(funding, two, project["id"], 1_000)
    assert (await present(funding, owner, project["id"]))["state"] == "reached"
    assert slug_of(await pledge(funding, two, project["id"], 5)) == "project-not-open"

    await funding.reconcile()
    await funding.reconcile()
    paid = await present(funding, owner, project["id"])
    assert (paid["state"], paid["pledged"]["minor"]) == ("paid_out", "1050")
    seen = (await funding.get(one, f"{ROOT}/pledges/{waiting['id']}")).json()
    assert seen["state"] == "paid_out"


async def test_a_refused_payout_is_shown_and_tried_again_as_a_new_transfer(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    funding.ledger.refuses["project_payout"] = "payee_not_permitted"
    await held_pledge(funding, backer, project["id"], 1_000)
    await funding.reconcile()
    stuck = await present(funding, owner, project["id"])
    assert (stuck["state"], stuck["refusal"]) == ("paying", "payee_not_permitted")
    funding.ledger.refuses.clear()
    await funding.pass_time(3_600)
    assert (await present(funding, owner, project["id"]))["state"] == "paid_out"
    assert len(funding.ledger.posted("project_payout")) == 1


async def test_a_run_that_the_ledger_does_not_take_is_tried_again_as_a_new_run(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    await held_pledge(funding, backer, project["id"], 10)
    funding.ledger.statuses["PUT lines"] = 409
    await funding.pass_time(DEADLINE_SECONDS)
    stuck = await present(funding, owner, project["id"])
    assert (stuck["state"], stuck["refusal"]) == ("refunding", "told_409")
    first = dict(funding.ledger.announcements)
    funding.ledger.statuses.clear()
    funding.ledger.announcements.clear()
    await funding.pass_time(3_600)
    assert not set(first) & set(funding.ledger.announcements)
    await end_run(funding)
    assert (await present(funding, owner, project["id"]))["state"] == "refunded"


async def test_only_the_pledges_whose_refund_was_refused_are_tried_again(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    for minor in (1, 2, 3, 4):
        await held_pledge(funding, backer, project["id"], minor)
    await funding.pass_time(DEADLINE_SECONDS)
    (first_run,) = funding.ledger.lines
    await end_run(funding, "posting")
    assert (await present(funding, owner, project["id"]))["refusal"] is None

    funding.ledger.refused_places = [0, 2]
    await end_run(funding, refused_count=2)
    await funding.reconcile()
    shown = await present(funding, owner, project["id"])
    assert (shown["state"], shown["refusal"]) == ("refunding", "run_lines_refused")
    assert await pledge_states(funding, project["id"]) == ["held", "refunded", "held", "refunded"]

    funding.ledger.announcements.clear()
    await funding.pass_time(3_600)
    (second_run,) = funding.ledger.announcements
    lines = funding.ledger.lines
    assert lines[second_run] == [lines[first_run][0], lines[first_run][2]]
    await end_run(funding)
    assert await pledge_states(funding, project["id"]) == ["refunded"] * 4
    (fact,) = await funding.published("project.refunded")
    assert (fact["refunded_minor"], fact["pledges_count"]) == ("10", 4)


async def test_a_run_that_the_ledger_gave_up_is_shown(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    await held_pledge(funding, backer, project["id"], 10)
    await funding.pass_time(DEADLINE_SECONDS)
    await end_run(funding, "refused")
    assert (await present(funding, owner, project["id"]))["refusal"] == "run_refused"
    assert await pledge_states(funding, project["id"]) == ["held"]


async def test_the_sums_of_the_month_are_open_to_everybody(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    paid, running = [await proposed(funding, owner) for _ in range(2)]
    await held_pledge(funding, backer, paid["id"], 1_200)
    await held_pledge(funding, backer, running["id"], 30)
    await funding.reconcile()
    summary = (await funding.get(None, "/v1/unions/painters/funding/summary")).json()
    assert summary["funded"] == {"asset": "GLD", "minor": "1200", "text": "0.0012"}
    assert summary["pledged"]["minor"] == "30"
    assert (summary["paid_out_projects_count"], summary["open_projects_count"]) == (1, 1)
