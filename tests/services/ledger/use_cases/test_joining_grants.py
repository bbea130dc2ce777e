"""The joining grant: once a member, within the day's budget, locked until they have settled an agreement."""

from datetime import timedelta

from chassis.membership import keep_membership
from events.market import AgreementPaid
from services.ledger.domain.accounts import AccountKind
from services.ledger.use_cases.welcome_members import welcome_members
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    LONG_AGO,
    SUPPLY_MINOR,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
    union_event,
)

EARLY = account_of_union(AccountKind.EARLY_MEMBERS)
TREASURY = account_of_union(AccountKind.TREASURY)


def paid(employer: int, worker: int) -> AgreementPaid:
    return AgreementPaid(
        union_id=UNION,
        agreement_id=member_id(99),
        employer_id=member_id(employer),
        worker_id=member_id(worker),
        asset="GLD",
        paid_minor=1,
        paid_at=LONG_AGO,
    )


async def state_of(house: LedgerHouse, number: int) -> str:
    return (await house.rows("SELECT state FROM joining_grants WHERE member_id = $1", member_id(number)))[0][
        0
    ]


async def test_whom_the_founder_invited_can_spend_their_grant_at_once(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(), membership_event(1))
    assert await empty_house.balance(account_of(1)) == GRANT_MINOR
    assert await empty_house.balance(EARLY) == SUPPLY_MINOR // 10 - GRANT_MINOR
    assert await state_of(empty_house, 1) == "unlocked"


async def test_a_grant_is_paid_once_however_often_the_member_joins(empty_house: LedgerHouse) -> None:
    await empty_house.consume(
        union_event(),
        membership_event(1),
        membership_event(1),
        membership_event(1, version=2, state="left"),
        membership_event(1, version=3),
    )
    assert await empty_house.balance(account_of(1)) == GRANT_MINOR


async def test_the_founder_has_a_share_and_no_grant(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(), membership_event(FOUNDER))
    assert await empty_house.balance(account_of(FOUNDER)) == SUPPLY_MINOR // 10
    assert await empty_house.count("joining_grants") == 0


async def test_a_grant_of_others_is_locked_until_they_settled_an_agreement(
    empty_house: LedgerHouse,
) -> None:
    await empty_house.consume(union_event(), membership_event(1, invited=False))
    locked = account_of(1, AccountKind.GRANT)
    assert await empty_house.balance(locked) == GRANT_MINOR
    assert await empty_house.balance(account_of(1)) == 0
    await empty_house.consume(paid(FOUNDER, 1), paid(FOUNDER, 1))
    assert await empty_house.balance(locked) == 0
    assert await empty_house.balance(account_of(1)) == GRANT_MINOR
    assert await state_of(empty_house, 1) == "unlocked"


async def test_an_agreement_settled_before_the_grant_was_paid_unlocks_it(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(), paid(FOUNDER, 1), membership_event(1, invited=False))
    assert await empty_house.balance(account_of(1)) == GRANT_MINOR


async def test_a_locked_grant_cannot_be_paid_out(house: LedgerHouse) -> None:
    await house.consume(membership_event(5, invited=False))
    locked = str(account_of(5, AccountKind.GRANT))
    result, _ = await house.pay(5, 1, 1, member_id(500), debit_account=locked)
    assert result == "code_not_permitted"


async def test_over_the_budget_a_grant_waits_for_the_next_day(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(joining_grants_per_day=2))
    await empty_house.consume_together([membership_event(number) for number in range(1, 6)])
    assert [await empty_house.balance(account_of(number)) for number in range(1, 6)] == [
        GRANT_MINOR,
        GRANT_MINOR,
        0,
        0,
        0,
    ]
    assert await empty_house.run_timers() == 0
    empty_house.clock.advance(timedelta(hours=12))
    assert await empty_house.run_timers() == 1
    assert [await empty_house.balance(account_of(number)) for number in (3, 4, 5)] == [
        GRANT_MINOR,
        GRANT_MINOR,
        0,
    ]
    empty_house.clock.advance(timedelta(hours=24))
    assert await empty_house.run_timers() == 1
    assert await empty_house.balance(account_of(5)) == GRANT_MINOR
    budgets = await empty_house.rows("SELECT taken_count FROM grant_budgets ORDER BY day")
    assert [row[0] for row in budgets] == [2, 2, 1]


async def test_one_who_comes_the_next_day_waits_behind_those_who_waited(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(joining_grants_per_day=1))
    await empty_house.consume_together([membership_event(number) for number in (1, 2, 3)])
    empty_house.clock.advance(timedelta(hours=13))
    await empty_house.consume(membership_event(4))
    assert await empty_house.balance(account_of(4)) == 0
    await empty_house.run_timers()
    assert await empty_house.balance(account_of(2)) == GRANT_MINOR
    days = await empty_house.rows("SELECT day FROM joining_grants ORDER BY member_id")
    assert len({row[0] for row in days}) == 4


async def test_a_day_with_more_grants_than_one_transaction_takes_is_paid_in_parts(
    empty_house: LedgerHouse,
) -> None:
    await empty_house.consume(union_event())
    async with empty_house.unit() as unit:
        joined = [membership_event(number) for number in range(1, 6)]
        for event in joined:
            await keep_membership(await unit.raw(), event)
        await welcome_members(unit, await empty_house.union(unit), joined, 2)
    for _ in range(3):
        empty_house.clock.advance(timedelta(seconds=1))
        await empty_house.run_timers()
    assert [await empty_house.balance(account_of(number)) for number in range(1, 6)] == [GRANT_MINOR] * 5


async def test_who_has_left_before_the_day_gets_nothing_until_they_come_back(
    empty_house: LedgerHouse,
) -> None:
    await empty_house.consume(union_event(joining_grants_per_day=1))
    await empty_house.consume_together([membership_event(1), membership_event(2)])
    await empty_house.consume(membership_event(2, version=2, state="left"))
    empty_house.clock.advance(timedelta(days=1))
    await empty_house.run_timers()
    assert await empty_house.balance(account_of(2)) == 0
    assert await state_of(empty_house, 2) == "forfeited"
    empty_house.clock.advance(timedelta(days=1))
    await empty_house.consume(membership_event(2, version=3))
    assert await empty_house.balance(account_of(2)) == GRANT_MINOR


async def test_an_empty_pool_is_followed_by_the_treasury_and_an_empty_treasury_by_nothing(
    empty_house: LedgerHouse,
) -> None:
    await empty_house.consume(union_event(supply_minor=str(GRANT_MINOR * 10), joining_grants_per_day=99))
    await empty_house.consume_together([membership_event(number) for number in range(1, 12)])
    assert await empty_house.balance(EARLY) == 0
    assert await empty_house.balance(TREASURY) == 0
    states = await empty_house.rows("SELECT state, count(*) FROM joining_grants GROUP BY state ORDER BY 1")
    assert [tuple(row) for row in states] == [("unfunded", 2), ("unlocked", 9)]


async def test_a_union_without_grants_opens_accounts_alone(empty_house: LedgerHouse) -> None:
    await empty_house.consume(union_event(joining_grants_per_day=0), membership_event(1))
    assert await empty_house.balance(account_of(1)) == 0
    assert await empty_house.count("joining_grants") == 0


async def test_who_is_back_before_they_were_paid_takes_no_second_place_of_a_budget(
    empty_house: LedgerHouse,
) -> None:
    await empty_house.consume(union_event())
    await empty_house.consume_together(
        [membership_event(1), membership_event(1, version=2, state="suspended")]
    )
    assert await state_of(empty_house, 1) == "forfeited"
    await empty_house.consume(membership_event(1, version=3))
    assert await empty_house.balance(account_of(1)) == GRANT_MINOR
    [budget] = await empty_house.rows("SELECT taken_count FROM grant_budgets")
    assert budget["taken_count"] == await empty_house.count("joining_grants") == 1
