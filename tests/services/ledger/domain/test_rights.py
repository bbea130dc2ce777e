"""The table of who may debit what, checked against every combination that it does not name."""

from itertools import product

import pytest

from services.ledger.domain.accounts import AccountKind as K
from services.ledger.domain.rights import (
    CODES,
    MOVING_NOTHING,
    RIGHTS,
    Authority,
    Code,
    PrincipalKind,
    find_right,
)
from services.ledger.domain.rights import PrincipalKind as P
from tests.tidy.source_tree import ROOT

ALLOWED = {
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.TREASURY),
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.MEMBER),
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.EARLY_MEMBERS),
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.VESTING),
    (Code.VEST, P.LEDGER, K.VESTING, K.MEMBER),
    (Code.ISSUE, P.LEDGER, K.ISSUANCE, K.TREASURY),
    (Code.BURN, P.LEDGER, K.TREASURY, K.ISSUANCE),
    (Code.BURN, P.MEMBER, K.MEMBER, K.ISSUANCE),
    (Code.FEE, P.LEDGER, K.MEMBER, K.TREASURY),
    (Code.FEE, P.LEDGER, K.BUSINESS, K.TREASURY),
    (Code.JOINING_GRANT, P.LEDGER, K.EARLY_MEMBERS, K.MEMBER),
    (Code.JOINING_GRANT, P.LEDGER, K.EARLY_MEMBERS, K.GRANT),
    (Code.JOINING_GRANT, P.LEDGER, K.TREASURY, K.MEMBER),
    (Code.JOINING_GRANT, P.LEDGER, K.TREASURY, K.GRANT),
    (Code.GRANT_UNLOCK, P.LEDGER, K.GRANT, K.MEMBER),
    (Code.PAY, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.PAY, P.MEMBER, K.MEMBER, K.TREASURY),
    (Code.PAY, P.MEMBER, K.MEMBER, K.BUSINESS),
    (Code.HOLD, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_POST, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_VOID, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_EXPIRE, P.LEDGER, K.MEMBER, K.MEMBER),
    (Code.MANDATE_PAY, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.SCHEDULED_PAY, P.LEDGER, K.MEMBER, K.MEMBER),
    (Code.SCHEDULED_PAY, P.LEDGER, K.MEMBER, K.TREASURY),
    (Code.TREASURY_PAY, P.OFFICER, K.TREASURY, K.MEMBER),
    (Code.TREASURY_PAY, P.OFFICER, K.TREASURY, K.BUSINESS),
    (Code.BUSINESS_PAY, P.MANAGER, K.BUSINESS, K.MEMBER),
    (Code.BUSINESS_PAY, P.MANAGER, K.BUSINESS, K.TREASURY),
    (Code.BUSINESS_PAY, P.MANAGER, K.BUSINESS, K.BUSINESS),
    (Code.BUSINESS_PAY, P.HIRE, K.BUSINESS, K.MEMBER),
    (Code.BUSINESS_PAY, P.HIRE, K.BUSINESS, K.TREASURY),
    (Code.BUSINESS_PAY, P.HIRE, K.BUSINESS, K.BUSINESS),
    (Code.ESCROW_FUND, P.MARKET, K.MEMBER, K.ESCROW),
    (Code.ESCROW_PAY, P.MARKET, K.ESCROW, K.MEMBER),
    (Code.ESCROW_REFUND, P.MARKET, K.ESCROW, K.MEMBER),
    (Code.PLEDGE, P.FUNDING, K.MEMBER, K.ESCROW),
    (Code.PLEDGE_REFUND, P.FUNDING, K.ESCROW, K.MEMBER),
    (Code.PROJECT_PAYOUT, P.FUNDING, K.ESCROW, K.MEMBER),
    (Code.PROJECT_PAYOUT, P.FUNDING, K.ESCROW, K.TREASURY),
    (Code.DEPOSIT, P.LEDGER, K.BRIDGE, K.MEMBER),
    (Code.WITHDRAWAL, P.WITHDRAWER, K.MEMBER, K.BRIDGE),
    (Code.WITHDRAWAL_RETURN, P.LEDGER, K.BRIDGE, K.MEMBER),
}


PRINCIPALS = {
    "the payee": P.MEMBER,
    "an officer": P.OFFICER,
    "a manager": P.MANAGER,
    "a hire": P.HIRE,
    "the member, by the bridge": P.WITHDRAWER,
}


def test_the_table_that_is_told_is_the_table() -> None:
    told: set[tuple[Code, PrincipalKind, K, K]] = set()
    for line in (ROOT / "docs" / "rights.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `"):
            continue
        codes, principal, debits, credits_, _ = cells
        asker = PRINCIPALS.get(principal) or P(principal)
        for code, debit, credit in product(codes.split(", "), debits.split(", "), credits_.split(", ")):
            told.add((CODES[code.strip("`")], asker, K(debit), K(credit)))
    assert told == ALLOWED


@pytest.mark.parametrize("code", list(Code))
def test_everything_that_the_table_does_not_name_is_refused(code: Code) -> None:
    for principal, debit, credit in product(PrincipalKind, K, K):
        allowed = find_right(code, principal, debit, credit) is not None
        assert allowed == ((code, principal, debit, credit) in ALLOWED)


def test_a_member_account_is_debited_by_signed_acts_alone() -> None:
    """Their own act, or what they signed before: a hold for the payee, a mandate, a schedule. The clock gives
    back, and the charter takes its fee of what they receive."""
    signed = {
        Authority.OWN_ACT,
        Authority.FORWARDED_ACT,
        Authority.HOLD,
        Authority.MANDATE,
        Authority.SCHEDULE,
    }
    for code, rights in RIGHTS.items():
        for right in rights:
            if right.debit_kind is K.MEMBER:
                assert right.authority in signed or code in (Code.HOLD_EXPIRE, Code.FEE)
    assert Code.HOLD_EXPIRE in MOVING_NOTHING


def test_a_principal_has_one_authority_for_a_code_and_codes_keep_their_numbers() -> None:
    for rights in RIGHTS.values():
        assert len({(right.principal, right.authority) for right in rights}) == len(
            {right.principal for right in rights}
        )
    assert {word: int(code) for word, code in CODES.items()} == {
        "genesis": 1,
        "joining_grant": 2,
        "grant_unlock": 3,
        "vest": 4,
        "issue": 5,
        "burn": 6,
        "pay": 10,
        "hold": 11,
        "hold_post": 12,
        "hold_void": 13,
        "hold_expire": 14,
        "mandate_pay": 15,
        "scheduled_pay": 16,
        "fee": 17,
        "treasury_pay": 18,
        "business_pay": 19,
        "escrow_fund": 20,
        "escrow_pay": 21,
        "escrow_refund": 22,
        "pledge": 30,
        "pledge_refund": 31,
        "project_payout": 32,
        "deposit": 40,
        "withdrawal": 41,
        "withdrawal_return": 42,
    }
