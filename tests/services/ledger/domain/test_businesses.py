"""What leaves and reaches the account of a business: the rules, whoever looked at the rights before."""

from dataclasses import replace

import pytest

from services.ledger.domain.accounts import (
    Account,
    AccountKind,
    business_account_id,
    member_account_id,
    referred_account,
)
from services.ledger.domain.books import Books
from services.ledger.domain.errors import BadAccountReference
from services.ledger.domain.fees import FeeRule
from services.ledger.domain.results import Result
from services.ledger.domain.rights import (
    Principal,
    hire_principal,
    manager_principal,
    member_principal,
    officer_principal,
)
from services.ledger.domain.transfers import TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    AGREEMENT,
    BAKERY,
    BAKERYS,
    ISSUANCE,
    MARKET,
    MILLS,
    NOW,
    OTHER,
    PAYEE,
    PAYER,
    PURSE,
    TREASURY,
    named,
    post_batch,
    request,
    signed_debit,
)

BOOKS = Books(ACCOUNTS, moment=NOW)
MANAGER, HIRE = manager_principal(PAYER, BAKERY), hire_principal(PAYER, BAKERY)
UNION = named("union")


def result(transfer: TransferRequest, principal: Principal) -> Result:
    return post_batch([transfer], principal, BOOKS).answers[0].result


@pytest.mark.parametrize("principal", [MANAGER, HIRE])
@pytest.mark.parametrize("payee", [OTHER, TREASURY])
def test_who_acts_for_a_business_pays_members_and_the_treasury(principal: Principal, payee: Account) -> None:
    assert result(request(BAKERYS, payee, 800, "business_pay"), principal) is Result.POSTED
    assert result(request(BAKERYS, payee, 801, "business_pay"), principal) is Result.INSUFFICIENT_FUNDS


def test_by_a_limit_nobody_pays_themselves_and_without_one_they_may() -> None:
    own = request(BAKERYS, PURSE, 10, "business_pay")
    assert result(own, HIRE) is Result.CREDIT_NOT_PERMITTED
    assert result(own, MANAGER) is Result.POSTED


def test_by_a_limit_nobody_pays_a_business_of_theirs_and_without_one_they_may() -> None:
    for payer, made, code in (
        (MILLS, hire_principal(PAYER, named("mill")), "business_pay"),
        (TREASURY, officer_principal(PAYER), "treasury_pay"),
    ):
        transfer = request(payer, BAKERYS, 10, code)
        assert result(transfer, replace(made, holds_in=BAKERY)) is Result.CREDIT_NOT_PERMITTED
        assert result(transfer, made) is Result.POSTED
        assert result(transfer, replace(made, holds_in=named("mill"))) is Result.POSTED
    managing = replace(manager_principal(PAYER, named("mill")), holds_in=BAKERY)
    assert result(request(MILLS, BAKERYS, 10, "business_pay"), managing) is Result.POSTED


def test_a_right_in_one_business_moves_nothing_of_another() -> None:
    for principal in (manager_principal(PAYER, named("mill")), hire_principal(PAYER, named("mill"))):
        out = request(BAKERYS, OTHER, 10, "business_pay")
        assert result(out, principal) is Result.DEBIT_NOT_PERMITTED


@pytest.mark.parametrize("code", ["pay", "business_pay", "treasury_pay", "hold", "burn", "escrow_fund"])
@pytest.mark.parametrize("principal", [member_principal(BAKERY), officer_principal(PAYER), MARKET])
def test_no_other_door_leads_out(code: str, principal: Principal) -> None:
    payee = {"burn": ISSUANCE, "escrow_fund": AGREEMENT}.get(code, OTHER)
    act = signed_debit(str(AGREEMENT.id), 10, member_id=BAKERY)
    transfer = request(BAKERYS, payee, 10, code, act=act if code == "escrow_fund" else None)
    assert result(transfer, principal) is Result.CODE_NOT_PERMITTED


def test_members_and_the_treasury_pay_a_business_and_services_do_not() -> None:
    assert result(request(OTHER, BAKERYS, 10, "pay"), member_principal(PAYEE)) is Result.POSTED
    assert result(request(TREASURY, BAKERYS, 10, "treasury_pay"), officer_principal(PAYER)) is Result.POSTED
    assert result(request(AGREEMENT, BAKERYS, 10, "escrow_pay"), MARKET) is Result.CODE_NOT_PERMITTED


def test_a_business_that_has_closed_pays_out_and_gets_nothing() -> None:
    for payer, code, principal in (
        (OTHER, "pay", member_principal(PAYEE)),
        (TREASURY, "treasury_pay", officer_principal(PAYER)),
        (BAKERYS, "business_pay", MANAGER),
    ):
        assert result(request(payer, MILLS, 10, code), principal) is Result.CREDIT_ACCOUNT_CLOSED
    last = request(MILLS, OTHER, 50, "business_pay")
    assert result(last, manager_principal(PAYER, named("mill"))) is Result.POSTED


def test_the_payment_fee_is_of_what_members_and_businesses_receive() -> None:
    rule = FeeRule(payment_basis_points=100)
    books = Books(ACCOUNTS, moment=NOW, fees=rule, treasury_id=TREASURY.id)
    posted = post_batch([request(OTHER, BAKERYS, 500, "pay")], member_principal(PAYEE), books)
    fee = posted.postings[1]
    assert (fee.request.code, fee.amount_minor, fee.request.debit_account) == ("fee", 5, BAKERYS.id)
    posted = post_batch([request(BAKERYS, OTHER, 500, "business_pay")], MANAGER, books)
    assert (posted.postings[1].amount_minor, posted.postings[1].request.debit_account) == (5, OTHER.id)
    posted = post_batch([request(BAKERYS, TREASURY, 500, "business_pay")], MANAGER, books)
    assert len(posted.postings) == 1


def test_a_reference_names_a_business_by_its_id() -> None:
    account_id = business_account_id(UNION, BAKERY)
    assert referred_account(UNION, f"businesses/{BAKERY}") == account_id
    assert account_id == member_account_id(UNION, BAKERY, AccountKind.BUSINESS)
    assert account_id != member_account_id(UNION, BAKERY)
    for reference in ("businesses/", "businesses/bakery", f"business/{BAKERY}", f"businesses/{BAKERY}/x"):
        with pytest.raises(BadAccountReference):
            referred_account(UNION, reference)
