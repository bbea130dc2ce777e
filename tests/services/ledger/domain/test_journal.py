"""Entries chain: every part of an entry and of a row is in its hash, and time never stands still."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.verify.hashes import root_by_path, root_of
from services.ledger.domain.journal import GENESIS_HASH, Head, entry_line, leaves_of, next_entry
from services.ledger.domain.journal_rows import JournalRow, Memo, leaf_hash, salt_of
from services.ledger.domain.merkle import merkle_path, merkle_root
from services.ledger.domain.transfers import Particulars
from tests.services.ledger.domain.ledger_nouns import named

UNION = named("union")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
ROW = JournalRow(1, named("t"), named("p"), named("d"), named("c"), "GLD", 250, 10, 0)
SALT, KEY = bytes(range(32)), bytes(range(32, 64))
EMPTY = Head(0, 0, None, GENESIS_HASH, KEY, 7)
SUPPLY = 1_000


def test_the_first_entry_follows_the_hash_of_nothing() -> None:
    entry = next_entry(UNION, EMPTY, NOW, leaves_of([ROW], EMPTY.salt_key), "GLD", SUPPLY)
    assert (entry.number, entry.time, entry.count, entry.last_sequence) == (1, NOW, 1, 1)
    assert (entry.previous_hash, entry.supply) == (bytes(32), "GLD=1000")


def test_an_entry_hash_is_the_sha256_of_its_line() -> None:
    entry = next_entry(UNION, EMPTY, NOW, leaves_of([ROW], EMPTY.salt_key), "GLD", SUPPLY)
    leaf = leaf_hash(ROW, salt_of(KEY, 1))
    line = f"guildhall-journal 2 {UNION} 1 1767323045678901 1 {leaf.hex()} GLD=1000 {'00' * 32}\n"
    assert (
        entry_line(
            union_id=UNION,
            number=1,
            time=NOW,
            count=1,
            digest=entry.digest,
            supply=entry.supply,
            previous_hash=entry.previous_hash,
        )
        == line
    )
    assert entry.hash == hashlib.sha256(line.encode()).digest()


def test_the_next_entry_carries_the_hash_before_and_a_later_time() -> None:
    first = next_entry(UNION, EMPTY, NOW, leaves_of([ROW], EMPTY.salt_key), "GLD", SUPPLY)
    head = Head(first.number, 1, first.time, first.hash, KEY, 7)
    leaves = leaves_of([ROW._replace(sequence=2)], KEY)
    clock_went_back = next_entry(UNION, head, NOW - timedelta(hours=1), leaves, "GLD", SUPPLY)
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
        {"flags": 1},
        {"particulars": Particulars(timeout_seconds=1)},
        {"particulars": Particulars(pending_id=named("x"))},
        {"particulars": Particulars(mandate_id=named("x"))},
        {"memo": Memo.of("Lunch", SALT)},
    ],
)
def test_every_field_of_a_row_is_in_its_leaf(changed: dict[str, object]) -> None:
    altered = ROW._replace(**changed)  # pyright: ignore[reportArgumentType]
    assert leaf_hash(altered, SALT) != leaf_hash(ROW, SALT)


def test_every_leaf_has_a_salt_of_its_own() -> None:
    assert leaf_hash(ROW, SALT) != leaf_hash(ROW, KEY)
    assert len({salt_of(KEY, sequence) for sequence in range(1_000)}) == 1_000
    assert salt_of(SALT, 1) != salt_of(KEY, 1)


def test_a_leaf_stays_when_its_memo_is_erased() -> None:
    memo = Memo.of("Lunch", SALT)
    assert memo.commitment == hashlib.sha256(SALT + b"Lunch").digest()
    erased = memo._replace(text=None, salt=None)
    assert leaf_hash(ROW._replace(memo=erased), KEY) == leaf_hash(ROW._replace(memo=memo), KEY)


def test_the_order_of_rows_is_in_the_digest() -> None:
    leaves = leaves_of([ROW, ROW._replace(sequence=2)], KEY)
    assert merkle_root(leaves) != merkle_root(leaves[::-1])


def test_amounts_up_to_two_to_the_62_are_hashed_exactly() -> None:
    most = ROW._replace(amount_minor=2**62)
    assert leaf_hash(most, SALT) != leaf_hash(most._replace(amount_minor=2**62 - 1), SALT)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_roots_and_paths_are_those_of_the_rfc(leaves: list[bytes]) -> None:
    """Against the verifier's, which is written from the text of RFC 9162 and shares no line."""
    shown = [leaf.hex() for leaf in leaves]
    root = root_of(shown)
    assert merkle_root(leaves).hex() == root
    for index, leaf in enumerate(shown):
        path = [beside.hex() for beside in merkle_path(leaves, index)]
        assert root_by_path(leaf, index, len(leaves), path) == root
        assert root_by_path(leaf, index, len(leaves), [*path, leaf]) is None
        if len(leaves) > 1:
            assert root_by_path(leaf, index, len(leaves), path[:-1]) != root
            other = bytes(32).hex() if leaf != bytes(32).hex() else "01" * 32
            assert root_by_path(other, index, len(leaves), path) != root
