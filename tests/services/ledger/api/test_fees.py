"""Fees over the API: told, explained, hashed with the payment, and found by whoever looks."""

from typing import Any

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.fees import fee_id
from services.ledger.domain.rights import member_principal
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, ESCROW, WORKER, forwarded
from tests.services.ledger.house import (
    GRANT_MINOR,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    union_event,
)

TREASURY = account_of_union(AccountKind.TREASURY)
FEES: dict[str, int | str] = {
    "payment_fee_basis_points": 100,
    "work_fee_basis_points": 500,
    "fee_max_minor": "1000",
}


async def statement(house: LedgerHouse, number: int) -> list[dict[str, Any]]:
    return (await house.get(f"/accounts/{account_of(number)}/statement", number)).json()["items"]


async def test_the_payee_sees_the_payment_and_its_fee_and_why(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(4, **FEES)
    before = await house.balance(TREASURY)
    assert await house.pay(1, 2, 5_000, named("pay")) == ("posted", None)
    fee, payment = (await statement(house, 2))[:2]
    assert (payment["code"], payment["amount"]["minor"]) == ("pay", "5000")
    assert (fee["code"], fee["amount"]["minor"], fee["other_account"]["kind"]) == ("fee", "-50", "treasury")
    assert fee["sequence"] == payment["sequence"] + 1 and fee["entry_number"] == payment["entry_number"]
    assert fee["transfer_id"] == str(fee_id(member_principal(member_id(1)).id, named("pay")))
    assert await house.balance(TREASURY) == before + 50
    assert await house.balance(account_of(1)) == GRANT_MINOR - 5_000
    why = await house.get(f"/accounts/{account_of(2)}/statement/{fee['sequence']}/explanation", 2)
    assert why.json() == {
        "rule": "fee",
        "formula": "floor(of_minor * basis_points / 10000), at most max_minor",
        "figures": {"of_code": "pay", "of_minor": "5000", "basis_points": 100, "max_minor": "1000"},
        "amount": {"asset": "GLD", "minor": "-50", "text": "-0.00005"},
        "charter_version": 1,
        "decision_id": None,
    }


async def test_a_repeat_pays_no_second_fee(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(4, **FEES)
    await house.pay(1, 2, 5_000, named("pay"))
    after = await house.balance(TREASURY)
    assert (await house.pay(1, 2, 5_000, named("pay")))[0] == "exists"
    assert await house.balance(TREASURY) == after


async def test_work_is_charged_when_it_is_paid_out(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(4, **FEES)
    await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW)
    funding = {
        "id": str(named("fund")),
        "debit_account": f"members/{member_id(EMPLOYER)}",
        "credit_account": str(AGREEMENT),
        "asset": "GLD",
        "minor": "1000",
        "code": "escrow_fund",
        "act": forwarded(house, EMPLOYER, "1000", f"agreements/{AGREEMENT}"),
    }
    paying = {
        "id": str(named("pay out")),
        "debit_account": str(AGREEMENT),
        "credit_account": f"members/{member_id(WORKER)}",
        "asset": "GLD",
        "minor": "1000",
        "code": "escrow_pay",
        "closing_debit": True,
    }
    answer = await house.serve("market", "POST", "/transfers", {"transfers": [funding, paying]})
    assert [one["result"] for one in answer.json()["results"]] == ["posted", "posted"]
    assert await house.balance(account_of(WORKER)) == GRANT_MINOR + 950
    escrow = (await house.serve("market", "GET", f"/accounts/{AGREEMENT}")).json()
    assert escrow["closed"] is True
    late = paying | {"id": str(named("late")), "minor": "1"}
    answer = await house.serve("market", "POST", "/transfers", {"transfers": [late]})
    assert answer.json()["results"][0]["result"] == "debit_account_closed"


async def test_a_large_batch_has_a_row_for_each_fee(empty_house: LedgerHouse) -> None:
    """Through COPY, and each with its reason."""
    house = empty_house
    await house.found(4, **FEES)
    transfers = [
        {
            "id": str(named(f"{place}")),
            "debit_account": f"members/{member_id(1)}",
            "credit_account": f"members/{member_id(2)}",
            "asset": "GLD",
            "minor": "100",
            "code": "pay",
        }
        for place in range(200)
    ]
    answer = await house.act("POST", "/transfers", {"transfers": transfers})
    assert {one["result"] for one in answer.json()["results"]} == {"posted"}
    (row,) = await house.rows("SELECT count FROM journal_entries ORDER BY number DESC LIMIT 1")
    assert row["count"] == 400
    assert (await house.rows("SELECT count(*) FROM transfer_reasons r JOIN transfers t USING (sequence) "
                             "WHERE t.code = 17"))[0][0] == 200  # fmt: skip
    assert await house.balance(account_of(2)) == GRANT_MINOR + 200 * 99


async def test_an_amended_charter_charges_what_it_says_from_then_on(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(4, **FEES)
    await house.pay(1, 2, 5_000, named("before"))
    amended: dict[str, Any] = FEES | {"payment_fee_basis_points": 200}
    await house.consume(union_event(version=2, **amended))
    await house.pay(1, 2, 5_000, named("after"))
    fees = [line["amount"]["minor"] for line in await statement(house, 2) if line["code"] == "fee"]
    assert fees == ["-100", "-50"]
    versions = await house.rows(
        "SELECT charter_version FROM transfer_reasons r JOIN transfers t USING (sequence) "
        "WHERE t.code = 17 ORDER BY sequence"
    )
    assert [row[0] for row in versions] == [1, 2]
