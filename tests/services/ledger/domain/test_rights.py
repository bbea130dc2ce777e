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

ALLOWED = {
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.TREASURY),
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.MEMBER),
    (Code.GENESIS, P.LEDGER, K.ISSUANCE, K.EARLY_MEMBERS),
    (Code.JOINING_GRANT, P.LEDGER, K.EARLY_MEMBERS, K.MEMBER),
    (Code.JOINING_GRANT, P.LEDGER, K.EARLY_MEMBERS, K.GRANT),
    (Code.JOINING_GRANT, P.LEDGER, K.TREASURY, K.MEMBER),
    (Code.JOINING_GRANT, P.LEDGER, K.TREASURY, K.GRANT),
    (Code.GRANT_UNLOCK, P.LEDGER, K.GRANT, K.MEMBER),
    (Code.PAY, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.PAY, P.MEMBER, K.MEMBER, K.TREASURY),
    (Code.HOLD, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_POST, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_VOID, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.HOLD_EXPIRE, P.LEDGER, K.MEMBER, K.MEMBER),
    (Code.MANDATE_PAY, P.MEMBER, K.MEMBER, K.MEMBER),
    (Code.SCHEDULED_PAY, P.LEDGER, K.MEMBER, K.MEMBER),
    (Code.SCHEDULED_PAY, P.LEDGER, K.MEMBER, K.TREASURY),
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


@pytest.mark.parametrize("code", list(Code))
def test_everything_that_the_table_does_not_name_is_refused(code: Code) -> None:
    for principal, debit, credit in product(PrincipalKind, K, K):
        allowed = find_right(code, principal, debit, credit) is not None
        assert allowed == ((code, principal, debit, credit) in ALLOWED)


def test_a_member_account_is_debited_by_signed_acts_alone() -> None:
    """Their own act, or what they signed before: a hold for the payee, a mandate, a schedule. The clock gives
    back."""
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
                assert right.authority in signed or code is Code.HOLD_EXPIRE
    assert Code.HOLD_EXPIRE in MOVING_NOTHING


def test_a_code_has_one_authority_and_keeps_its_number() -> None:
    assert all(len({right.authority for right in rights}) == 1 for rights in RIGHTS.values())
    assert {word: int(code) for word, code in CODES.items()} == {
        "genesis": 1,
        "joining_grant": 2,
        "grant_unlock": 3,
        "pay": 10,
        "hold": 11,
        "hold_post": 12,
        "hold_void": 13,
        "hold_expire": 14,
        "mandate_pay": 15,
        "scheduled_pay": 16,
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
