"""Freezes over the API: an officer's signed act, for a time and a reason that the member reads."""

from datetime import datetime, timedelta
from typing import Any

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

FREEZE = f"/accounts/{account_of(1)}/freeze"


async def freeze(
    house: LedgerHouse, path: str = FREEZE, number: int = FOUNDER, **changed: Any
) -> httpx.Response:
    until = (house.clock.now() + timedelta(days=2)).isoformat()
    return await house.act("PUT", path, {"until": until, "reason": "Stolen"} | changed, number=number)


async def test_a_frozen_account_pays_nobody_until_its_time(house: LedgerHouse) -> None:
    frozen = await freeze(house)
    assert frozen.status_code == 200, frozen.text
    assert (await house.pay(1, 2, 5, named("now")))[0] == "debit_account_frozen"
    shown = (await house.get(f"/accounts/{account_of(1)}")).json()
    assert shown["frozen_until"] is not None
    seen = (await house.get(FREEZE)).json()
    assert (seen["state"], seen["reason"], seen["officer_id"]) == (
        "frozen",
        "Stolen",
        str(member_id(FOUNDER)),
    )
    house.clock.advance(timedelta(days=2))
    assert (await house.pay(1, 2, 5, named("later")))[0] == "posted"
    assert (await house.get(f"/accounts/{account_of(1)}")).json()["frozen_until"] is None
    assert (await house.get(FREEZE)).json()["state"] == "thawed"


async def test_it_is_paid_all_the_same(house: LedgerHouse) -> None:
    await freeze(house)
    assert (await house.pay(2, 1, 5, named("in")))[0] == "posted"
    assert await house.balance(account_of(1)) == GRANT_MINOR + 5


async def test_an_officer_thaws_it_before_its_time(house: LedgerHouse) -> None:
    await freeze(house)
    for _ in range(2):  # what a tap repeats changes nothing
        thawed = await house.act("DELETE", FREEZE, number=FOUNDER)
        assert (thawed.status_code, thawed.json()["state"]) == (200, "thawed")
    assert (await house.pay(1, 2, 5, named("now")))[0] == "posted"
    states = [one["state"] for one in await house.published("freeze")]
    assert states == ["frozen", "thawed"]
    kinds = [one["kind"] for one in await house.published("notice.requested.ledger")]
    assert kinds[:2] == ["account.frozen", "account.thawed"]


async def test_the_same_again_is_no_second_freeze(house: LedgerHouse) -> None:
    first = (await freeze(house)).json()
    assert (await freeze(house, until=first["until"])).json() == first
    assert await house.count("account_freezes") == 1
    longer = (datetime.fromisoformat(first["until"]) + timedelta(days=1)).isoformat()
    assert (await freeze(house, until=longer, reason="Still")).json()["reason"] == "Still"
    assert await house.count("account_freezes") == 2


async def test_only_an_officer_freezes_and_only_a_member(house: LedgerHouse) -> None:
    assert (await freeze(house, number=2)).status_code == 403
    treasury = f"/accounts/{account_of_union(AccountKind.TREASURY)}/freeze"
    assert (await freeze(house, treasury)).json()["type"] == "/problems/account-not-found"
    nobody = f"/accounts/{named('nobody')}/freeze"
    assert (await freeze(house, nobody)).status_code == 404
    assert (await house.get(FREEZE, 2)).status_code == 404
    assert (await house.get(FREEZE, FOUNDER)).json()["state"] == "thawed"
    assert await house.count("account_freezes") == 0


@pytest.mark.parametrize("span", [timedelta(0), timedelta(days=30, seconds=1)])
async def test_a_freeze_ends_after_now_and_within_thirty_days(house: LedgerHouse, span: timedelta) -> None:
    answer = await freeze(house, until=(house.clock.now() + span).isoformat())
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/freeze-time-invalid")


async def test_a_freeze_without_a_reason_is_malformed(house: LedgerHouse) -> None:
    assert (await freeze(house, reason="")).status_code == 422


async def test_a_schedule_is_refused_while_it_lasts_and_goes_on_after(house: LedgerHouse) -> None:
    first = house.clock.now() + timedelta(hours=1)
    body = {
        "payee": "treasury",
        "amount": {"asset": "GLD", "minor": "10"},
        "first_at": first.isoformat(),
        "every": "day",
        "zone": "UTC",
        "times": 3,
    }
    await house.act("PUT", f"/schedules/{named('schedule')}", body)
    await freeze(house)
    told: list[tuple[int, int]] = []
    for _ in range(3):
        house.clock.advance(timedelta(hours=1) if not told else timedelta(days=1))
        await house.run_timers()
        seen = (await house.get(f"/schedules/{named('schedule')}")).json()
        told.append((seen["posted_count"], seen["refused_count"]))
    assert told == [(0, 1), (0, 2), (1, 2)]


async def test_a_member_gives_up_an_id_of_their_own(house: LedgerHouse) -> None:
    given_up = await house.act("POST", "/transfer-cancellations", {"ids": [str(named("mine"))]})
    assert given_up.json()["results"][0]["result"] == "cancelled"
    assert (await house.pay(1, 2, 5, named("mine")))[0] == "cancelled"
    assert (await house.pay(2, 1, 5, named("mine")))[0] == "posted"  # another's id is another id
