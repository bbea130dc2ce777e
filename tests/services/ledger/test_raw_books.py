"""The replay of raw rows names what is planted in them."""

import asyncpg
import pytest

from tests.services.ledger.api.test_holds import end, posted, reserve
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import UNION, LedgerHouse
from tests.services.ledger.raw_books import faults_of_books, verified_journal

LAST_PAY = "(SELECT max(sequence) FROM transfers WHERE code = 10)"
PLANTED: list[tuple[str, str]] = [
    (
        f"UPDATE transfer_rows SET amount_minor = 300000000 WHERE sequence = {LAST_PAY}",
        "available after transfer",
    ),
    ("UPDATE transfer_rows SET amount_minor = 240000000 WHERE code = 11", "available after transfer"),
    ("UPDATE transfer_rows SET amount_minor = 601 WHERE code = 12", "does not fit its hold"),
    (f"UPDATE transfer_rows SET debit_previous = 1 WHERE sequence = {LAST_PAY}", "as those before"),
    (f"UPDATE transfer_rows SET credit_previous = 0 WHERE sequence = {LAST_PAY}", "as those before"),
    ("DELETE FROM transfer_rows WHERE code = 12", "the sequence has gaps"),
    ("UPDATE transfer_particulars SET pending_id = NULL", "ends a hold that is not open"),
    (
        "UPDATE account_balances SET balance_minor = balance_minor + 1 WHERE balance_minor > 0",
        "balances sum to",
    ),
    ("UPDATE account_balances SET last_sequence = 1", "last_sequence is 1"),
    ("UPDATE account_balances SET reserved_minor = 1 WHERE reserved_minor = 0", "reserved_minor is 1"),
    ("UPDATE journal_entries SET time = '2027-01-01'", "times of the journal do not grow"),
    ("DELETE FROM journal_entries WHERE number = 3", "the journal has gaps"),
    ("UPDATE journal_entries SET count = count + 1 WHERE number = 3", "do not count their transfers"),
    ("UPDATE journal_heads SET hash = 'x'", "the head is not the last entry"),
    (f"UPDATE transfer_rows SET id = gen_random_uuid() WHERE sequence = {LAST_PAY}", "ledger.journal"),
]


async def _lived(house: LedgerHouse) -> None:
    await reserve(house, 600)
    assert await house.pay(1, 2, 50_000_000, named("a")) == ("posted", None)
    assert await posted(house, 2, end("hold_post", 250)) == ["posted"]
    await reserve(house, 100, "pending")
    assert await house.pay(1, 2, 150_000_000, named("b")) == ("posted", None)


async def test_sound_books_have_no_fault(house: LedgerHouse) -> None:
    await _lived(house)
    assert await faults_of_books(house.database.superuser_url, UNION) == []
    assert (await verified_journal(house)).rows_count == await house.count("transfers")


@pytest.mark.parametrize(("planted", "named_as"), PLANTED)
async def test_what_is_planted_is_named(house: LedgerHouse, planted: str, named_as: str) -> None:
    await _lived(house)
    connection = await asyncpg.connect(house.database.superuser_url)
    await connection.execute(planted)
    await connection.close()
    faults = await faults_of_books(house.database.superuser_url, UNION)
    assert [fault for fault in faults if named_as in fault] != [], faults
