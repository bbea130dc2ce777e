"""The budget of joining grants, their purse and their lock."""

from datetime import UTC, date, datetime

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.grants import GrantSlot, choose_purse, find_slot, grant_account_kind

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 31), date(2026, 4, 1)


def test_a_grant_is_paid_today_while_the_budget_has_room() -> None:
    assert find_slot(NOON, 2, {TODAY: 1}) == GrantSlot(TODAY, NOON)


def test_over_the_budget_it_waits_for_the_first_day_with_room() -> None:
    assert find_slot(NOON, 2, {TODAY: 2}) == GrantSlot(TOMORROW, datetime(2026, 4, 1, tzinfo=UTC))
    later = find_slot(NOON, 2, {TODAY: 2, TOMORROW: 2})
    assert later == GrantSlot(date(2026, 4, 2), datetime(2026, 4, 2, tzinfo=UTC))


def test_a_lowered_budget_counts_what_was_taken_before() -> None:
    slot = find_slot(NOON, 1, {TODAY: 5, TOMORROW: 5})
    assert slot is not None
    assert slot.day == date(2026, 4, 2)


def test_a_budget_of_nothing_grants_nothing() -> None:
    assert find_slot(NOON, 0, {}) is None


def test_the_early_members_pool_pays_before_the_treasury() -> None:
    assert choose_purse(250, 250, 1_000) is AccountKind.EARLY_MEMBERS
    assert choose_purse(250, 249, 250) is AccountKind.TREASURY
    assert choose_purse(250, 249, 249) is None


def test_a_grant_is_locked_unless_the_founder_invited_or_an_agreement_was_settled() -> None:
    assert grant_account_kind(False, False) is AccountKind.GRANT
    assert grant_account_kind(True, False) is AccountKind.MEMBER
    assert grant_account_kind(False, True) is AccountKind.MEMBER
