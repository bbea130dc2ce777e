"""Payments from the treasury: by who may spend, in all no more than any holding of the chain may."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
)
from tests.services.ledger.offices import LATER, grant, grants_event, holding

TREASURY = account_of_union(AccountKind.TREASURY)


async def pay(
    house: LedgerHouse, name: str, minor: int, payee: int = 2, *, number: int = 1, **changed: Any
) -> httpx.Response:
    body = {
        "account": f"members/{member_id(payee)}",
        "amount": {"asset": "GLD", "minor": str(minor)},
        "memo": "Rent",
    }
    return await house.act("PUT", f"/treasury-payments/{named(name)}", body | changed, number=number)


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rsplit("/", 1)[-1]


async def spent(house: LedgerHouse) -> dict[UUID, int]:
    rows = await house.rows("SELECT holding_id, spent_minor FROM office_spending")
    return {row["holding_id"]: row["spent_minor"] for row in rows}


async def test_an_officer_pays_up_to_their_limit_in_all(house: LedgerHouse) -> None:
    assert told(await pay(house, "early", 1)) == (403, "forbidden")
    await house.consume(grants_event(1, grant("spend", LATER, (1, 100))))
    before = await house.balance(TREASURY)
    paid = await pay(house, "first", 60)
    assert (paid.status_code, paid.json()["result"], paid.json()["amount"]["minor"]) == (200, "posted", "60")
    assert await house.balance(TREASURY) == before - 60
    assert await house.balance(account_of(2)) == GRANT_MINOR + 60
    assert told(await pay(house, "too much", 101)) == (409, "spending-limit-reached")
    refused = await pay(house, "too much", 41)
    assert told(refused) == (409, "spending-limit-reached")
    assert refused.json()["left_minor"] == "40"
    again = await pay(house, "first", 60)
    assert (again.json()["result"], again.json()["amount"]["minor"]) == ("exists", "60")
    assert (await pay(house, "first", 40)).json()["result"] == "exists_with_different_amount"
    assert (await pay(house, "too much", 40)).json()["result"] == "posted"
    assert told(await pay(house, "more", 1)) == (409, "spending-limit-reached")
    assert await spent(house) == {holding(1): 100}
    [notice, _] = [
        one for one in await house.published("notice.requested.ledger") if one["kind"] == "treasury.paid"
    ]
    assert notice["member_id"] == str(member_id(2))
    listed = (await house.get("/treasury-payments")).json()["items"]
    assert [(one["holding_id"], one["payee_id"], one["amount"]["minor"]) for one in listed] == [
        (str(holding(1)), str(member_id(2)), "40"),
        (str(holding(1)), str(member_id(2)), "60"),
    ]
    page = (await house.get("/treasury-payments?limit=1")).json()
    rest = (await house.get(f"/treasury-payments?limit=1&cursor={page['next_cursor']}")).json()
    assert [page["items"], rest["items"]] == [listed[:1], listed[1:]]


async def test_what_deputies_pay_counts_against_who_appointed_them(house: LedgerHouse) -> None:
    await house.consume(
        grants_event(1, grant("spend", LATER, (1, 100))),
        grants_event(2, grant("spend", LATER, (2, 80), (1, 100))),
        grants_event(3, grant("spend", LATER, (3, 80), (1, 100))),
    )
    assert (await pay(house, "a", 80, 4, number=2)).json()["result"] == "posted"
    refused = await pay(house, "b", 21, 4, number=3)
    assert (told(refused), refused.json()["left_minor"]) == ((409, "spending-limit-reached"), "20")
    assert (await pay(house, "c", 15, 4, number=1)).json()["result"] == "posted"
    assert (await pay(house, "d", 5, 4, number=3)).json()["result"] == "posted"
    assert told(await pay(house, "e", 1, 4, number=1)) == (409, "spending-limit-reached")
    assert await spent(house) == {holding(1): 100, holding(2): 80, holding(3): 5}


async def test_who_holds_two_offices_pays_by_the_one_that_has_most_left(house: LedgerHouse) -> None:
    await house.consume(
        grants_event(1, grant("spend", LATER, (1, 30)), grant("spend", LATER, (2, 100))),
    )
    assert (await pay(house, "a", 80)).json()["result"] == "posted"
    assert (await pay(house, "b", 25)).json()["result"] == "posted"
    refused = await pay(house, "c", 21)
    assert (told(refused), refused.json()["left_minor"]) == ((409, "spending-limit-reached"), "20")
    assert (await pay(house, "a", 80)).json()["result"] == "exists"
    assert await spent(house) == {holding(1): 25, holding(2): 80}


async def test_payments_at_once_stay_within_the_limit(house: LedgerHouse) -> None:
    await house.consume(grants_event(1, grant("spend", LATER, (1, 100))))
    answers = await asyncio.gather(*(pay(house, f"at once {number}", 30) for number in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 409, 409, 409]
    assert await spent(house) == {holding(1): 90}


async def test_nobody_pays_themselves_nor_the_founder(house: LedgerHouse) -> None:
    await house.consume(grants_event(1, grant("spend", LATER, (1, 100))))
    for number in (1, FOUNDER):
        answer = await pay(house, "self", 10, number, number=number)
        assert (answer.status_code, answer.json()["result"]) == (200, "credit_not_permitted")
    assert (await pay(house, "founder", 10, number=FOUNDER)).json()["result"] == "posted"
    assert await spent(house) == {}


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"amount": {"asset": "ETH", "minor": "1"}}, 422, "wrong-asset"),
        ({"account": "somebody"}, 422, "bad-account-reference"),
        ({"account": "treasury"}, 200, "accounts_the_same"),
        ({"account": "issuance"}, 200, "code_not_permitted"),
        ({"amount": {"asset": "GLD", "minor": "0"}}, 200, "amount_zero"),
    ],
)
async def test_what_cannot_be_paid(
    house: LedgerHouse, changed: dict[str, Any], status: int, kind: str
) -> None:
    await house.consume(grants_event(1, grant("spend", LATER, (1, 100))))
    answer = await pay(house, "odd", 1, **changed)
    assert answer.status_code == status, answer.text
    assert (answer.json()["result"] if status == 200 else told(answer)[1]) == kind
    assert await spent(house) == {}


async def test_a_members_own_transfers_do_not_reach_the_treasury(house: LedgerHouse) -> None:
    await house.consume(grants_event(1, grant("spend", LATER, (1, 100))))
    result, _ = await house.pay(1, 2, 5, named("door"), debit_account="treasury", code="treasury_pay")
    assert result == "code_not_permitted"
    result, _ = await house.pay(1, 2, 5, named("door"), debit_account="treasury")
    assert result == "id_already_failed"
