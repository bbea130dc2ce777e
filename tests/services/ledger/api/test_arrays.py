"""Many payments at once leave behind what the same ones do that are posted one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ledger.use_cases import post_transfers
from tests.services.ledger.arrays import ENOUGH, array, chained, left_behind, one_by_one, sent
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, UNION, LedgerHouse, account_of, member_id
from tests.services.ledger.raw_books import faults_of_books, verified_journal

EVEN = [2, 3] * (ENOUGH // 2)
Arrangement = Callable[[LedgerHouse, list[dict[str, Any]]], Awaitable[object]]


@pytest.fixture
def posted_as_arrays(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each array, whether it was posted column by column."""
    told: list[bool] = []
    posted = post_transfers.post_array_entry

    async def noted(*arguments: Any) -> Any:
        after = await posted(*arguments)
        told.append(after is not None)
        return after

    monkeypatch.setattr(post_transfers, "post_array_entry", noted)
    return told


async def nothing(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    """Nothing comes before."""


async def cancels_one(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    answer = await house.act("POST", "/transfer-cancellations", {"ids": [transfers[5]["id"]]})
    assert answer.json()["results"][0]["result"] == "cancelled"


async def sent_one(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    await sent(house, [transfers[5]])


async def sent_all(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    await sent(house, one_by_one(transfers))


async def was_refused_another(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    await sent(house, [transfers[5] | {"id": str(named("another")), "minor": str(2**62)}])


async def another_used_an_id(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    own = transfers[5] | {
        "debit_account": f"members/{member_id(2)}",
        "credit_account": f"members/{member_id(1)}",
    }
    await sent(house, [own], payer=2)


async def is_frozen(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    until = (house.clock.now() + timedelta(days=1)).isoformat()
    body = {"until": until, "reason": "A test"}
    answer = await house.act("PUT", f"/accounts/{account_of(1)}/freeze", body, number=0)
    assert answer.status_code == 200, answer.text


async def holds_nearly_all(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    hold = transfers[0] | {
        "id": str(named("hold")),
        "code": "hold",
        "minor": str(GRANT_MINOR - 10),
        "timeout_seconds": 60,
    }
    await sent(house, [hold])


async def held_all_for_a_minute(house: LedgerHouse, transfers: list[dict[str, Any]]) -> None:
    hold = transfers[0] | {
        "id": str(named("hold")),
        "code": "hold",
        "minor": str(GRANT_MINOR),
        "timeout_seconds": 60,
    }
    await sent(house, [hold])
    house.clock.advance(timedelta(seconds=61))


def changed(place: int, **fields: Any) -> list[dict[str, Any]]:
    transfers = array(EVEN)
    transfers[place] |= fields
    return transfers


ANOTHER = f"members/{named('nobody')}"


@pytest.mark.parametrize(
    ("before", "transfers", "is_array"),
    [
        (nothing, array(EVEN), True),
        (nothing, array(EVEN, GRANT_MINOR // ENOUGH), True),
        (nothing, changed(5, credit_account=str(account_of(2))), True),
        (nothing, changed(5, credit_account="treasury"), True),
        (was_refused_another, array(EVEN), True),
        (another_used_an_id, array(EVEN), True),
        (nothing, chained(array(EVEN)), True),
        (nothing, [one | {"memo": "Lunch"} for one in chained(array(EVEN))], True),
        (nothing, changed(5, memo="Lunch"), True),
        (sent_one, changed(7, memo="Lunch"), False),
        (nothing, chained(array(EVEN), [3, 4, 9]), True),
        (nothing, chained(array(EVEN, GRANT_MINOR // ENOUGH + 1)), False),
        (nothing, chained(array(EVEN, GRANT_MINOR // ENOUGH + 1), [60, 61, 62]), False),
        (nothing, chained(array(EVEN), [ENOUGH - 1]), None),
        (sent_one, chained(array(EVEN)), False),
        (nothing, array(EVEN, GRANT_MINOR // ENOUGH + 1), False),
        (nothing, changed(5, credit_account=ANOTHER), False),
        (nothing, changed(5, credit_account=f"members/{member_id(1)}"), False),
        (nothing, changed(5, credit_account="issuance"), False),
        (cancels_one, array(EVEN), False),
        (sent_one, array(EVEN), False),
        (sent_all, array(EVEN), False),
        (is_frozen, array(EVEN), False),
        (holds_nearly_all, array(EVEN), False),
        (held_all_for_a_minute, array(EVEN), False),
        (nothing, [one | {"asset": "SLV"} for one in array(EVEN)], False),
        (nothing, [one | {"debit_account": f"members/{member_id(4)}"} for one in array(EVEN)], False),
        (nothing, [one | {"debit_account": ANOTHER} for one in array(EVEN)], False),
    ],
)
async def test_an_array_leaves_behind_what_its_payments_do(
    house: LedgerHouse,
    posted_as_arrays: list[bool],
    before: Arrangement,
    transfers: list[dict[str, Any]],
    is_array: bool | None,
) -> None:
    """`is_array`: posted as columns; None: not read as such."""
    await before(house, transfers)
    told = await sent(house, transfers)
    left = await left_behind(house)
    assert await faults_of_books(house.database.owner_url, UNION) == []
    await house.forget_everything()
    await house.found()
    await before(house, transfers)
    assert await sent(house, one_by_one(transfers)) == told
    assert await left_behind(house) == left
    assert posted_as_arrays == ([] if is_array is None else [is_array])


@pytest.mark.parametrize(("minor", "is_array"), [(2, True), (GRANT_MINOR // 40, False)])
async def test_an_array_under_an_idempotency_key_is_answered_once(
    house: LedgerHouse, posted_as_arrays: list[bool], minor: int, is_array: bool
) -> None:
    transfers = array(EVEN, minor)
    told = await sent(house, transfers, key="once")
    assert await sent(house, transfers, key="once") == told
    assert posted_as_arrays == [is_array]
    assert {one["result"] for one in told} == ({"posted"} if is_array else {"posted", "insufficient_funds"})


async def test_a_charter_with_fees_has_each_payment_looked_at(
    empty_house: LedgerHouse, posted_as_arrays: list[bool]
) -> None:
    await empty_house.found(payment_fee_basis_points=1_000)
    await sent(empty_house, array(EVEN, 100))
    assert posted_as_arrays == [False]
    assert await empty_house.balance(account_of(2)) == GRANT_MINOR + ENOUGH // 2 * 90


async def test_a_service_is_answered_for_each_payment(
    house: LedgerHouse, posted_as_arrays: list[bool]
) -> None:
    answer = await house.serve("market", "POST", "/transfers", {"transfers": array(EVEN)})
    assert [one["result"] for one in answer.json()["results"]] == ["code_not_permitted"] * ENOUGH
    assert posted_as_arrays == []


async def test_an_array_may_have_as_many_payments_as_a_batch(house: LedgerHouse) -> None:
    most = house.settings.batch_transfers_max
    too_many = array([2] * (most + 1))
    answer = await house.act("POST", "/transfers", {"transfers": too_many})
    assert answer.status_code == 413
    told = await sent(house, too_many[:-1])
    assert {one["result"] for one in told} == {"posted"} and len(told) == most
    await verified_journal(house)
    assert [len(event["transfers"]) for event in await house.published("transfer.posted")][-9:] == [
        *[1_000] * 8,
        190,
    ]


async def test_a_bad_reference_in_an_array_burns_nothing(house: LedgerHouse) -> None:
    transfers = changed(5, credit_account="members/nobody")
    answer = await house.act("POST", "/transfers", {"transfers": transfers})
    assert answer.status_code == 422
    assert {one["result"] for one in await sent(house, array(EVEN))} == {"posted"}


async def test_arrays_and_single_payments_are_posted_together(house: LedgerHouse) -> None:
    """Whatever waits for the same head: each has its own answers, acts and rows."""
    asked = [
        (payer, array([1 + payer % 4] * count, payer=payer, name=f"{payer} {count}"))
        for payer in (1, 2, 3, 4)
        for count in (1, ENOUGH, 500)
    ]
    told = await asyncio.gather(*(sent(house, transfers, payer=payer) for payer, transfers in asked))
    for (_, transfers), results in zip(asked, told, strict=True):
        assert [one["id"] for one in results] == [transfer["id"] for transfer in transfers]
        assert {one["result"] for one in results} == {"posted"}
    assert await faults_of_books(house.database.owner_url, UNION) == []
    await verified_journal(house)


amounts = st.one_of(st.integers(1, 5), st.sampled_from([0, GRANT_MINOR // ENOUGH, GRANT_MINOR // 3]))
payments = st.tuples(st.sampled_from([2, 2, 2, 3, 4, 4]), amounts)


async def test_whatever_an_array_has_it_leaves_behind_what_its_payments_do(
    running_house: LedgerHouse,
) -> None:
    house, loop = running_house, asyncio.get_running_loop()

    async def played(asked: list[tuple[int, int]], repeated: bool, as_columns: bool) -> Any:
        await house.forget_everything()
        await house.found()
        payees, minors = zip(*asked, strict=True)
        linked = [place for place, (payee, minor) in enumerate(asked[:-1]) if (payee + minor) % 5 == 0]
        transfers = chained(array(payees, minors), linked)
        for place in range(0, len(transfers), 9):
            transfers[place]["memo"] = f"The payment at {place}"
        sending = transfers if as_columns else one_by_one(transfers)
        told = [await sent(house, sending) for _ in range(1 + repeated)]
        return told, await left_behind(house)

    @given(st.lists(payments, min_size=ENOUGH, max_size=ENOUGH + 20), st.booleans())
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def play(asked: list[tuple[int, int]], repeated: bool) -> None:
        plays = [
            asyncio.run_coroutine_threadsafe(played(asked, repeated, as_columns), loop).result(60)
            for as_columns in (True, False)
        ]
        assert plays[0] == plays[1]

    await asyncio.to_thread(play)
