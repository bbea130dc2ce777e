"""Entries chain: every part of an entry and of a row is in its hash, and time never stands still."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from services.ledger.domain.journal import (
    GENESIS_HASH,
    Head,
    JournalRow,
    entry_line,
    next_entry,
    rows_digest,
)
from tests.services.ledger.domain.ledger_nouns import named

UNION = named("union")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
ROW = JournalRow(1, named("t"), named("p"), named("d"), named("c"), "GLD", 250, 10)
EMPTY = Head(0, 0, None, GENESIS_HASH)


def test_the_first_entry_follows_the_hash_of_nothing() -> None:
    entry = next_entry(UNION, EMPTY, NOW, [ROW])
    assert (entry.number, entry.time, entry.count, entry.last_sequence) == (1, NOW, 1, 1)
    assert entry.previous_hash == bytes(32)


def test_an_entry_hash_is_the_sha256_of_its_line() -> None:
    entry = next_entry(UNION, EMPTY, NOW, [ROW])
    line = f"guildhall-journal 1 {UNION} 1 1767323045678901 1 {rows_digest([ROW]).hex()} {'00' * 32}\n"
    assert (
        entry_line(
            union_id=UNION,
            number=1,
            time=NOW,
            count=1,
            digest=entry.digest,
            previous_hash=entry.previous_hash,
        )
        == line
    )
    assert entry.hash == hashlib.sha256(line.encode()).digest()


def test_the_next_entry_carries_the_hash_before_and_a_later_time() -> None:
    first = next_entry(UNION, EMPTY, NOW, [ROW])
    head = Head(first.number, 1, first.time, first.hash)
    clock_went_back = next_entry(UNION, head, NOW - timedelta(hours=1), [ROW._replace(sequence=2)])
    assert clock_went_back.number == 2
    assert clock_went_back.previous_hash == first.hash
    assert clock_went_back.time == NOW + timedelta(microseconds=1)


@pytest.mark.parametrize(
    "changed",
    [
        {"sequence": 2},
        {"id": named("x")},
        {"principal_id": named("x")},
        {"debit_account": named("x")},
        {"credit_account": named("x")},
        {"asset": "GLE"},
        {"amount_minor": 251},
        {"code": 11},
    ],
)
def test_every_field_of_a_row_is_in_the_digest(changed: dict[str, object]) -> None:
    altered = ROW._replace(**changed)  # pyright: ignore[reportArgumentType]
    assert rows_digest([altered]) != rows_digest([ROW])


def test_the_order_of_rows_is_in_the_digest() -> None:
    other = ROW._replace(sequence=2)
    assert rows_digest([ROW, other]) != rows_digest([other, ROW])


def test_amounts_up_to_two_to_the_62_are_hashed_exactly() -> None:
    assert rows_digest([ROW._replace(amount_minor=2**62)]) != rows_digest(
        [ROW._replace(amount_minor=2**62 - 1)]
    )
