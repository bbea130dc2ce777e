"""The account of a business: opened when it is told of, seen by who holds a right in it, frozen."""

from datetime import timedelta
from functools import partial

import httpx
import pytest

from chassis.rights.business_projection import BusinessGrants
from events.identity import BusinessState
from services.ledger.domain.errors import UnionNotInLedger
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
    business_event,
    found_bakery,
    hear_ended,
    held,
    pay,
)
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import FOUNDER, LedgerHouse, member_id, membership_event
from tests.services.ledger.offices import grant, grants_event

FREEZE = f"/accounts/{ACCOUNT}/freeze"


async def freeze(house: LedgerHouse, number: int = FOUNDER, method: str = "PUT") -> httpx.Response:
    until = (house.clock.now() + timedelta(days=2)).isoformat()
    body = {"until": until, "reason": "Stolen"} if method == "PUT" else None
    return await house.act(method, FREEZE, body, number=number)


async def test_an_account_is_opened_once_however_often_it_is_told(house: LedgerHouse) -> None:
    await house.consume(business_event(), business_event(), business_event(version=2))
    rows = await house.rows("SELECT kind, owner_id, asset FROM accounts WHERE id = $1", ACCOUNT)
    assert [tuple(row) for row in rows] == [("business", BAKERY, "GLD")]
    [kept] = await house.rows("SELECT version, state FROM businesses")
    assert tuple(kept) == (2, "active")


async def test_a_business_that_closed_before_it_was_told_of_is_opened_shut(house: LedgerHouse) -> None:
    await house.consume(business_event(state="closed"))
    paid = await house.pay(1, 0, 5, named("late"), credit_account=f"businesses/{BAKERY}")
    assert paid[0] == "credit_account_closed"


async def test_of_a_union_that_nobody_told_of_identity_is_asked(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(1)
    unknown = BusinessState.model_validate(business_event().model_dump() | {"union_id": MILL})
    with pytest.raises(UnionNotInLedger):
        await house.consume(unknown)
    assert house.identity.asked == [f"/internal/unions/{MILL}"]
    assert await house.count("businesses") == 0


async def test_who_holds_a_right_sees_the_account_its_statement_and_its_files(house: LedgerHouse) -> None:
    await found_bakery(house)
    await pay(house, "flour", 10, HIRE)
    for number in (OWNER, MANAGER, HIRE):
        shown = (await house.get(f"/accounts/{ACCOUNT}", number)).json()
        assert (shown["kind"], shown["owner_id"], shown["balance"]["minor"]) == (
            "business",
            str(BAKERY),
            "990",
        )
        lines = (await house.get(f"/accounts/{ACCOUNT}/statement", number)).json()["items"]
        assert [(one["code"], one["amount"]["minor"], one["memo"]) for one in lines] == [
            ("business_pay", "-10", "Flour"),
            ("pay", "1000", None),
        ]
        assert "business_pay" in (await house.get(f"/accounts/{ACCOUNT}/statement.csv", number)).text
        assert (await house.get(f"/accounts/{ACCOUNT}/statement.beancount", number)).status_code == 200
        listed = (await house.get("/business-accounts", number)).json()["items"]
        assert [(one["id"], one["owner_id"], one["spends"]) for one in listed] == [
            (str(ACCOUNT), str(BAKERY), number != OWNER)
        ]
    for number in (OUTSIDER, FOUNDER):
        for part in ("", "/statement", "/statement.csv", "/statement.beancount", "/freeze"):
            answer = await house.get(f"/accounts/{ACCOUNT}{part}", number)
            expected = 200 if (part, number) == ("/freeze", FOUNDER) else 404
            assert answer.status_code == expected, part
        assert (await house.get("/business-accounts", number)).json()["items"] == []
    payee = (await house.get("/accounts", OUTSIDER)).json()["items"]
    assert [one["kind"] for one in payee] == ["member"]


async def test_accounts_of_businesses_come_in_pages_without_those_that_were_lost(house: LedgerHouse) -> None:
    await found_bakery(house, funds=0)
    await house.consume(held(OWNER, grant("spend"), business_id=MILL))
    first = (await house.get("/business-accounts?limit=1", OWNER)).json()
    second = (await house.get(f"/business-accounts?limit=1&cursor={first['next_cursor']}", OWNER)).json()
    assert [one["id"] for page in (first, second) for one in page["items"]] == [str(ACCOUNT), str(MILLS)]
    assert second["next_cursor"] is None
    await house.consume(held(OWNER, version=2))
    assert [one["id"] for one in (await house.get("/business-accounts", OWNER)).json()["items"]] == [
        str(MILLS)
    ]
    await house.consume(membership_event(OWNER, version=2, state="left"))
    assert (await house.get("/business-accounts", OWNER)).status_code == 403


async def test_a_page_of_accounts_takes_one_look_at_what_is_held_and_hears_the_log(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found_bakery(house, funds=0)
    await house.consume(
        held(OWNER, grant("spend"), business_id=MILL),
        held(HIRE, grant("spend", house.clock.now()), business_id=MILL),
    )
    monkeypatch.delattr(BusinessGrants, "find")
    for number, expected in ((OWNER, [(ACCOUNT, False), (MILLS, True)]), (HIRE, [(ACCOUNT, True)])):
        listed = (await house.get("/business-accounts", number)).json()["items"]
        assert [(one["id"], one["spends"]) for one in listed] == [(str(one), may) for one, may in expected]
    hear_ended(house, OWNER, 2)
    listed = (await house.get("/business-accounts", OWNER)).json()["items"]
    assert [one["id"] for one in listed] == [str(MILLS)]
    assert house.identity.asked == []


async def test_totals_say_what_businesses_have(house: LedgerHouse) -> None:
    await found_bakery(house)
    totals = (await house.get("/totals")).json()
    parts = sum(int(totals[part]["minor"]) for part in totals if part not in {"union_id", "issued"})
    assert (totals["businesses"]["minor"], str(parts)) == ("1000", totals["issued"]["minor"])


async def test_moderators_freeze_the_account_of_a_business(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(grants_event(OUTSIDER, grant("moderate")))
    assert (await freeze(house, OUTSIDER)).status_code == 200
    assert (await pay(house, "now", 10, MANAGER)).json()["result"] == "debit_account_frozen"
    paid = await house.pay(OUTSIDER, 0, 5, named("in"), credit_account=f"businesses/{BAKERY}")
    assert paid[0] == "posted"
    assert (await house.get(f"/accounts/{ACCOUNT}", OWNER)).json()["frozen_until"] is not None
    assert (await house.get(FREEZE, OWNER)).json()["reason"] == "Stolen"
    assert (await freeze(house, OUTSIDER, "DELETE")).status_code == 200
    assert (await pay(house, "later", 10, MANAGER)).json()["result"] == "posted"
    told = [(one["kind"], one["member_id"]) for one in await house.published("notice.requested.ledger")]
    for kind in ("business.frozen", "business.thawed"):
        assert {member for named_kind, member in told if named_kind == kind} == {
            str(member_id(number)) for number in (OWNER, MANAGER, HIRE)
        }
    assert await house.published("freeze") == []


async def test_no_officer_moderates_a_business_in_which_they_hold_a_right(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(grants_event(OWNER, grant("moderate")))
    refused = await freeze(house, OWNER)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-account-moderated")
    await house.consume(held(FOUNDER, *MANAGING))
    assert (await freeze(house)).status_code == 200  # the founder, as of their own account


async def test_of_a_moderators_rights_nobody_is_asked_while_the_journal_is_locked(house: LedgerHouse) -> None:
    await found_bakery(house)
    await house.consume(grants_event(OWNER, grant("moderate")))
    hear_ended(house, OWNER, 2)
    house.identity.business_grants[BAKERY, member_id(OWNER)] = held(OWNER, version=2)
    house.identity.while_asked = partial(house.rows, "SELECT FROM journal_heads FOR UPDATE NOWAIT")
    assert (await freeze(house, OWNER)).status_code == 200
    assert len(house.identity.asked) == 1
