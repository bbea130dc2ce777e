"""Escrows: opened by services, never changed, left only as it was fixed at the opening."""

from typing import Any
from uuid import UUID

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.escrows import (
    AGREEMENT,
    BACKER,
    EMPLOYER,
    ESCROW,
    PROJECT,
    WORKER,
    forwarded,
    fund_agreement,
    funding,
    leaving,
    open_agreement,
    open_project,
    pledge,
    post,
)
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    PATH,
    SLUG,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
)


async def test_an_escrow_is_opened_once_and_never_changes(house: LedgerHouse) -> None:
    first = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW)
    again = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW)
    assert first.json() == again.json()
    assert first.json()["balance"]["minor"] == "0"
    for changed in (
        {"payees": [f"members/{member_id(4)}"]},
        {"exit_to": "contributors"},
        {"resource": "agreements/another"},
    ):
        other = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW | changed)
        assert (other.status_code, other.json()["type"]) == (409, "/problems/account-exists-differently")
    same_resource = await house.serve("market", "PUT", f"/accounts/{PROJECT}", ESCROW)
    assert same_resource.status_code == 409


async def test_an_agreement_is_funded_paid_and_told(house: LedgerHouse) -> None:
    await fund_agreement(house)
    assert await house.balance(AGREEMENT) == 100
    assert await house.balance(account_of(EMPLOYER)) == GRANT_MINOR - 100
    worker = f"members/{member_id(WORKER)}"
    assert await post(house, "market", leaving("escrow_pay", worker, "100")) == ["posted"]
    assert await house.balance(AGREEMENT) == 0
    assert await house.balance(account_of(WORKER)) == GRANT_MINOR + 100


async def test_an_escrow_leaves_only_to_whom_it_was_opened_for(house: LedgerHouse) -> None:
    await fund_agreement(house)
    employer, worker = f"members/{member_id(EMPLOYER)}", f"members/{member_id(WORKER)}"
    assert await post(
        house,
        "market",
        leaving("escrow_pay", employer, "1", name="a"),
        leaving("escrow_refund", worker, "1", name="b"),
        leaving("escrow_pay", "treasury", "1", name="c"),
        leaving("project_payout", worker, "1", name="d"),
        leaving("pledge_refund", employer, "1", name="e"),
        leaving("escrow_pay", worker, "101", name="f"),
    ) == [
        "payee_not_permitted",
        "payee_not_permitted",
        "code_not_permitted",
        "code_not_permitted",
        "code_not_permitted",
        "insufficient_funds",
    ]
    assert await post(house, "funding", leaving("escrow_pay", worker, "1", name="g")) == [
        "code_not_permitted"
    ]
    assert await post(house, "market", leaving("escrow_refund", employer, "100")) == ["posted"]


async def test_a_backer_gets_back_what_they_put_in_and_not_a_unit_more(house: LedgerHouse) -> None:
    await open_project(house)
    assert await pledge(house, BACKER, "60") == ["posted"]
    assert await pledge(house, WORKER, "40") == ["posted"]
    backer = f"members/{member_id(BACKER)}"
    assert await post(
        house,
        "funding",
        leaving("pledge_refund", backer, "61", debit=PROJECT, name="a"),
        leaving("pledge_refund", f"members/{member_id(EMPLOYER)}", "1", debit=PROJECT, name="b"),
        leaving("pledge_refund", backer, "60", debit=PROJECT, name="c"),
        leaving("pledge_refund", backer, "1", debit=PROJECT, name="d"),
    ) == ["contribution_exceeded", "payee_not_permitted", "posted", "contribution_exceeded"]
    assert await house.balance(PROJECT) == 40
    rows = await house.rows("SELECT amount_minor FROM contributions ORDER BY contributor_number")
    assert sorted(row[0] for row in rows) == [0, 40]
    founder = f"members/{member_id(FOUNDER)}"
    assert await post(house, "funding", leaving("project_payout", founder, "40", debit=PROJECT)) == ["posted"]


async def test_a_pledge_goes_to_a_project_that_funding_opened(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, BACKER, "10", f"agreements/{AGREEMENT}")
    transfer = funding("10", act) | {"code": "pledge", "debit_account": f"members/{member_id(BACKER)}"}
    assert await post(house, "funding", transfer) == ["credit_not_permitted"]


async def test_a_cancelled_id_is_refused_for_ever(house: LedgerHouse) -> None:
    await fund_agreement(house)
    cancelled, posted, refused = named("escrow_pay"), named("fund"), named("too much")
    worker = f"members/{member_id(WORKER)}"
    assert await post(house, "market", leaving("escrow_pay", worker, "101", name="too much")) == [
        "insufficient_funds"
    ]
    body = {"ids": [str(cancelled), str(posted), str(refused), str(cancelled)]}
    answer = await house.serve("market", "POST", "/transfer-cancellations", body)
    results = [(result["result"], result["first_result"]) for result in answer.json()["results"]]
    assert results == [
        ("cancelled", None),
        ("exists", None),
        ("id_already_failed", "insufficient_funds"),
        ("cancelled", None),
    ]
    assert await post(house, "market", leaving("escrow_pay", worker, "100")) == ["cancelled"]
    again = await house.serve("market", "POST", "/transfer-cancellations", {"ids": [str(cancelled)]})
    assert again.json()["results"][0]["result"] == "cancelled"
    assert await house.balance(AGREEMENT) == 100


async def test_one_services_cancellation_does_not_touch_anothers_id(house: LedgerHouse) -> None:
    body = {"ids": [str(named("fund"))]}
    answer = await house.serve("funding", "POST", "/transfer-cancellations", body)
    assert answer.json()["results"][0]["result"] == "cancelled"
    await fund_agreement(house)


async def test_too_many_cancellations_are_413(house: LedgerHouse) -> None:
    body = {"ids": [str(UUID(int=number)) for number in range(1_001)]}
    assert (await house.serve("market", "POST", "/transfer-cancellations", body)).status_code == 413


REFUSED_OPENINGS: list[tuple[str, dict[str, Any], int, str]] = [
    ("market", {"resource": f"projects/{PROJECT}"}, 403, "resource-not-permitted"),
    ("funding", {}, 403, "resource-not-permitted"),
    ("graph", {}, 403, "forbidden"),
    ("market", {"payees": [f"members/{member_id(77)}"]}, 409, "payee-not-found"),
    ("market", {"payees": [str(named("nowhere"))]}, 409, "payee-not-found"),
    ("market", {"payees": [str(account_of_union(AccountKind.ISSUANCE))]}, 409, "payee-not-found"),
    ("market", {"exit_to": f"members/{member_id(77)}"}, 409, "payee-not-found"),
    ("market", {"payees": ["leaders/x"]}, 422, "bad-account-reference"),
    ("market", {"payees": ["treasury"] * 17}, 422, "too-many-payees"),
    ("market", {"asset": "SLV"}, 422, "wrong-asset"),
    ("market", {"kind": "treasury"}, 422, "malformed-body"),
    ("market", {"resource": "agreements/"}, 422, "malformed-body"),
]


async def test_a_refused_opening_opens_nothing(house: LedgerHouse) -> None:
    before = await house.count("accounts")
    for service, changed, status, problem in REFUSED_OPENINGS:
        answer = await house.serve(service, "PUT", f"/accounts/{AGREEMENT}", ESCROW | changed)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert await house.count("accounts") == before


async def test_a_member_opens_no_escrow(house: LedgerHouse) -> None:
    opening = await house.act("PUT", f"/accounts/{AGREEMENT}", ESCROW)
    assert (opening.status_code, opening.json()["type"]) == (403, "/problems/services-only")


async def test_a_payee_whom_the_ledger_has_not_met_is_asked_of_identity(house: LedgerHouse) -> None:
    newcomer = membership_event(8)
    house.identity.memberships[newcomer.member_id] = newcomer
    body = ESCROW | {"payees": [f"members/{newcomer.member_id}"]}
    answer = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", body)
    assert answer.status_code == 200
    assert await house.balance(account_of(8)) == 0
    await house.consume(newcomer)
    assert await house.balance(account_of(8)) == GRANT_MINOR


async def test_paths_name_the_union_by_slug_or_id(house: LedgerHouse) -> None:
    answer = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW, slug=str(UNION))
    assert answer.status_code == 200
    assert PATH.endswith(SLUG)
