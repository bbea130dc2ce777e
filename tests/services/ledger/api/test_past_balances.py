"""Balances as of a past moment: what a replay of the rows up to it says, posted and pending."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import httpx
import pytest

from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of


async def at(house: LedgerHouse, moment: datetime, number: int = 1, of: int = 1) -> httpx.Response:
    path = f"/accounts/{account_of(of)}/balance"
    return await house.client.get(
        f"/v1/unions/weavers{path}", params={"at": moment.isoformat()}, headers=house.bearer(number)
    )


def amounts(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [int(answer.json()[name]["minor"]) for name in ("balance", "reserved", "expected")]


async def test_every_moment_is_as_it_was_seen_then(house: LedgerHouse) -> None:
    """Payments both ways and holds that are taken, released and end: what was shown is found again."""
    chance = random.Random(7)
    seen: list[tuple[datetime, list[list[int]]]] = []
    held: list[str] = []
    for step in range(40):
        name = f"step {step}"
        code = chance.choice(["pay", "pay", "hold", "end", "wait"])
        if code == "pay":
            payer, payee = chance.sample([1, 2], 2)
            await house.pay(payer, payee, chance.randint(1, 1_000), named(name))
        elif code == "hold":
            await house.pay(1, 2, 50, named(name), code="hold", timeout_seconds=chance.choice([30, 500]))
            held.append(str(named(name)))
        elif code == "end" and held:
            ends = {"code": chance.choice(["hold_post", "hold_void"]), "pending_id": held.pop()}
            transfer = {
                "id": str(named(name)),
                "debit_account": str(account_of(1)),
                "credit_account": str(account_of(2)),
                "asset": "GLD",
                "minor": "50",
            }
            await house.act("POST", "/transfers", {"transfers": [transfer | ends]}, number=2)
        house.clock.advance(timedelta(seconds=1))
        now = house.clock.now()
        shown = [(await house.get(f"/accounts/{account_of(of)}", of)).json() for of in (1, 2)]
        seen.append(
            (now, [[int(one[key]["minor"]) for key in ("balance", "reserved", "expected")] for one in shown])
        )
        house.clock.advance(timedelta(seconds=chance.randint(1, 20)))
    assert len({str(state) for _, state in seen}) > 10
    for moment, states in seen:
        assert [amounts(await at(house, moment, of, of)) for of in (1, 2)] == states


async def test_before_its_first_transfer_it_had_nothing(house: LedgerHouse) -> None:
    before = house.clock.now() - timedelta(days=400)
    assert amounts(await at(house, before)) == [0, 0, 0]
    house.clock.advance(timedelta(seconds=1))
    assert amounts(await at(house, house.clock.now())) == [GRANT_MINOR, 0, 0]


async def test_the_future_and_others_are_not_told(house: LedgerHouse) -> None:
    answer = await at(house, house.clock.now() + timedelta(seconds=1))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/moment-not-passed")
    assert (await at(house, house.clock.now(), 2, of=1)).status_code == 404
    malformed = await house.get(f"/accounts/{account_of(1)}/balance?at=yesterday")
    assert malformed.status_code == 422


async def test_further_back_than_the_limit_is_refused(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(house.settings), "statement_lines_max", 2)
    begin = house.clock.now()
    for place in range(3):
        house.clock.advance(timedelta(seconds=1))
        await house.pay(1, 2, 1, named(f"{place}"))
    assert amounts(await at(house, begin + timedelta(seconds=1)))[0] == GRANT_MINOR - 1
    answer = await at(house, begin)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/statement-too-long")
