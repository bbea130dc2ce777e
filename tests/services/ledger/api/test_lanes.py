"""Payments that come together are posted together, each with its own answer, act and line in the log."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from prometheus_client import REGISTRY

from services.ledger import lanes
from services.ledger.lanes import Lanes
from tests.services.ledger.arrays import array
from tests.services.ledger.house import GRANT_MINOR, PATH, UNION, LedgerHouse, account_of, member_id

MEMBERS = (1, 2, 3, 4)
WAITING = "guildhall_lane_waiting_requests"


def payment(payer: int, payee: int, minor: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "debit_account": f"members/{member_id(payer)}",
        "credit_account": f"members/{member_id(payee)}",
        "asset": "GLD",
        "minor": str(minor),
        "code": "pay",
    } | changed


async def pay(house: LedgerHouse, payer: int, *transfers: dict[str, Any]) -> httpx.Response:
    return await house.act("POST", "/transfers", {"transfers": list(transfers)}, number=payer)


@asynccontextmanager
async def held_head(house: LedgerHouse) -> AsyncGenerator[None]:
    """While entered, nobody posts in the union."""
    connection = await asyncpg.connect(house.database.owner_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM journal_heads WHERE union_id = $1 FOR UPDATE", UNION)
            yield
    finally:
        await connection.close()


async def until_waiting(count: int) -> None:
    """Until so many payments are in lanes, the one under way counted."""
    async with asyncio.timeout(10):
        # A gauge is looked at: nobody tells of it.
        while (REGISTRY.get_sample_value(WAITING) or 0) < count:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def test_what_comes_while_a_commit_is_under_way_is_one_entry(house: LedgerHouse) -> None:
    before = await house.count("journal_entries")
    async with held_head(house):
        first = asyncio.create_task(pay(house, 1, payment(1, 2)))
        await until_waiting(1)
        others = [
            asyncio.create_task(pay(house, payer, payment(payer, 1, 5), payment(payer, 2, GRANT_MINOR * 2)))
            for payer in (2, 3, 4) * 4
        ]
        await until_waiting(13)
    answers = [await task for task in (first, *others)]
    assert all(answer.status_code == 200 for answer in answers)
    for answer in answers[1:]:
        told = [one["result"] for one in answer.json()["results"]]
        assert told[0] == "posted" and told[1] in {"insufficient_funds", "accounts_the_same"}
        assert answer.headers["guildhall-event"].startswith("transfer.posted/")
    assert await house.count("journal_entries") == before + 2
    rows = await house.rows(
        "SELECT t.principal_id, a.sequence, a.last_sequence, s.member_id FROM transfers t "
        "JOIN transfer_acts a ON a.union_id = t.union_id "
        "AND t.sequence BETWEEN a.sequence AND a.last_sequence "
        "JOIN signed_acts s USING (device_key_id, nonce)"
    )
    assert len(rows) == 13 and all(row["principal_id"] == row["member_id"] for row in rows)
    log = await house.rows(
        "SELECT actor, act_log.changed, traceparent FROM act_log WHERE act_right = 'post transfers'"
    )
    assert len({row["traceparent"] for row in log}) == 13
    assert {row["actor"] for row in log} == {f"member:{member_id(number)}" for number in MEMBERS}
    assert await house.balance(account_of(1)) == GRANT_MINOR - 1 + 12 * 5


async def test_of_gathered_payments_none_takes_what_another_has_taken(house: LedgerHouse) -> None:
    async with held_head(house):
        tasks = [asyncio.create_task(pay(house, 1, payment(1, 2, GRANT_MINOR // 3 + 1))) for _ in range(8)]
        await until_waiting(8)
    results = [(await task).json()["results"][0]["result"] for task in tasks]
    assert sorted(results) == ["insufficient_funds"] * 6 + ["posted"] * 2


async def test_the_same_act_twice_in_a_gathering_is_one(house: LedgerHouse) -> None:
    content = orjson.dumps({"transfers": [payment(1, 2)]})
    headers = house.signed(1, "POST", f"{PATH}/transfers", content) | house.bearer(1)
    headers["content-type"] = "application/json"

    def send() -> asyncio.Task[httpx.Response]:
        return asyncio.create_task(house.client.post(f"{PATH}/transfers", content=content, headers=headers))

    async with held_head(house):
        blocking = asyncio.create_task(pay(house, 2, payment(2, 1)))
        await until_waiting(1)
        tasks = [send() for _ in range(3)]
        await until_waiting(4)
    assert (await blocking).status_code == 200
    answers = [await task for task in tasks]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {
        "/problems/act-replayed"
    }
    assert (await send()).status_code == 409
    assert await house.balance(account_of(2)) == GRANT_MINOR  # one in, one out


async def test_a_full_lane_says_so_and_loses_nothing(house: LedgerHouse) -> None:
    kept = house.app.state.lanes
    house.app.state.lanes = Lanes(house.settings.model_copy(update={"lane_waiting_max": 2}))
    try:
        async with held_head(house):
            tasks = [asyncio.create_task(pay(house, 1, payment(1, 2)))]
            await until_waiting(1)
            tasks += [asyncio.create_task(pay(house, 1, payment(1, 2))) for _ in range(2)]
            await until_waiting(3)
            refused = await pay(house, 1, payment(1, 2))
            assert (refused.status_code, refused.json()["type"]) == (429, "/problems/lane-full")
            assert refused.headers["retry-after"] == "1"
        assert [(await task).status_code for task in tasks] == [200] * 3
    finally:
        house.app.state.lanes = kept
    assert await house.balance(account_of(1)) == GRANT_MINOR - 3


async def test_a_request_that_breaks_the_posting_breaks_its_own_alone(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_posting = lanes.post_orders
    broken = payment(1, 2, memo="broken")

    async def post_orders(unit: Any, orders: Any) -> Any:
        if any(request.memo == "broken" for order, _, _ in orders for request in order.batch):
            raise asyncpg.DataError("this one cannot be written")
        return await true_posting(unit, orders)

    monkeypatch.setattr(lanes, "post_orders", post_orders)
    async with held_head(house):
        first = asyncio.create_task(pay(house, 2, payment(2, 1)))
        await until_waiting(1)
        good = [asyncio.create_task(pay(house, 3, payment(3, 1))) for _ in range(2)]
        bad = asyncio.create_task(pay(house, 1, broken))
        await until_waiting(4)
    with pytest.raises(asyncpg.DataError):
        await bad
    assert [(await task).status_code for task in (first, *good)] == [200] * 3


async def test_an_outage_is_told_to_all_who_wait_and_their_repeat_is_posted_once(house: LedgerHouse) -> None:
    transfers = [payment(1, 2) for _ in range(3)]
    async with held_head(house):
        tasks = [asyncio.create_task(pay(house, 1, one)) for one in transfers]
        await until_waiting(3)
        await house.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        assert (await tasks[0]).status_code == 503
    for task in tasks[1:]:
        assert (await task).status_code in {200, 503}
    for one in transfers:
        assert (await pay(house, 1, one)).json()["results"][0]["result"] in {"posted", "exists"}
    assert await house.balance(account_of(1)) == GRANT_MINOR - 3


async def test_many_at_once_leave_whole_books(house: LedgerHouse) -> None:
    async def payments(payer: int) -> list[str]:
        results: list[str] = []
        for turn in range(15):
            payee = MEMBERS[(payer + turn) % 4]
            answer = await pay(house, payer, payment(payer, payee if payee != payer else 0, 3))
            results += [one["result"] for one in answer.json()["results"]]
        return results

    told = await asyncio.gather(*(payments(payer) for payer in MEMBERS * 4))
    assert {result for results in told for result in results} == {"posted"}
    rows = await house.rows("SELECT sequence, entry_number FROM transfers ORDER BY sequence")
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    total = await house.rows("SELECT sum(balance_minor)::bigint FROM account_balances")
    assert total[0][0] == 0
    assert await house.count("journal_entries") < 16 * 15


async def test_payees_of_a_large_entry_are_all_told_once(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ledger.use_cases.tell_members.TOLD_AT_ONCE_MAX", 2)
    batch = [payment(1, payee) for payee in (0, 2, 3, 4, 2, 2, 4)]
    assert (await pay(house, 1, *batch)).status_code == 200
    assert await house.published("notice.requested.ledger") == []
    while await house.run_timers():
        pass
    told = await house.published("notice.requested.ledger")
    counts = {UUID(one["member_id"]): one["happened_count"] for one in told}
    assert len(told) == 4
    assert counts == {member_id(0): 1, member_id(2): 3, member_id(3): 1, member_id(4): 2}


@pytest.mark.parametrize(("transfers_max", "transactions"), [(303, 1), (302, 2), (101, 3)])
async def test_arrays_share_a_transaction_up_to_a_batch_of_transfers(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch, transfers_max: int, transactions: int
) -> None:
    monkeypatch.setattr(house.app.state.lanes, "_transfers_max", transfers_max)
    before = await house.count("journal_entries")
    async with held_head(house):
        tasks = [asyncio.create_task(pay(house, 1, payment(1, 2)))]
        await until_waiting(1)
        for payer in (2, 3, 4):
            paid = array([1] * (lanes.SMALL_TRANSFERS_MAX + 1), payer=payer, name=f"{payer}")
            tasks.append(asyncio.create_task(pay(house, payer, *paid)))
        await until_waiting(4)
    for task in tasks:
        assert {one["result"] for one in (await task).json()["results"]} == {"posted"}
    entries = await house.rows(
        "SELECT xmin::text AS wrote FROM journal_entries WHERE number > $1 + 1", before
    )
    assert len(entries) == 3
    assert len({row["wrote"] for row in entries}) == transactions
