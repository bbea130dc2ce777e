"""Conflicting transfers at once: zero-sum, nothing negative, no gap, the chain whole, pointers true."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.journal import GENESIS_HASH, Head, head_at, leaves_of, next_entry
from services.ledger.domain.rights import MOVING_NOTHING, member_principal
from services.ledger.domain.transfers import Flag, Particulars
from services.ledger.store.journal import find_salt_key, rows_between
from services.ledger.use_cases.post_transfers import PostingLimits, TransferDraft, post_transfers
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, SUPPLY_MINOR, UNION, LedgerHouse, account_of, member_id

TASKS, BATCHES = 8, 12
LIMITS = PostingLimits(100, 0)
HOLDING_LIMITS = PostingLimits(100, 100)


async def test_conflicting_batches_leave_sound_books(house: LedgerHouse) -> None:
    acknowledged: dict[tuple[UUID, UUID], str] = {}
    async with asyncio.TaskGroup() as group:
        for task in range(TASKS):
            group.create_task(_one_member(house, task, acknowledged))
    assert set(acknowledged.values()) == {"posted", "insufficient_funds"}
    await check_books(house)
    stored = await house.rows("SELECT principal_id, id FROM transfers WHERE code = 10")
    posted = {key for key, result in acknowledged.items() if result == "posted"}
    assert {(row["principal_id"], row["id"]) for row in stored} == posted


async def test_holds_that_race_are_ended_once(house: LedgerHouse) -> None:
    """Each of four payers opens holds for the next member, who takes and releases them from several tasks,
    while the payers spend what is left and time goes by."""
    async with asyncio.TaskGroup() as group:
        for task in range(TASKS):
            group.create_task(_reserve_and_pay(house, task))
            group.create_task(_end_holds(house, task))
        group.create_task(_let_time_pass(house))
    house.clock.advance(timedelta(days=8))
    while await house.run_timers():
        pass
    await check_books(house)
    ends = Counter(row["state"] for row in await house.rows("SELECT state FROM holds"))
    assert ends.keys() == {"posted", "voided", "expired"}, ends
    closed = await house.rows("SELECT count(*), count(DISTINCT closed_sequence) FROM holds")
    assert closed[0][0] == closed[0][1]
    ended = await house.rows("SELECT count(*) FROM transfers WHERE code IN (12, 13, 14)")
    assert ended[0][0] == closed[0][0]


def _draft(payer: int, code: str, amount_minor: int, transfer_id: UUID, **particulars: Any) -> TransferDraft:
    return TransferDraft(
        id=transfer_id,
        debit_account=str(account_of(payer)),
        credit_account=str(account_of(1 + payer % 4)),
        asset="GLD",
        amount_minor=amount_minor,
        code=code,
        particulars=Particulars(**particulars) if particulars else None,
    )


async def _post(house: LedgerHouse, number: int, *drafts: TransferDraft) -> None:
    async with house.unit() as unit:
        union, principal = await house.union(unit), member_principal(member_id(number))
        await post_transfers(unit, union, principal, drafts, HOLDING_LIMITS)


async def _reserve_and_pay(house: LedgerHouse, task: int) -> None:
    payer, chance = 1 + task % 4, random.Random(task)
    for place in range(BATCHES):
        hold = _draft(
            payer,
            "hold",
            chance.randrange(1, GRANT_MINOR // 4),
            named(f"hold {payer} {place}"),  # of both of the payer's tasks
            timeout_seconds=chance.choice([1, 60, 604_800]),
        )
        spent = _draft(payer, "pay", chance.randrange(1, GRANT_MINOR), named(f"pay {task} {place}"))
        await _post(house, payer, hold, spent)


async def _end_holds(house: LedgerHouse, task: int) -> None:
    payer, chance = 1 + task % 4, random.Random(100 + task)
    for place in range(2 * BATCHES):
        hold = named(f"hold {payer} {place % (BATCHES - 4)}")  # the last four are left to their time
        code = chance.choice(["hold_post", "hold_void"])
        end = _draft(payer, code, GRANT_MINOR, named(f"end {task} {place}"), pending_id=hold)
        await _post(house, 1 + payer % 4, end._replace(flags=Flag.BALANCING_DEBIT))


async def _let_time_pass(house: LedgerHouse) -> None:
    for _ in range(20):
        house.clock.advance(timedelta(seconds=1))
        await house.run_timers()
        await asyncio.sleep(0.02)


async def _one_member(house: LedgerHouse, task: int, acknowledged: dict[tuple[UUID, UUID], str]) -> None:
    """Two tasks act as each of the four members, and both send the same ids again and again."""
    payer = 1 + task % 4
    chance = random.Random(payer)
    for batch in range(BATCHES):
        drafts = [
            TransferDraft(
                id=derived_id(named("concurrent"), str(payer), str(batch), str(place)),
                debit_account=str(account_of(payer)),
                credit_account=str(account_of(chance.choice([n for n in range(1, 5) if n != payer]))),
                asset="GLD",
                amount_minor=chance.randrange(1, GRANT_MINOR),
                code="pay",
            )
            for place in range(5)
        ]
        async with house.unit() as unit:
            answers = await post_transfers(
                unit,
                await house.union(unit),
                member_principal(member_id(payer)),
                drafts,
                LIMITS,
            )
        for answer in answers:
            key = (member_id(payer), answer.id)
            result = (answer.first_result or answer.result).value
            if result == "exists":
                result = "posted"
            assert acknowledged.setdefault(key, result) == result


async def check_books(house: LedgerHouse) -> None:
    """Recompute everything from the raw rows of the union."""
    rows = await house.rows(
        "SELECT t.*, d.id AS debit_account, c.id AS credit_account FROM transfers t "
        "JOIN accounts d ON d.number = t.debit_number JOIN accounts c ON c.number = t.credit_number "
        "WHERE t.union_id = $1 ORDER BY sequence",
        UNION,
    )
    kinds = {row["number"]: row["kind"] for row in await house.rows("SELECT number, kind FROM accounts")}
    balances: Counter[int] = Counter()
    last: dict[int, int] = {}
    for place, row in enumerate(rows, start=1):
        assert row["sequence"] == place
        if row["code"] in MOVING_NOTHING:
            assert (row["debit_previous"], row["credit_previous"]) == (0, 0)
            continue
        assert row["debit_previous"] == last.get(row["debit_number"], 0)
        assert row["credit_previous"] == last.get(row["credit_number"], 0)
        last[row["debit_number"]] = last[row["credit_number"]] = place
        balances[row["debit_number"]] -= row["amount_minor"]
        balances[row["credit_number"]] += row["amount_minor"]
        assert balances[row["debit_number"]] >= 0 or kinds[row["debit_number"]] == "issuance"
    reserved, expected = Counter[int](), Counter[int]()
    for row in await house.rows("SELECT * FROM holds WHERE state = 'pending'"):
        reserved[row["debit_number"]] += row["amount_minor"]
        expected[row["credit_number"]] += row["amount_minor"]
    for row in await house.rows("SELECT * FROM account_balances"):
        assert row["balance_minor"] == balances[row["number"]]
        pending = (reserved[row["number"]], expected[row["number"]])
        assert (row["reserved_minor"], row["expected_minor"]) == pending
        assert row["last_sequence"] == last.get(row["number"], 0)
    async with house.unit() as unit:
        raw = await unit.raw()
        salt_key = await find_salt_key(raw, UNION)
        hashed = await rows_between(raw, UNION, 1, len(rows))
    assert salt_key is not None
    head = Head(0, 0, None, GENESIS_HASH, salt_key, 1)
    for entry in await house.rows("SELECT * FROM journal_entries ORDER BY number"):
        own = hashed[head.last_sequence : entry["last_sequence"]]
        again = next_entry(UNION, head, entry["time"], leaves_of(own, salt_key), own[0].asset, SUPPLY_MINOR)
        assert (again.number, again.time, again.hash) == (entry["number"], entry["time"], entry["hash"])
        assert (again.count, again.last_sequence) == (entry["count"], entry["last_sequence"])
        head = head_at(again, head)
    (kept,) = await house.rows("SELECT number, last_sequence, hash FROM journal_heads")
    assert tuple(kept) == (head.number, head.last_sequence, head.hash)
