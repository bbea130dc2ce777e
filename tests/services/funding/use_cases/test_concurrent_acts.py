"""What several members, the ledger and the deadline do at the same moment: every unit is counted once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.funding.domain.errors import SettlementNotWaiting
from services.funding.use_cases import record_settlement
from services.funding.use_cases.answer_pledge import answer_pledge
from tests.services.escrow_house import UNION, House
from tests.services.funding.funding_acts import (
    DEADLINE_SECONDS,
    end_run,
    held_pledge,
    pledge,
    pledge_states,
    present,
    proposed,
    withdraw,
)


async def test_pledges_at_once_are_all_counted_and_the_project_is_paid_once(funding: House) -> None:
    owner, *backers = [await funding.person() for _ in range(6)]
    project = await proposed(funding, owner)
    answers = await asyncio.gather(*(pledge(funding, backer, project["id"], 200) for backer in backers))
    assert [answer.status_code for answer in answers] == [201] * 5
    await funding.reconcile()
    paid = await present(funding, owner, project["id"])
    assert (paid["state"], paid["pledged"]["minor"], paid["unanswered_count"]) == ("paid_out", "1000", 0)
    assert len(funding.ledger.posted("project_payout")) == 1


async def test_a_pledge_and_the_deadline_at_once_lose_and_double_nothing(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    await held_pledge(funding, one, project["id"], 900)
    funding.ledger.is_away = True
    await pledge(funding, two, project["id"], 100)
    funding.ledger.is_away = False
    funding.clock.advance(timedelta(seconds=DEADLINE_SECONDS))

    await asyncio.gather(funding.chassis.timer_runner.run_due(), funding.reconcile())
    await funding.reconcile()

    assert (await present(funding, owner, project["id"]))["state"] == "paid_out"
    assert await pledge_states(funding, project["id"]) == ["paid_out", "paid_out"]
    assert not funding.ledger.announcements


async def test_a_withdrawal_and_the_last_pledge_at_once_leave_the_escrow_right(funding: House) -> None:
    owner, one, two = [await funding.person() for _ in range(3)]
    project = await proposed(funding, owner)
    first = await held_pledge(funding, one, project["id"], 600)
    await asyncio.gather(withdraw(funding, one, first["id"]), pledge(funding, two, project["id"], 400))
    await funding.reconcile()
    await funding.reconcile()
    shown = await present(funding, owner, project["id"])
    escrow = sum(int(sent["minor"]) for sent in funding.ledger.posted("pledge"))
    escrow -= sum(int(sent["minor"]) for sent in funding.ledger.posted("pledge_refund"))
    assert int(shown["pledged"]["minor"]) == escrow
    assert shown["state"] == ("paid_out" if escrow == 1_000 else "open")


async def test_a_withdrawal_twice_at_once_returns_the_money_once(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    held = await held_pledge(funding, backer, project["id"], 600)
    answers = await asyncio.gather(*(withdraw(funding, backer, held["id"]) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(funding.ledger.posted("pledge_refund")) == 1
    assert (await present(funding, owner, project["id"]))["pledges_count"] == 0


async def test_a_pledge_repeated_under_its_key_is_one_pledge(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    first = await pledge(funding, backer, project["id"], 5, key="once")
    again = await pledge(funding, backer, project["id"], 5, key="once")
    assert first.json() == again.json()
    assert len(funding.ledger.posted("pledge")) == 1


async def test_a_second_answer_to_a_pledge_is_no_answer(funding: House) -> None:
    owner, backer = await funding.person(), await funding.person()
    held = await held_pledge(funding, backer, (await proposed(funding, owner))["id"], 5)

    async def answer_again() -> None:
        async with funding.unit() as unit:
            await answer_pledge(unit, UNION, held["id"], "insufficient_funds")

    with pytest.raises(SettlementNotWaiting):
        await answer_again()


async def test_a_run_of_many_pledges_goes_in_full_chunks_and_a_rest(
    funding: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_settlement, "LINES_PER_CHUNK", 2)
    owner, backer = await funding.person(), await funding.person()
    project = await proposed(funding, owner)
    for minor in range(1, 6):
        await held_pledge(funding, backer, project["id"], minor)
    await funding.pass_time(DEADLINE_SECONDS)
    chunks: list[Any] = await funding.rows(
        "SELECT payload->>'chunk' AS chunk, jsonb_array_length(payload->'lines') AS lines_count "
        "FROM intents WHERE kind = 'project.refund' ORDER BY 1"
    )
    assert [(row["chunk"], row["lines_count"]) for row in chunks] == [("0", 2), ("1", 2), ("2", 1)]
    (lines,) = funding.ledger.lines.values()
    assert sorted(line["minor"] for line in lines) == ["1", "2", "3", "4", "5"]
    await end_run(funding)
    assert await pledge_states(funding, project["id"]) == ["refunded"] * 5
