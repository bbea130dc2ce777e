"""Payments from a business' account: by who may spend in it, and by nobody else in the union."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.api.test_treasury_payments import told
from tests.services.ledger.businesses import (
    ACCOUNT,
    BAKERY,
    HIRE,
    MANAGER,
    MANAGING,
    MILL,
    MILLS,
    OUTSIDER,
    OWNER,
    TREASURY,
    business_event,
    found_bakery,
    hear_ended,
    held,
    pay,
)
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
)
from tests.services.ledger.offices import LATER, grant, grants_event, holding

LIST = f"/business-payments?business_id={BAKERY}"


async def spent(house: LedgerHouse) -> dict[UUID, int]:
    rows = await house.rows("SELECT holding_id, spent_minor FROM business_spending")
    return {row["holding_id"]: row["spent_minor"] for row in rows}


async def result(house: LedgerHouse, name: str, minor: int, number: int, **changed: Any) -> str:
    answer = await pay(house, name, minor, number, **changed)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


async def test_a_hire_pays_up_to_their_limit_in_all(house: LedgerHouse) -> None:
    await found_bakery(house)
    before = await house.balance(account_of(OUTSIDER))
    paid = await pay(house, "first", 60, HIRE)
    assert (paid.json()["result"], paid.json()["amount"]["minor"]) == ("posted", "60")
    assert await house.balance(ACCOUNT) == 940
    assert await house.balance(account_of(OUTSIDER)) == before + 60
    assert told(await pay(house, "too much", 101, HIRE)) == (409, "spending-limit-reached")
    refused = await pay(house, "too much", 41, HIRE)
    assert (told(refused), refused.json()["left_minor"]) == ((409, "spending-limit-reached"), "40")
    assert await result(house, "first", 60, HIRE) == "exists"
    assert await result(house, "first", 40, HIRE) == "exists_with_different_amount"
    assert await result(house, "rest", 40, HIRE) == "posted"
    assert told(await pay(house, "more", 1, HIRE)) == (409, "spending-limit-reached")
    assert await spent(house) == {holding(3): 100}
    notices = await house.published("notice.requested.ledger")
    assert [(one["kind"], one["member_id"]) for one in notices if one["kind"] == "business.paid"] == [
        ("business.paid", str(member_id(OUTSIDER)))
    ] * 2
    acts = await house.rows("SELECT * FROM act_log WHERE on_behalf_of = $1", f"business:{BAKERY}")
    act = next(one for one in acts if "posted" in str(one["changed"]))
    assert (act["act_right"], act["subject"]) == (
        f"spend: holdings/{holding(3)}",
        f"business-payments/{named('first')}",
    )


async def test_a_manager_pays_without_a_limit_also_themselves_and_all_who_audit_see_it(
    house: LedgerHouse,
) -> None:
    await found_bakery(house)
    assert await result(house, "wage", 700, MANAGER, account=f"members/{member_id(MANAGER)}") == "posted"
    assert await house.balance(account_of(MANAGER)) == GRANT_MINOR + 700
    assert await spent(house) == {}
    assert not [one for one in await house.published("notice.requested.ledger") if "business" in one["kind"]]
    assert await result(house, "other", 5, MANAGER) == "posted"
    for number in (OWNER, MANAGER, HIRE):
        listed = (await house.get(LIST, number)).json()["items"]
        assert [(one["payer_id"], one["payee_id"], one["amount"]["minor"]) for one in listed] == [
            (str(member_id(MANAGER)), str(member_id(OUTSIDER)), "5"),
            (str(member_id(MANAGER)), str(member_id(MANAGER)), "700"),
        ]
    page = (await house.get(f"{LIST}&limit=1", OWNER)).json()
    rest = (await house.get(f"{LIST}&limit=1&cursor={page['next_cursor']}", OWNER)).json()
    assert [page["items"], rest["items"]] == [listed[:1], listed[1:]]


async def test_a_hire_never_pays_themselves(house: LedgerHouse) -> None:
    await found_bakery(house)
    own = {"account": f"members/{member_id(HIRE)}"}
    assert await result(house, "self", 10, HIRE, **own) == "credit_not_permitted"
    assert await result(house, "by id", 10, HIRE, account=str(account_of(HIRE))) == "credit_not_permitted"
    await house.consume(held(HIRE, grant("spend", LATER, (3, 100)), grant("spend"), version=2))
    assert await result(house, "as manager", 10, HIRE, **own) == "posted"


async def test_who_has_a_limit_pays_no_business_in_which_they_hold_something(house: LedgerHouse) -> None:
    await found_bakery(house)
    mill, ended = f"businesses/{MILL}", grant("spend", house.clock.now(), (4, 100))
    assert await result(house, "stranger", 10, HIRE, account=mill) == "posted"
    for version, held_now, expected in (
        (1, (grant("audit"),), "credit_not_permitted"),
        (2, (grant("spend", LATER, (4, 100)),), "credit_not_permitted"),
        (3, (ended,), "posted"),
        (4, (), "posted"),
    ):
        await house.consume(held(HIRE, *held_now, business_id=MILL, version=version))
        assert await result(house, f"mill {version}", 10, HIRE, account=mill) == expected
        if version == 1:
            assert await result(house, "by id", 10, HIRE, account=str(MILLS)) == expected
            assert await result(house, "stranger", 10, HIRE, account=mill) == "exists"
    assert await house.balance(MILLS) == 30
    await house.consume(held(MANAGER, grant("audit"), business_id=MILL))
    assert await result(house, "manager", 10, MANAGER, account=mill) == "posted"


@pytest.mark.parametrize("number", [FOUNDER, HIRE])
async def test_the_treasury_pays_no_business_in_which_its_payer_holds_something(
    house: LedgerHouse, number: int
) -> None:
    await found_bakery(house)
    await house.consume(grants_event(HIRE, grant("spend", LATER, (7, 100))))
    body = {"account": f"businesses/{MILL}", "amount": {"asset": "GLD", "minor": "5"}}
    for version, held_now, expected in ((1, (grant("audit"),), "credit_not_permitted"), (2, (), "posted")):
        await house.consume(held(number, *held_now, business_id=MILL, version=version))
        paid = await house.act("PUT", f"/treasury-payments/{named(expected)}", body, number=number)
        assert paid.json()["result"] == expected
    assert await house.balance(MILLS) == 5


async def test_nobody_pays_by_another_right_than_the_business_gave(house: LedgerHouse) -> None:
    await found_bakery(house)
    everything = [grant(right) for right in ("admit", "amend", "audit", "moderate", "spend")]
    await house.consume(grants_event(OUTSIDER, *everything))
    await house.consume(held(OUTSIDER, *MANAGING, business_id=MILL))
    for number in (OWNER, OUTSIDER, FOUNDER):
        assert told(await pay(house, "no", 1, number)) == (403, "forbidden")
    for number in (OUTSIDER, FOUNDER):
        assert (await house.get(LIST, number)).status_code == 403
        assert (await house.get(f"/accounts/{ACCOUNT}", number)).status_code == 404
    assert await house.balance(ACCOUNT) == 1_000


async def test_what_is_paid_counts_against_every_charge(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(
        held(HIRE, grant("spend", LATER, (3, 80), (5, 100)), version=2),
        held(OUTSIDER, grant("spend", LATER, (4, 80), (5, 100))),
    )
    payee = {"account": f"members/{member_id(OWNER)}"}
    assert await result(house, "a", 80, HIRE, **payee) == "posted"
    refused = await pay(house, "b", 21, OUTSIDER, **payee)
    assert (told(refused), refused.json()["left_minor"]) == ((409, "spending-limit-reached"), "20")
    assert await result(house, "c", 20, OUTSIDER, **payee) == "posted"
    assert await spent(house) == {holding(3): 80, holding(4): 20, holding(5): 100}


async def test_payments_at_once_stay_within_the_limit(house: LedgerHouse) -> None:
    await found_bakery(house)
    answers = await asyncio.gather(*(pay(house, f"at once {number}", 30, HIRE) for number in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 409, 409, 409]
    assert await spent(house) == {holding(3): 90}


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"amount": {"asset": "ETH", "minor": "1"}}, 422, "wrong-asset"),
        ({"account": "somebody"}, 422, "bad-account-reference"),
        ({"account": f"businesses/{BAKERY}"}, 200, "accounts_the_same"),
        ({"account": "businesses/0195e0c2-0000-7000-8000-00000000b0ff"}, 200, "credit_account_not_found"),
        ({"account": str(account_of_union(AccountKind.EARLY_MEMBERS))}, 200, "code_not_permitted"),
        ({"amount": {"asset": "GLD", "minor": "0"}}, 200, "amount_zero"),
        ({"amount": {"asset": "GLD", "minor": "1001"}}, 200, "insufficient_funds"),
        ({"business_id": str(member_id(MANAGER))}, 403, "forbidden"),
    ],
)
async def test_what_cannot_be_paid(
    house: LedgerHouse, changed: dict[str, Any], status: int, kind: str
) -> None:
    await found_bakery(house)
    answer = await pay(house, "odd", 1, MANAGER, **changed)
    assert answer.status_code == status, answer.text
    assert (answer.json()["result"] if status == 200 else told(answer)[1]) == kind
    assert await house.count("business_payments") == 0


async def test_businesses_and_the_treasury_pay_each_other(house: LedgerHouse) -> None:
    await found_bakery(house)
    before = await house.balance(TREASURY)
    assert await result(house, "tax", 100, MANAGER, account="treasury") == "posted"
    assert await result(house, "grain", 200, MANAGER, account=f"businesses/{MILL}") == "posted"
    assert (await house.balance(TREASURY), await house.balance(MILLS)) == (before + 100, 200)
    body = {"account": f"businesses/{MILL}", "amount": {"asset": "GLD", "minor": "50"}}
    aid = await house.act("PUT", f"/treasury-payments/{named('aid')}", body, number=FOUNDER)
    assert aid.json()["result"] == "posted"
    [listed] = (await house.get("/treasury-payments", FOUNDER)).json()["items"]
    assert (listed["payee_kind"], listed["payee_id"]) == ("business", str(MILL))
    assert await house.balance(MILLS) == 250
    kinds = [one["payee_kind"] for one in (await house.get(LIST, OWNER)).json()["items"]]
    assert kinds == ["business", "treasury"]


async def test_a_members_own_transfers_do_not_leave_the_account_of_a_business(house: LedgerHouse) -> None:
    await found_bakery(house)
    for code in ("business_pay", "pay", "hold", "burn"):
        out = {"debit_account": f"businesses/{BAKERY}", "code": code}
        assert (await house.pay(MANAGER, OUTSIDER, 5, named(code), **out))[0] == "code_not_permitted"


async def test_the_payment_fee_is_taken_of_what_a_business_brings_and_gets(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(4, payment_fee_basis_points=1_000)
    await found_bakery(house)
    assert await house.balance(ACCOUNT) == 900
    before, treasury = await house.balance(account_of(OUTSIDER)), await house.balance(TREASURY)
    assert await result(house, "wage", 100, MANAGER) == "posted"
    assert await house.balance(account_of(OUTSIDER)) == before + 90
    assert await result(house, "grain", 100, MANAGER, account=f"businesses/{MILL}") == "posted"
    assert (await house.balance(MILLS), await house.balance(TREASURY)) == (90, treasury + 20)
    assert await result(house, "tax", 100, MANAGER, account="treasury") == "posted"
    assert await house.balance(TREASURY) == treasury + 120
    body = {"account": f"businesses/{MILL}", "amount": {"asset": "GLD", "minor": "50"}}
    await house.act("PUT", f"/treasury-payments/{named('aid')}", body, number=FOUNDER)
    assert await house.balance(MILLS) == 140


async def test_a_closed_business_pays_out_and_gets_nothing(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(business_event(version=2, state="closed"))
    await house.consume(business_event(version=1))  # late
    into = {"credit_account": f"businesses/{BAKERY}"}
    assert (await house.pay(OUTSIDER, 0, 5, named("late"), **into))[0] == "credit_account_closed"
    body = {"account": f"businesses/{BAKERY}", "amount": {"asset": "GLD", "minor": "5"}}
    aid = await house.act("PUT", f"/treasury-payments/{named('aid')}", body, number=FOUNDER)
    assert aid.json()["result"] == "credit_account_closed"
    assert (await house.get(f"/accounts/{ACCOUNT}", OWNER)).json()["closed"] is True
    assert await result(house, "out", 1_000, MANAGER) == "posted"
    assert await house.balance(ACCOUNT) == 0


async def test_the_log_ends_a_right_before_the_event_comes(house: LedgerHouse) -> None:
    await found_bakery(house)
    assert await result(house, "now", 10, MANAGER) == "posted"
    hear_ended(house, MANAGER, 2)
    asked = f"/internal/unions/{UNION}/businesses/{BAKERY}/grants/{member_id(MANAGER)}"
    house.identity.business_grants[BAKERY, member_id(MANAGER)] = held(MANAGER, grant("audit"), version=2)
    assert (await house.get(LIST, MANAGER)).status_code == 403  # a read asks nobody
    assert house.identity.asked == []
    assert told(await pay(house, "later", 10, MANAGER)) == (403, "forbidden")
    assert house.identity.asked == [asked]
    assert await result(house, "hire", 10, HIRE) == "posted"  # who lost nothing is not asked about
    await house.consume(house.identity.business_grants[BAKERY, member_id(MANAGER)])
    assert (await house.get(LIST, MANAGER)).status_code == 200
    house.identity.is_away = True
    hear_ended(house, MANAGER, 3)
    assert (await pay(house, "later", 10, MANAGER)).status_code == 503


async def test_of_a_business_that_nobody_told_of_identity_is_asked(house: LedgerHouse) -> None:
    asked = f"/internal/unions/{UNION}/businesses/{BAKERY}"
    assert told(await pay(house, "unknown", 1, MANAGER)) == (403, "forbidden")
    house.identity.business_grants[BAKERY, member_id(MANAGER)] = held(MANAGER, *MANAGING)
    assert told(await pay(house, "unknown", 1, MANAGER)) == (404, "business-not-found")
    house.identity.businesses[BAKERY] = business_event()
    assert await result(house, "known", 1, MANAGER) == "insufficient_funds"
    assert asked in house.identity.asked
    assert await house.balance(ACCOUNT) == 0
    house.identity.asked.clear()
    assert await result(house, "again", 1, MANAGER) == "insufficient_funds"
    assert house.identity.asked == []


async def test_who_is_out_of_the_union_spends_nothing(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(membership_event(MANAGER, version=2, state="suspended"))
    assert (await pay(house, "out", 10, MANAGER)).status_code == 403
    assert (await house.get(LIST, MANAGER)).status_code == 403


async def test_a_right_ends_with_its_time(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(held(HIRE, grant("spend", house.clock.now(), (3, 100)), version=2))
    assert told(await pay(house, "late", 1, HIRE)) == (403, "forbidden")
