"""The ledger is lost before, while and after every statement of a posting: all of it is there, or nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.ledger.domain.rights import Code
from tests.services.ledger.arrays import ENOUGH, array, chained
from tests.services.ledger.breaking_connection import Break, Moment, breaking, install
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, UNION, LedgerHouse, account_of, member_id
from tests.services.ledger.raw_books import Books, all_rows, changed_tables, faults_of_books, verified_journal

SMALL_PAYMENTS = 70
"""More than are written without COPY."""
STATEMENTS_AT_LEAST, STATEMENTS_OF_ARRAY_AT_LEAST = 15, 11
HOUR_SECONDS = 3_600
MANDATE = str(named("mandate of a fault"))
CODES = {Code.PAY, Code.HOLD, Code.HOLD_POST, Code.HOLD_EXPIRE, Code.MANDATE_PAY}
WRITTEN_BESIDE = ("signed_acts", "outbox", "act_log", "timers")
STATEMENTS_AMONG_THEM = {"BEGIN", "COPY transfer_rows", "COMMIT"}
STATEMENTS_OF_ARRAY = STATEMENTS_AMONG_THEM | {"SAVEPOINT", "RELEASE"}
_SERVER_PROCESS = "SELECT FROM pg_stat_activity WHERE pid = $1"


def transfer(payer: int, payee: int, minor: int, name: str, code: str = "pay", **more: Any) -> dict[str, Any]:
    return {
        "id": str(named(name)),
        "debit_account": str(account_of(payer)),
        "credit_account": str(account_of(payee)),
        "asset": "GLD",
        "minor": str(minor),
        "code": code,
    } | more


@dataclass(frozen=True, slots=True)
class Seen:
    """All rows of the books, and how many there are of what is written beside them."""

    books: Books
    beside: dict[str, int]

    @classmethod
    async def of(cls, house: LedgerHouse) -> Seen:
        beside = {table: await house.count(table) for table in WRITTEN_BESIDE}
        return cls(await all_rows(house.database.superuser_url), beside)

    def changes_since(self, before: Seen) -> set[str]:
        beside = {table for table in WRITTEN_BESIDE if self.beside[table] != before.beside[table]}
        return changed_tables(before.books, self.books) | beside


class Posting:
    """A batch of member 1 with all kinds of transfers; a hold of theirs has just ended by its time."""

    def __init__(self, house: LedgerHouse, name: str) -> None:
        self.house = house
        self.hold, self.ended = f"{name} hold for them", f"{name} ended"
        self.batch = [
            transfer(2, 1, 5, f"{name} taken", "hold_post", pending_id=str(named(self.hold))),
            transfer(3, 1, 7, f"{name} by mandate", "mandate_pay", mandate_id=MANDATE),
            transfer(1, 2, 10, f"{name} with memo", memo="Lunch"),
            transfer(1, 4, 3, f"{name} held", "hold", timeout_seconds=HOUR_SECONDS),
            transfer(1, 2, GRANT_MINOR, f"{name} too much"),
            transfer(1, 3, 2, f"{name} linked", linked=True),
            transfer(1, 4, 2, f"{name} linked to"),
            *(transfer(1, 2 + place % 3, 1, f"{name} {place}") for place in range(SMALL_PAYMENTS)),
        ]
        self.refused = UUID(self.batch[4]["id"])
        self.posted = {UUID(one["id"]) for one in self.batch} - {self.refused}

    async def prepare(self) -> None:
        ended = transfer(1, 4, 11, self.ended, "hold", timeout_seconds=1)
        hold = transfer(2, 1, 6, self.hold, "hold", timeout_seconds=HOUR_SECONDS)
        for number, one in ((1, ended), (2, hold)):
            answer = await self.house.act("POST", "/transfers", {"transfers": [one]}, number=number)
            assert answer.json()["results"][0]["result"] == "posted"
        self.house.clock.advance(timedelta(seconds=2))

    @property
    def told_first(self) -> dict[str, int]:
        return {"posted": len(self.posted), "insufficient_funds": 1}

    @property
    def told_again(self) -> dict[str, int]:
        return {"exists": len(self.posted), "id_already_failed": 1}

    async def ask(self) -> httpx.Response:
        return await self.house.act("POST", "/transfers", {"transfers": self.batch})

    async def is_there(self) -> bool:
        """All of it, or nothing; in part it is a fault."""
        house = self.house
        stored = await house.rows("SELECT id FROM transfers WHERE id = ANY($1)", list(self.posted))
        burnt = await house.rows("SELECT FROM refused_transfers WHERE id = $1", self.refused)
        expired = await house.rows("SELECT FROM holds WHERE id = $1 AND state = 'expired'", named(self.ended))
        counted = (len(stored), len(burnt), len(expired))
        assert counted in {(0, 0, 0), (len(self.posted), 1, 1)}
        return counted != (0, 0, 0)


class ArrayPosting:
    """An array of member 1, posted column by column."""

    def __init__(self, house: LedgerHouse, name: str) -> None:
        self.house = house
        paid = array([2 + place % 3 for place in range(ENOUGH)], name=name)
        self.batch = chained([one | {"memo": "Lunch"} for one in paid])
        self.posted = {UUID(one["id"]) for one in self.batch}

    async def prepare(self) -> None:
        """Nothing comes before it."""

    @property
    def told_first(self) -> dict[str, int]:
        return {"posted": len(self.posted)}

    @property
    def told_again(self) -> dict[str, int]:
        return {"exists": len(self.posted)}

    async def ask(self) -> httpx.Response:
        return await self.house.act("POST", "/transfers", {"transfers": self.batch})

    async def is_there(self) -> bool:
        stored = await self.house.rows("SELECT FROM transfers WHERE id = ANY($1)", list(self.posted))
        assert len(stored) in {0, len(self.posted)}
        return bool(stored)


AnyPosting = Posting | ArrayPosting


@pytest.fixture
async def givers_house(house: LedgerHouse, monkeypatch: pytest.MonkeyPatch) -> LedgerHouse:
    """Member 3 has given member 1 a mandate."""
    install(monkeypatch)
    terms = {
        "payee_id": str(member_id(1)),
        "cap": {"asset": "GLD", "minor": "1000000"},
        "renews_every_days": None,
        "expires_at": (house.clock.now() + timedelta(days=365)).isoformat(),
    }
    assert (await house.act("PUT", f"/mandates/{MANDATE}", terms, number=3)).status_code == 200
    first = Posting(house, "first")  # who posts for the first time is numbered, once
    await first.prepare()
    assert (await first.ask()).status_code == 200
    return house


@pytest.mark.slow
async def test_a_posting_that_is_cut_anywhere_is_there_whole_or_not_at_all(givers_house: LedgerHouse) -> None:
    house = givers_house
    statements = await _statements_of_a_posting(house)
    print(f"{len(statements)} statements: {[' '.join(one.split())[:40] for one in statements]}")
    assert len(statements) >= STATEMENTS_AT_LEAST and set(statements) >= STATEMENTS_AMONG_THEM
    await _cut_everywhere(house, statements, Posting)


@pytest.mark.slow
async def test_an_array_that_is_cut_anywhere_is_there_whole_or_not_at_all(givers_house: LedgerHouse) -> None:
    house, dry = givers_house, Break()
    with breaking(dry):
        assert (await ArrayPosting(house, "dry").ask()).status_code == 200
    assert len(dry.statements) >= STATEMENTS_OF_ARRAY_AT_LEAST
    assert set(dry.statements) >= STATEMENTS_OF_ARRAY
    await _cut_everywhere(house, dry.statements, ArrayPosting)


async def _cut_everywhere(
    house: LedgerHouse, statements: list[str], posting: Callable[[LedgerHouse, str], AnyPosting]
) -> None:
    there: Counter[bool] = Counter()
    for place, statement in enumerate(statements):
        for moment in Moment:
            at = Break(place, moment)
            is_there = await _cut(house, posting(house, f"{place} {moment}"), at)
            there[is_there] += 1
            is_commit = statement == "COMMIT"
            if moment is not Moment.WHILE:
                assert is_there == (is_commit and moment is Moment.AFTER), (moment, statement)
            assert not is_there or is_commit, statement
    assert there[True] >= 1 and there[False] >= 2 * len(statements) - 1
    assert await faults_of_books(house.database.superuser_url, UNION) == []
    assert (await verified_journal(house)).rows_count == await house.count("transfers")


async def _statements_of_a_posting(house: LedgerHouse) -> list[str]:
    """Of one that is not cut; what it writes is all that the test is about."""
    posting, dry = Posting(house, "dry"), Break()
    await posting.prepare()
    before = await Seen.of(house)
    with breaking(dry):
        assert (await posting.ask()).status_code == 200
    assert await posting.is_there()
    codes = await house.rows(
        "SELECT DISTINCT code FROM transfers WHERE id = ANY($1) OR code = 14", list(posting.posted)
    )
    assert {Code(row["code"]) for row in codes} == CODES
    written = (await Seen.of(house)).changes_since(before)
    assert written >= {"transfers", "transfer_memos", "transfer_particulars", "refused_transfers", "holds"}
    assert written >= {"mandate_uses", "journal_heads", "transfer_acts", *WRITTEN_BESIDE}
    assert dry.logged_count == len([one for one in dry.statements if not one.startswith("COPY")])
    return dry.statements


async def _cut(house: LedgerHouse, posting: AnyPosting, at: Break) -> bool:
    """Whether the posting was there after it was cut; its repeat is, once."""
    await posting.prepare()
    before = await Seen.of(house)
    with breaking(at):
        answer = await posting.ask()
    assert answer.status_code == 503, (at, answer.text)
    await _until_gone(house, at.server_process_id)
    is_there = await posting.is_there()
    after = await Seen.of(house)
    assert is_there == bool(after.changes_since(before)), after.changes_since(before)
    answer = await posting.ask()
    assert answer.status_code == 200, answer.text
    results = Counter(one["result"] for one in answer.json()["results"])
    assert results == (posting.told_again if is_there else posting.told_first)
    assert await posting.is_there()
    assert await faults_of_books(house.database.superuser_url, UNION) == []
    if is_there:
        repeated = (await Seen.of(house)).changes_since(after)
        assert repeated <= {"signed_acts", "act_log"}
    return is_there


async def _until_gone(house: LedgerHouse, server_process_id: int | None) -> None:
    """What the server still does for the lost connection is over."""
    async with asyncio.timeout(10):
        # Its end is looked at: nobody tells of it.
        while await house.rows(_SERVER_PROCESS, server_process_id):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.005)
