"""Allotments over the API: split and gathered, whole or not at all, once."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, ESCROW, WORKER, forwarded
from tests.services.ledger.house import (
    GRANT_MINOR,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
)

ID = str(named("allotment"))
TREASURY = account_of_union(AccountKind.TREASURY)


def member(number: int, **more: Any) -> dict[str, Any]:
    return {"account": f"members/{member_id(number)}", **more}


def gld(minor: int) -> dict[str, str]:
    return {"asset": "GLD", "minor": str(minor)}


async def allot(
    house: LedgerHouse,
    minor: int,
    sources: list[dict[str, Any]],
    destinations: list[dict[str, Any]],
    *,
    number: int = 1,
    name: str = ID,
    **more: Any,
) -> httpx.Response:
    body = {"amount": gld(minor), "sources": sources, "destinations": destinations} | more
    return await house.act("PUT", f"/allotments/{name}", body, number=number)


async def mandate(house: LedgerHouse, payer: int, payee: int, cap: int) -> str:
    name = str(named(f"mandate of {payer}"))
    body = {
        "payee_id": str(member_id(payee)),
        "cap": gld(cap),
        "expires_at": (house.clock.now() + timedelta(days=9)).isoformat(),
    }
    assert (await house.act("PUT", f"/mandates/{name}", body, number=payer)).status_code == 200
    return name


def told(answer: httpx.Response) -> tuple[str, list[int]]:
    assert answer.status_code == 200, answer.text
    return answer.json()["result"], [int(part["amount"]["minor"]) for part in answer.json()["parts"]]


async def test_one_purse_is_split_by_shares_to_the_unit(house: LedgerHouse) -> None:
    before = await house.balance(TREASURY)
    split = [member(2, shares=2), member(3, shares=1), {"account": "treasury", "shares": 1}]
    answer = await allot(house, 1_001, [member(1)], split, memo="The week's market")
    assert told(answer) == ("posted", [501, 250, 250])
    balances = [await house.balance(account_of(number)) for number in (1, 2, 3)]
    assert balances == [GRANT_MINOR - 1_001, GRANT_MINOR + 501, GRANT_MINOR + 250]
    assert await house.balance(TREASURY) == before + 250
    (row,) = await house.rows("SELECT count FROM journal_entries ORDER BY number DESC LIMIT 1")
    assert row["count"] == 3
    line = (await house.get(f"/accounts/{account_of(1)}/statement")).json()["items"][0]
    assert (line["code"], line["memo"]) == ("pay", "The week's market")


async def test_it_is_gathered_in_order_within_caps_and_mandates(house: LedgerHouse) -> None:
    """Five of the first's mandate, at most 20 of the own purse, the rest by the third's mandate."""
    first, third = await mandate(house, 2, 1, 5), await mandate(house, 3, 1, 1_000)
    sources = [
        member(2, mandate_id=first),
        member(3, mandate_id=third, max=gld(20)),
        member(3, mandate_id=third),
    ]
    answer = await allot(house, 40, sources, [member(1, shares=1)])
    assert told(answer) == ("posted", [5, 20, 15])
    assert await house.balance(account_of(1)) == GRANT_MINOR + 40
    left = (await house.get("/mandates", 3)).json()["items"][0]["left"]["minor"]
    assert left == str(1_000 - 35)


async def test_what_is_not_there_moves_nothing_and_burns_the_id(house: LedgerHouse) -> None:
    short = await mandate(house, 2, 1, 5)
    sources, destinations = [member(2, mandate_id=short)], [member(1, shares=1)]
    assert told(await allot(house, 6, sources, destinations)) == ("insufficient_funds", [])
    again = await allot(house, 6, sources, destinations)
    assert told(again) == ("id_already_failed", [])
    assert again.json()["first_result"] == "insufficient_funds"
    assert await house.balance(account_of(1)) == GRANT_MINOR


async def test_what_is_held_is_not_there(house: LedgerHouse) -> None:
    hold = {"code": "hold", "timeout_seconds": 60}
    await house.pay(1, 2, GRANT_MINOR - 10, named("hold"), **hold)
    assert told(await allot(house, 11, [member(1)], [member(3, shares=1)]))[0] == "insufficient_funds"
    house.clock.advance(timedelta(seconds=61))
    after = await allot(house, 11, [member(1)], [member(3, shares=1)], name=str(named("after")))
    assert told(after) == ("posted", [11])


async def test_a_repeat_is_the_same_allotment_and_other_terms_are_refused(house: LedgerHouse) -> None:
    split = [member(2, shares=1), member(3, shares=1)]
    first = await allot(house, 9, [member(1)], split)
    again = await allot(house, 9, [member(1)], split)
    assert told(again)[0] == "exists" and again.json()["parts"] == first.json()["parts"]
    assert await house.balance(account_of(1)) == GRANT_MINOR - 9
    other = await allot(house, 10, [member(1)], split)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/allotment-exists-differently")
    anothers = await allot(house, 9, [member(2)], [member(3, shares=1)], number=2)
    assert told(anothers)[0] == "posted"  # the id of another is another id


async def test_nothing_is_not_allotted(house: LedgerHouse) -> None:
    assert told(await allot(house, 0, [member(1)], [member(2, shares=1)])) == ("amount_zero", [])


async def test_one_refused_part_takes_all_back(house: LedgerHouse) -> None:
    nobody = {"account": str(named("nobody")), "shares": 1}
    answer = await allot(house, 10, [member(1)], [member(2, shares=1), nobody])
    assert told(answer) == ("credit_account_not_found", [])
    assert await house.balance(account_of(2)) == GRANT_MINOR


REFUSED_SOURCES = [
    ({"account": f"members/{member_id(2)}"}, "debit_not_permitted"),
    ({"account": str(named("nobody"))}, "debit_account_not_found"),
    ({"account": "treasury"}, "code_not_permitted"),
    (member(2, mandate_id=str(named("none"))), "mandate_missing"),
]


@pytest.mark.parametrize("minor", [1, 2**60])
@pytest.mark.parametrize(("source", "result"), REFUSED_SOURCES, ids=[row[1] for row in REFUSED_SOURCES])
async def test_no_answer_tells_what_others_have(
    house: LedgerHouse, source: dict[str, Any], result: str, minor: int
) -> None:
    """Whether there is enough or not, the answer is the same."""
    assert told(await allot(house, minor, [source], [member(1, shares=1)]))[0] == result


async def test_a_service_splits_its_escrow(house: LedgerHouse) -> None:
    await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW)
    funding = {
        "id": str(named("fund")),
        "debit_account": f"members/{member_id(EMPLOYER)}",
        "credit_account": str(AGREEMENT),
        **gld(100),
        "code": "escrow_fund",
        "act": forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}"),
    }
    await house.serve("market", "POST", "/transfers", {"transfers": [funding]})
    body = {
        "amount": gld(100),
        "sources": [{"account": str(AGREEMENT)}],
        "destinations": [member(WORKER, shares=1)],
        "code": "escrow_pay",
    }
    answer = await house.serve("market", "PUT", f"/allotments/{ID}", body)
    assert told(answer) == ("posted", [100])
    body["destinations"] = [member(3, shares=1)]
    stranger = await house.serve("market", "PUT", f"/allotments/{named('other')}", body)
    assert stranger.json()["result"] == "insufficient_funds"


MALFORMED: list[tuple[dict[str, Any], int, str]] = [
    ({"sources": []}, 422, "malformed-body"),
    ({"destinations": []}, 422, "malformed-body"),
    ({"destinations": [member(2, shares=0)]}, 422, "malformed-body"),
    ({"destinations": [member(2, shares=1.5)]}, 422, "malformed-body"),
    ({"destinations": [member(2, shares=1)] * 101}, 422, "allotment-too-large"),
    ({"sources": [member(1)] * 17}, 422, "allotment-too-large"),
    ({"sources": [member(1, max={"asset": "SLV", "minor": "1"})]}, 422, "wrong-asset"),
    ({"sources": [{"account": "leaders/x"}]}, 422, "bad-account-reference"),
    ({"code": "PAY"}, 422, "malformed-body"),
]


async def test_what_makes_no_sense_is_refused_and_nothing_moves(house: LedgerHouse) -> None:
    before = await house.count("transfers")
    for changed, status, problem in MALFORMED:
        body = {"amount": gld(5), "sources": [member(1)], "destinations": [member(2, shares=1)]} | changed
        answer = await house.act("PUT", f"/allotments/{ID}", body)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert await house.count("transfers") == before
