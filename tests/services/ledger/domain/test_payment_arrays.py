"""An array's columns hold what the rules say of its payments, and its leaves are those of its rows."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.books import Books
from services.ledger.domain.journal_rows import JournalRow, Memo, leaf_hash, salt_of
from services.ledger.domain.leaf_arrays import array_leaves
from services.ledger.domain.payment_arrays import PaymentArray, PaymentColumns, PostedArray, post_array
from services.ledger.domain.rights import CODES
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    BY_PAYER,
    FROZEN,
    OTHER,
    PURSE,
    TREASURY,
    named,
    post_batch,
)

KEY = bytes(range(32))
PAYEES = [OTHER, TREASURY, replace(OTHER, id=named("third"), number=77, balance_minor=0, last_sequence=3)]
BOOKS = Books(ACCOUNTS | {payee.id: payee for payee in PAYEES}, last_sequence=100)


def array_of(payments: list[tuple[int, int]], debit: UUID = PURSE.id) -> PaymentArray:
    """Each to one of PAYEES, which are named as they come."""
    ids = [named(f"payment {place}") for place in range(len(payments))]
    named_payees = list(dict.fromkeys(place for place, _ in payments))
    columns = PaymentColumns(
        [str(one) for one in ids],
        b"".join(one.bytes for one in ids),
        "payer",
        [f"payee {place}" for place in named_payees],
        np.array([named_payees.index(place) for place, _ in payments]),
        "GLD",
        np.array([amount for _, amount in payments]),
        np.array([amount % 3 == 0 for _, amount in payments[:-1]] + [False]),
    )
    accounts = {f"payee {place}": payee.id for place, payee in enumerate(PAYEES)}
    return PaymentArray.of(columns, accounts | {"payer": debit})


def rows_of(posted: PostedArray) -> list[tuple[int, int, int, int, int]]:
    """Sequence, number of the payee, amount, and what was before on both sides."""
    array = posted.array
    numbers = [posted.payees[place].number for place in array.payee_places]
    columns = (posted.sequences, array.columns.amounts_minor, posted.debit_previous, posted.credit_previous)
    sequences, amounts, debit, credit = (column.tolist() for column in columns)
    return list(zip(sequences, numbers, amounts, debit, credit, strict=True))


some_payments = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), min_size=1, max_size=40)


@given(some_payments)
def test_an_array_is_posted_where_and_as_its_payments_are(payments: list[tuple[int, int]]) -> None:
    array = array_of(payments)
    one_by_one = post_batch(array.requests(), BY_PAYER, BOOKS)
    posted = post_array(array, BY_PAYER, BOOKS)
    assert (posted is not None) == (not one_by_one.refusals)
    if posted is None:
        return
    assert rows_of(posted) == [
        (row.sequence, row.credit_number, row.amount_minor, row.debit_previous, row.credit_previous)
        for row in one_by_one.postings
    ]
    assert set(posted.balances) == set(one_by_one.balances)
    assert sum(posted.payment_counts) == len(payments)


@given(some_payments)
def test_the_leaves_are_those_of_the_rows(payments: list[tuple[int, int]]) -> None:
    posted = post_array(array_of(payments), BY_PAYER, BOOKS)
    if posted is None:
        return
    memos = {101 + place: Memo.of("Lunch", KEY) for place in range(0, len(payments), 3)}
    rows = [
        JournalRow(
            101 + place,
            request.id,
            BY_PAYER.id,
            request.debit_account,
            request.credit_account,
            request.asset,
            request.amount_minor,
            CODES[request.code],
            request.flags,
            memo=memos.get(101 + place),
        )
        for place, request in enumerate(posted.array.requests())
    ]
    assert array_leaves(posted, KEY, memos) == [leaf_hash(row, salt_of(KEY, row.sequence)) for row in rows]


def test_what_may_not_be_posted_is_not_posted_as_an_array() -> None:
    assert post_array(array_of([(0, PURSE.balance_minor + 1)]), BY_PAYER, BOOKS) is None
    assert post_array(array_of([(0, 1)], FROZEN.id), BY_PAYER, BOOKS) is None
    assert post_array(array_of([(0, 1)], named("nobody's")), BY_PAYER, BOOKS) is None
    assert post_array(array_of([(0, 1)]), BY_PAYER, BOOKS) is not None


def test_two_names_of_one_payee_are_one_account() -> None:
    array = array_of([(0, 1), (1, 2), (0, 3)])
    columns = array.columns._replace(payees=["payee 0", "payee 0 again"])
    accounts = {"payer": PURSE.id, "payee 0": OTHER.id, "payee 0 again": OTHER.id}
    posted = post_array(PaymentArray.of(columns, accounts), BY_PAYER, BOOKS)
    assert posted is not None
    assert list(posted.payment_counts) == [3]
    assert posted.credit_previous.tolist() == [OTHER.last_sequence, 101, 102]
