"""Fees: exact, capped, taken of what a member receives, in the very entry and chain of the payment."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.books import Books
from services.ledger.domain.fees import FEE_PARAMETERS, NO_FEES, FeeRule, fee_id, fee_rule
from services.ledger.domain.results import Result
from services.ledger.domain.rights import LEDGER, RIGHTS, Code
from services.ledger.domain.transfers import Flag, TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    AGREEMENT,
    BY_PAYER,
    MARKET,
    NOW,
    OTHER,
    PURSE,
    TREASURY,
    post_batch,
    request,
)

ONE_PERCENT = FeeRule(payment_basis_points=100, work_basis_points=200, max_minor=5)
BOOKS = Books(ACCOUNTS, moment=NOW, fees=ONE_PERCENT, treasury_id=TREASURY.id)
ANY_FEE = st.builds(FeeRule, st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 2**62))


def moved(batch: list[TransferRequest], books: Books = BOOKS) -> list[tuple[str, int]]:
    return [(row.request.code, row.amount_minor) for row in post_batch(batch, BY_PAYER, books).postings]


def test_the_payee_gives_it_of_what_they_receive_right_behind() -> None:
    posted = post_batch([request(PURSE, OTHER, 300, "pay")], BY_PAYER, BOOKS)
    payment, fee = posted.postings
    assert (fee.request.code, fee.amount_minor, fee.sequence) == ("fee", 3, payment.sequence + 1)
    assert (fee.debit_number, fee.credit_number) == (OTHER.number, TREASURY.number)
    assert fee.principal_id == LEDGER.id and fee.request.id == fee_id(BY_PAYER.id, payment.request.id)
    assert (fee.debit_previous, fee.credit_previous) == (payment.sequence, TREASURY.last_sequence)
    balances = {after.account.id: after.balance_minor for after in posted.balances}
    assert balances == {PURSE.id: 700, OTHER.id: 1_297, TREASURY.id: 500_003}
    assert posted.answers[0].moved_minor == 300


def test_it_is_rounded_down_and_capped() -> None:
    assert moved([request(PURSE, OTHER, 99, "pay")]) == [("pay", 99)]
    assert moved([request(PURSE, OTHER, 199, "pay")]) == [("pay", 199), ("fee", 1)]
    assert moved([request(PURSE, OTHER, 1_000, "pay")]) == [("pay", 1_000), ("fee", 5)]


def test_work_has_a_fee_of_its_own() -> None:
    posted = post_batch([request(AGREEMENT, OTHER, 200, "escrow_pay")], MARKET, BOOKS)
    assert [row.amount_minor for row in posted.postings] == [200, 4]


def test_what_goes_to_the_treasury_or_back_to_its_owner_costs_nothing() -> None:
    assert moved([request(PURSE, TREASURY, 500, "pay")]) == [("pay", 500)]
    posted = post_batch([request(AGREEMENT, PURSE, 400, "escrow_refund")], MARKET, BOOKS)
    assert len(posted.postings) == 1


def test_a_chain_that_fails_takes_its_fees_back() -> None:
    chain = [
        request(PURSE, OTHER, 300, "pay", name="first", flags=Flag.LINKED),
        request(PURSE, OTHER, 9_000, "pay", name="second"),
    ]
    posted = post_batch(chain, BY_PAYER, BOOKS)
    assert posted.postings == () and posted.balances == ()
    assert posted.answers[0].result is Result.LINKED_TRANSFER_FAILED


def test_a_repeat_takes_no_second_fee() -> None:
    again = request(PURSE, OTHER, 300, "pay")
    assert moved([again, again]) == [("pay", 300), ("fee", 3)]


def test_a_payee_who_is_frozen_pays_it_too() -> None:
    cold = replace(BOOKS, accounts={**ACCOUNTS, OTHER.id: replace(OTHER, frozen_until=NOW.max)})
    assert moved([request(PURSE, OTHER, 300, "pay")], cold) == [("pay", 300), ("fee", 3)]


def test_a_charter_that_says_nothing_takes_nothing() -> None:
    assert fee_rule({}) == NO_FEES and NO_FEES.takes_nothing
    assert FeeRule(100, 100, 0).takes_nothing


@given(ANY_FEE, st.sampled_from(list(Code)), st.integers(1, 2**62))
def test_it_is_never_more_than_a_tenth_of_what_was_received(rule: FeeRule, code: Code, minor: int) -> None:
    fee = rule.fee_minor(code, AccountKind.MEMBER, minor)
    assert 0 <= fee <= min(minor // 10, rule.max_minor)
    assert fee == min(minor * rule.basis_points(code) // 10_000, rule.max_minor)


def test_only_what_members_receive_of_others_has_one() -> None:
    for code in FEE_PARAMETERS:
        assert any(right.credit_kind is AccountKind.MEMBER for right in RIGHTS[code])
    assert Code.ESCROW_REFUND not in FEE_PARAMETERS and Code.GRANT_UNLOCK not in FEE_PARAMETERS
