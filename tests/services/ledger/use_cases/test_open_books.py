"""A union's books open once, with its whole supply in its first entry."""

from uuid import UUID

import pytest

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.errors import ParameterMissing, SharesDoNotAddUp, UnionNotInLedger
from tests.services.ledger.house import (
    FOUNDER,
    SLUG,
    SUPPLY_MINOR,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    membership_event,
    union_event,
)


async def test_the_genesis_is_one_entry_that_issues_the_whole_supply(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event())
    assert await empty_house.balance(account_of_union(AccountKind.ISSUANCE)) == -SUPPLY_MINOR
    assert await empty_house.balance(account_of_union(AccountKind.TREASURY)) == SUPPLY_MINOR * 8 // 10
    assert await empty_house.balance(account_of_union(AccountKind.EARLY_MEMBERS)) == SUPPLY_MINOR // 10
    assert await empty_house.balance(account_of(FOUNDER)) == SUPPLY_MINOR // 10
    (entry,) = await empty_house.rows("SELECT number, count, previous_hash FROM journal_entries")
    assert (entry["number"], entry["count"], entry["previous_hash"]) == (1, 3, bytes(32))
    (asset,) = await empty_house.rows("SELECT union_id, symbol, scale, supply_minor FROM assets")
    assert tuple(asset) == (UNION, "GLD", 6, SUPPLY_MINOR)


async def test_it_is_told_as_issued_and_posted(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event())
    (issued,) = await empty_house.published("asset.issued")
    assert (issued["asset"], issued["supply_minor"]) == ("GLD", str(SUPPLY_MINOR))
    (posted,) = await empty_house.published("transfer.posted")
    assert [transfer["code"] for transfer in posted["transfers"]] == ["genesis"] * 3


async def test_the_union_event_again_or_newer_issues_nothing_more(empty_house: LedgerHouse) -> None:
    newer = union_event(version=2, supply_minor="99", treasury_share_basis_points=8_000)
    await empty_house.consume(union_event(), union_event(), newer)
    assert await empty_house.count("journal_entries") == 1
    assert await empty_house.count("transfers") == 3


async def test_a_member_before_their_union_has_identity_asked_and_is_not_lost(
    empty_house: LedgerHouse,
) -> None:
    empty_house.identity.unions[str(UNION)] = union_event()
    await empty_house.consume(membership_event(1))
    assert empty_house.identity.asked == [f"/internal/unions/{UNION}"]
    assert await empty_house.balance(account_of(1)) == 250_000_000
    await empty_house.consume(union_event())
    assert await empty_house.count("journal_entries") == 2


async def test_the_books_of_two_unions_are_apart(empty_house: LedgerHouse) -> None:
    other = UUID(int=UNION.int + 1)
    await empty_house.consume(union_event(), union_event(other, "smiths", supply_minor="10"))
    assert await empty_house.balance(account_of_union(AccountKind.TREASURY, other)) == 8
    assert await empty_house.balance(account_of(FOUNDER, union_id=other)) == 1
    rows = await empty_house.rows("SELECT union_id, number FROM journal_entries ORDER BY union_id")
    assert [tuple(row) for row in rows] == [(UNION, 1), (other, 1)]


async def test_shares_that_do_not_make_the_whole_open_nothing(empty_house: LedgerHouse) -> None:
    with pytest.raises(SharesDoNotAddUp):
        await empty_house.consume(union_event(founder_share_basis_points=1_001))
    with pytest.raises(ParameterMissing):
        await empty_house.consume(union_event(supply_minor="none"))
    assert await empty_house.count("journal_heads") == 0


async def test_a_request_that_comes_before_the_event_opens_the_books(empty_house: LedgerHouse) -> None:
    empty_house.identity.unions[SLUG] = union_event()
    empty_house.identity.memberships = {membership_event(0).member_id: membership_event(0)}
    assert await empty_house.pay(FOUNDER, FOUNDER, 1, UNION) == ("accounts_the_same", None)
    assert await empty_house.balance(account_of_union(AccountKind.TREASURY)) == SUPPLY_MINOR * 8 // 10


async def test_a_union_that_identity_does_not_know_is_nobodys(empty_house: LedgerHouse) -> None:
    with pytest.raises(UnionNotInLedger):
        await empty_house.consume(membership_event(1))
    assert await empty_house.count("accounts") == 0
