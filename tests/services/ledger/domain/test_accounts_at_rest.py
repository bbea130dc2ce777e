"""Accounts that are frozen or closed: what still leaves them, and what nobody puts in any more."""

from dataclasses import replace

import pytest

from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.books import Books
from services.ledger.domain.pending import Pending
from services.ledger.domain.results import Result
from services.ledger.domain.rights import (
    STOPPED_BY_A_FREEZE,
    Code,
    Principal,
    PrincipalKind,
    member_principal,
    named_principal,
    withdrawing_principal,
)
from services.ledger.domain.transfers import Flag, Particulars, TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    AGREEMENT,
    BY_PAYER,
    HOLDS,
    ISSUANCE,
    LATER,
    MARKET,
    NOW,
    OTHER,
    PAYEE,
    PAYER,
    PURSE,
    TREASURY,
    named,
    post_batch,
    request,
)

COLD = replace(PURSE, frozen_until=LATER)
BOOKS = Books({**ACCOUNTS, PURSE.id: COLD}, moment=NOW, holds=HOLDS)
BRIDGE = Account(named("bridge"), 20, AccountKind.BRIDGE, "GLD")


def result(transfer: TransferRequest, principal: Principal, books: Books = BOOKS) -> Result:
    return post_batch([transfer], principal, books).answers[0].result


def test_a_freeze_stops_what_its_member_would_spend() -> None:
    hold = request(PURSE, OTHER, 10, "hold", particulars=Particulars(timeout_seconds=60))
    for transfer in (
        request(PURSE, OTHER, 10, "pay"),
        request(PURSE, TREASURY, 10, "pay"),
        request(PURSE, ISSUANCE, 10, "burn"),
        hold,
    ):
        assert result(transfer, BY_PAYER) is Result.DEBIT_ACCOUNT_FROZEN
    assert result(request(PURSE, AGREEMENT, 10, "escrow_fund"), MARKET) is Result.DEBIT_ACCOUNT_FROZEN


def test_what_was_promised_before_a_freeze_and_the_way_out_stay() -> None:
    ending = Particulars(pending_id=named("pending"))
    held = replace(COLD, pending=Pending(reserved_minor=100))
    books = replace(BOOKS, accounts={**BOOKS.accounts, PURSE.id: held, BRIDGE.id: BRIDGE})
    taken = request(PURSE, OTHER, 100, "hold_post", particulars=ending)
    assert result(taken, member_principal(PAYEE), books) is Result.POSTED
    out = request(PURSE, BRIDGE, 10, "withdrawal")
    assert result(out, withdrawing_principal(PAYER), books) is Result.POSTED


def test_what_comes_in_is_not_stopped() -> None:
    assert result(request(OTHER, PURSE, 10, "pay"), member_principal(PAYEE)) is Result.POSTED
    assert result(request(AGREEMENT, PURSE, 10, "escrow_refund"), MARKET) is Result.POSTED


def test_a_freeze_is_over_at_its_time_whatever_ran() -> None:
    thawed = replace(BOOKS, moment=LATER)
    assert result(request(PURSE, OTHER, 10, "pay"), BY_PAYER, thawed) is Result.POSTED


@pytest.mark.parametrize("code", sorted(set(Code) - STOPPED_BY_A_FREEZE))
def test_each_code_that_a_freeze_lets_through_is_none_that_a_member_spends_by(code: Code) -> None:
    assert code.word in {
        "genesis", "joining_grant", "grant_unlock", "vest", "issue", "fee", "treasury_pay",
        "hold_post", "hold_void", "hold_expire",
        "escrow_pay", "escrow_refund", "pledge_refund", "project_payout",
        "deposit", "withdrawal", "withdrawal_return",
    }  # fmt: skip


def test_the_last_payment_closes_its_escrow_for_ever() -> None:
    last = request(AGREEMENT, OTHER, 400, "escrow_pay", flags=Flag.CLOSING_DEBIT)
    late = request(AGREEMENT, OTHER, 1, "escrow_pay", name="late")
    posted = post_batch([last, late], MARKET, BOOKS)
    assert [answer.result for answer in posted.answers] == [Result.POSTED, Result.DEBIT_ACCOUNT_CLOSED]
    (closed,) = [after for after in posted.balances if after.account.id == AGREEMENT.id]
    assert (closed.balance_minor, closed.closed_sequence) == (0, posted.postings[0].sequence)


def test_whatever_is_left_closes_it_where_the_amount_is_not_known() -> None:
    most = request(AGREEMENT, PURSE, 5_000, "escrow_refund", flags=Flag.CLOSING_DEBIT | Flag.BALANCING_DEBIT)
    assert post_batch([most], MARKET, BOOKS).answers[0].moved_minor == 400


def test_a_chain_that_fails_closes_nothing() -> None:
    last = request(AGREEMENT, OTHER, 400, "escrow_pay", flags=Flag.CLOSING_DEBIT | Flag.LINKED)
    fails = request(AGREEMENT, OTHER, 1, "escrow_pay", name="fails")
    again = request(AGREEMENT, OTHER, 400, "escrow_pay", name="again")
    results = [answer.result for answer in post_batch([last, fails, again], MARKET, BOOKS).answers]
    assert results == [Result.LINKED_TRANSFER_FAILED, Result.DEBIT_ACCOUNT_CLOSED, Result.POSTED]


def test_nobody_closes_what_is_not_an_escrow_of_theirs() -> None:
    whole = request(OTHER, PURSE, 1_000, "pay", flags=Flag.CLOSING_DEBIT)
    assert result(whole, member_principal(PAYEE)) is Result.CLOSING_NOT_PERMITTED
    others = request(AGREEMENT, OTHER, 400, "escrow_pay", flags=Flag.CLOSING_DEBIT)
    funding = named_principal(PrincipalKind.FUNDING)
    assert result(others, funding) is Result.CODE_NOT_PERMITTED
