"""Members' transfers: signed, idempotent by id, one result each; every refusal changes nothing."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    GRANT_MINOR,
    PATH,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
)

ID = named("a transfer")
JSON = {"content-type": "application/json"}


def transfer(payer: int = 1, payee: int = 2, minor: str = "10", **changed: Any) -> dict[str, Any]:
    return {
        "id": str(ID),
        "debit_account": f"members/{member_id(payer)}",
        "credit_account": f"members/{member_id(payee)}",
        "asset": "GLD",
        "minor": minor,
        "code": "pay",
    } | changed


async def test_a_payment_moves_money_and_is_an_entry_an_event_and_a_stored_act(house: LedgerHouse) -> None:
    answer = await house.act("POST", "/transfers", {"transfers": [transfer(memo="Lunch")]})
    assert answer.status_code == 200
    assert answer.json() == {
        "results": [{"id": str(ID), "result": "posted", "first_result": None, "minor": "10"}]
    }
    assert answer.headers["guildhall-event"].startswith("transfer.posted/")
    assert await house.balance(account_of(1)) == GRANT_MINOR - 10
    assert await house.balance(account_of(2)) == GRANT_MINOR + 10
    (act,) = await house.rows(
        "SELECT member_id FROM transfer_acts JOIN signed_acts USING (device_key_id, nonce)"
    )
    assert act["member_id"] == member_id(1)
    posted = (await house.published("transfer.posted"))[-1]
    assert posted["transfers"] == [{"id": str(ID), "code": "pay", "asset": "GLD", "minor": "10"}]
    assert "Lunch" not in orjson.dumps(posted).decode()
    (logged,) = await house.rows("SELECT actor, act_right FROM act_log ORDER BY sequence DESC LIMIT 1")
    assert tuple(logged) == (f"member:{member_id(1)}", "post transfers")


async def test_the_same_id_again_is_one_transfer(house: LedgerHouse) -> None:
    assert await house.pay(1, 2, 10, ID) == ("posted", None)
    assert await house.pay(1, 2, 10, ID) == ("exists", None)
    assert await house.pay(1, 2, 11, ID) == ("exists_with_different_amount", None)
    assert await house.pay(1, 3, 10, ID) == ("exists_with_different_accounts", None)
    assert await house.pay(1, 2, 10, ID, code="escrow_pay") == ("exists_with_different_code", None)
    assert await house.balance(account_of(1)) == GRANT_MINOR - 10


async def test_an_id_belongs_to_its_principal_alone(house: LedgerHouse) -> None:
    assert await house.pay(1, 2, 10, ID) == ("posted", None)
    assert await house.pay(2, 1, 10, ID) == ("posted", None)


async def test_a_refusal_burns_the_id(house: LedgerHouse) -> None:
    assert await house.pay(1, 2, GRANT_MINOR + 1, ID) == ("insufficient_funds", None)
    assert await house.pay(1, 2, 10, ID) == ("id_already_failed", "insufficient_funds")
    assert await house.balance(account_of(1)) == GRANT_MINOR


async def test_a_batch_has_one_result_each_in_order(house: LedgerHouse) -> None:
    batch = [
        transfer(id=str(named("first")), minor=str(GRANT_MINOR)),
        transfer(id=str(named("second")), minor="1"),
        transfer(id=str(named("third")), payer=2, payee=1),
        transfer(id=str(named("first")), minor=str(GRANT_MINOR)),
    ]
    answer = await house.act("POST", "/transfers", {"transfers": batch})
    assert [result["result"] for result in answer.json()["results"]] == [
        "posted",
        "insufficient_funds",
        "debit_not_permitted",
        "exists",
    ]


REFUSALS: list[tuple[str, dict[str, Any]]] = [
    ("debit_not_permitted", transfer(payer=2, payee=1)),
    ("code_not_permitted", transfer(code="escrow_pay")),
    (
        "code_not_permitted",
        transfer(code="genesis", debit_account=str(account_of_union(AccountKind.ISSUANCE))),
    ),
    ("code_not_permitted", transfer(code="pay", debit_account="treasury")),
    ("code_not_permitted", transfer(code="no_such_code")),
    ("debit_account_not_found", transfer(debit_account=str(named("nowhere")))),
    ("credit_account_not_found", transfer(payee=77)),
    ("accounts_the_same", transfer(payee=1)),
    ("assets_differ", transfer(asset="SLV")),
    ("amount_zero", transfer(minor="0")),
    ("insufficient_funds", transfer(minor=str(2**62 - 10_000_000_000_000))),
]


async def test_a_refused_transfer_names_its_reason_and_moves_nothing(house: LedgerHouse) -> None:
    entries = await house.count("journal_entries")
    for place, (result, sent) in enumerate(REFUSALS):
        body = {"transfers": [sent | {"id": str(UUID(int=place))}]}
        answer = await house.act("POST", "/transfers", body)
        assert answer.json()["results"][0]["result"] == result
    assert await house.balance(account_of(1)) == GRANT_MINOR
    assert await house.count("journal_entries") == entries
    assert await house.count("refused_transfers") == len(REFUSALS)


MALFORMED: list[Any] = [
    None,
    [],
    {},
    {"transfers": []},
    {"transfers": [transfer(minor="-1")]},
    {"transfers": [transfer(minor="1.5")]},
    {"transfers": [transfer(minor=" 10")]},
    {"transfers": [transfer(minor="١")]},
    {"transfers": [transfer() | {"minor": 10}]},
    {"transfers": [transfer(minor=str(2**62 + 1))]},
    {"transfers": [transfer(minor=str(2**63))]},
    {"transfers": [transfer(id="1")]},
    {"transfers": [transfer(code="PAY")]},
    {"transfers": [transfer(memo="one\ntwo")]},
    {"transfers": [transfer(memo="x" * 281)]},
    {"transfers": [transfer(surprise=1)]},
    {"transfers": [transfer(memo="\x00")]},
    {"transfers": [transfer(debit_account="leaders/x")]},
]


async def test_a_malformed_batch_is_422_and_burns_no_id(house: LedgerHouse) -> None:
    for body in MALFORMED:
        answer = await house.act("POST", "/transfers", body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
    assert await house.count("refused_transfers") == 0
    assert await house.pay(1, 2, 10, ID) == ("posted", None)


async def test_half_a_body_is_422(house: LedgerHouse) -> None:
    content = b'{"transfers": [{"id": "'
    headers = house.bearer(1) | house.signed(1, "POST", f"{PATH}/transfers", content)
    answer = await house.client.post(f"{PATH}/transfers", content=content, headers=headers)
    assert answer.status_code == 422


async def test_a_lone_surrogate_is_422(house: LedgerHouse) -> None:
    content = orjson.dumps({"transfers": [transfer(memo="@")]}).replace(b"@", b"\\ud800")
    headers = house.bearer(1) | JSON | house.signed(1, "POST", f"{PATH}/transfers", content)
    answer = await house.client.post(f"{PATH}/transfers", content=content, headers=headers)
    assert answer.status_code == 422


async def test_more_than_a_full_batch_is_413(house: LedgerHouse) -> None:
    batch = [transfer(id=str(UUID(int=number))) for number in range(8_191)]
    answer = await house.act("POST", "/transfers", {"transfers": batch})
    assert answer.status_code == 413
    assert answer.json()["limit"] == 8_190


@pytest.mark.slow
async def test_a_full_batch_is_one_entry_and_events_of_a_thousand(house: LedgerHouse) -> None:
    batch = [transfer(id=str(UUID(int=number)), minor="1") for number in range(8_190)]
    answer = await house.act("POST", "/transfers", {"transfers": batch})
    assert {result["result"] for result in answer.json()["results"]} == {"posted"}
    entry = (await house.rows("SELECT count FROM journal_entries ORDER BY number DESC LIMIT 1"))[0]
    assert entry["count"] == 8_190
    events = (await house.published("transfer.posted"))[-9:]
    assert [len(event["transfers"]) for event in events] == [1_000] * 8 + [190]


async def test_a_payment_has_to_be_signed(house: LedgerHouse) -> None:
    answer = await house.client.post(
        f"{PATH}/transfers", json={"transfers": [transfer()]}, headers=house.bearer(1)
    )
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/act-unsigned")


async def test_a_payment_needs_a_token(house: LedgerHouse) -> None:
    answer = await house.client.post(f"{PATH}/transfers", json={"transfers": [transfer()]})
    assert answer.status_code == 401


async def test_another_unions_member_is_403_and_an_unknown_union_404(house: LedgerHouse) -> None:
    answer = await house.act("POST", "/transfers", {"transfers": [transfer(payer=9)]}, number=9)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-a-member")
    headers = house.bearer(1) | house.signed(1, "POST", "/v1/unions/nowhere/transfers", b"{}")
    unknown = await house.client.post("/v1/unions/nowhere/transfers", content=b"{}", headers=headers)
    assert unknown.status_code == 404


async def test_who_is_out_pays_nobody_but_still_sees_their_money(house: LedgerHouse) -> None:
    for version, state in enumerate(("left", "suspended", "expelled"), start=2):
        await house.consume(membership_event(1, version=version, state=state))
        answer = await house.act("POST", "/transfers", {"transfers": [transfer()]})
        assert (answer.status_code, answer.json()["state"]) == (403, state)
        assert (await house.get("/accounts")).json()["items"][0]["balance"]["text"] == "250.00"


async def test_a_signature_repeated_is_refused_and_with_its_key_answered_again(house: LedgerHouse) -> None:
    content = orjson.dumps({"transfers": [transfer()]})
    headers = house.bearer(1) | JSON | house.signed(1, "POST", f"{PATH}/transfers", content)
    first = await house.client.post(f"{PATH}/transfers", content=content, headers=headers)
    again = await house.client.post(f"{PATH}/transfers", content=content, headers=headers)
    assert (first.status_code, again.status_code) == (200, 409)
    keyed = house.bearer(1) | JSON | house.signed(1, "POST", f"{PATH}/transfers", content, key="k")
    answers = [await house.client.post(f"{PATH}/transfers", content=content, headers=keyed) for _ in range(2)]
    assert [answer.json()["results"][0]["result"] for answer in answers] == ["exists", "exists"]


async def test_a_member_sends_no_forwarded_act(house: LedgerHouse) -> None:
    act = {"method": "POST", "target_uri": "http://x/", "headers": {}, "body": ""}
    answer = await house.act("POST", "/transfers", {"transfers": [transfer(act=act)]})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/services-only")


async def test_a_donation_to_the_treasury_is_a_payment(house: LedgerHouse) -> None:
    before = await house.balance(account_of_union(AccountKind.TREASURY))
    assert await house.pay(1, 2, 10, ID, credit_account="treasury") == ("posted", None)
    assert await house.balance(account_of_union(AccountKind.TREASURY)) == before + 10
