"""Ids of accounts derive from what they are; a request may refer to one in three ways."""

import pytest

from services.ledger.domain.accounts import (
    AccountKind,
    member_account_id,
    referred_account,
    union_account_id,
)
from services.ledger.domain.errors import BadAccountReference
from tests.services.ledger.domain.ledger_nouns import named

UNION, MEMBER = named("union"), named("member")


def test_an_account_is_referred_to_by_id_member_or_treasury() -> None:
    assert referred_account(UNION, str(MEMBER)) == MEMBER
    assert referred_account(UNION, f"members/{MEMBER}") == member_account_id(UNION, MEMBER)
    assert referred_account(UNION, "treasury") == union_account_id(UNION, AccountKind.TREASURY)


@pytest.mark.parametrize(
    "reference",
    ["", "members/", "members/x", f"leaders/{MEMBER}", f"{{{MEMBER}}}", MEMBER.hex, f"members/{MEMBER}/x"],
)
def test_any_other_reference_is_refused(reference: str) -> None:
    with pytest.raises(BadAccountReference):
        referred_account(UNION, reference)


def test_accounts_of_different_kinds_members_and_unions_have_different_ids() -> None:
    ids = {
        member_account_id(UNION, MEMBER),
        member_account_id(UNION, MEMBER, AccountKind.GRANT),
        member_account_id(UNION, UNION),
        member_account_id(MEMBER, MEMBER),
        union_account_id(UNION, AccountKind.TREASURY),
        union_account_id(UNION, AccountKind.ISSUANCE),
    }
    assert len(ids) == 6
