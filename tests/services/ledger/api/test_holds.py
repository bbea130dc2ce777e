"""Holds over the API: reserved, taken, released, and given back exactly at their time."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of, member_id

HOUR = 3_600


def transfer(payer: int, payee: int, minor: int, code: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(named(name)),
        "debit_account": f"members/{member_id(payer)}",
        "credit_account": f"members/{member_id(payee)}",
        "asset": "GLD",
        "minor": str(minor),
        "code": code,
    } | more


async def posted(house: LedgerHouse, number: int, *transfers: dict[str, Any]) -> list[str]:
    answer = await house.act("POST", "/transfers", {"transfers": list(transfers)}, number=number)
    assert answer.status_code == 200, answer.text
    return [one["result"] for one in answer.json()["results"]]


async def reserve(
    house: LedgerHouse, minor: int, name: str = "hold", seconds: int = HOUR, **more: Any
) -> None:
    opened = transfer(1, 2, minor, "hold", name, timeout_seconds=seconds, **more)
    assert await posted(house, 1, opened) == ["posted"]


def end(code: str, minor: int, name: str = "hold", pending: str = "hold") -> dict[str, Any]:
    return transfer(1, 2, minor, code, f"{code} {name}", pending_id=str(named(pending)))


async def seen(house: LedgerHouse, number: int) -> tuple[int, int, int]:
    """Balance, reserved, expected of a member's account, as they see it: alone and among their others."""
    answer = (await house.get(f"/accounts/{account_of(number)}", number)).json()
    (listed, *_) = (await house.get("/accounts", number)).json()["items"]
    assert listed == answer
    return tuple(int(answer[name]["minor"]) for name in ("balance", "reserved", "expected"))  # pyright: ignore[reportReturnType]


async def holds(house: LedgerHouse, number: int, query: str = "") -> list[dict[str, Any]]:
    answer = await house.get(f"/holds{query}", number)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def ends(house: LedgerHouse) -> list[datetime]:
    return [datetime.fromisoformat(one["expires_at"]) for one in await holds(house, 1)]


async def test_a_hold_is_reserved_shown_to_both_and_taken_in_part(house: LedgerHouse) -> None:
    await reserve(house, 600, memo="Loom")
    assert await seen(house, 1) == (GRANT_MINOR, 600, 0)
    assert await seen(house, 2) == (GRANT_MINOR, 0, 600)
    for number in (1, 2):
        (shown,) = await holds(house, number)
        assert (shown["state"], shown["amount"]["minor"], shown["memo"]) == (
            "pending",
            "600",
            "Loom",
        )
        assert (shown["payer_id"], shown["payee_id"]) == (str(member_id(1)), str(member_id(2)))
    assert await holds(house, 3) == []
    assert await posted(house, 2, end("hold_post", 250)) == ["posted"]
    assert await seen(house, 1) == (GRANT_MINOR - 250, 0, 0)
    assert await seen(house, 2) == (GRANT_MINOR + 250, 0, 0)
    assert await holds(house, 1) == []
    (ended,) = await holds(house, 2, "?ended=true")
    assert (ended["state"], ended["taken"]["minor"]) == ("posted", "250")
    assert ended["closed_at"] is not None
    (line,) = [
        one
        for one in (await house.get(f"/accounts/{account_of(1)}/statement")).json()["items"]
        if one["code"].startswith("hold")
    ]
    assert (line["code"], line["amount"]["minor"]) == ("hold_post", "-250")


async def test_a_repeat_is_told_and_another_hold_under_its_id_is_not(house: LedgerHouse) -> None:
    await reserve(house, 600)
    same = transfer(1, 2, 600, "hold", "hold", timeout_seconds=HOUR)
    assert await posted(house, 1, same) == ["exists"]
    longer = same | {"timeout_seconds": HOUR + 1}
    assert await posted(house, 1, longer) == ["exists_with_different_particulars"]
    assert await posted(house, 2, end("hold_void", 600)) == ["posted"]
    assert await posted(house, 2, end("hold_void", 600)) == ["exists"]
    assert await posted(house, 2, end("hold_void", 600, pending="another")) == [
        "exists_with_different_particulars"
    ]
    assert await seen(house, 1) == (GRANT_MINOR, 0, 0)


async def test_the_payer_cannot_take_it_back_and_a_third_cannot_take_it(house: LedgerHouse) -> None:
    await reserve(house, 600)
    assert await posted(house, 1, end("hold_void", 600, "a")) == ["credit_not_permitted"]
    assert await posted(house, 3, end("hold_post", 600, "b")) == ["credit_not_permitted"]
    theirs = transfer(1, 3, 600, "hold_post", "c", pending_id=str(named("hold")))
    assert await posted(house, 3, theirs) == ["pending_not_found"]
    assert await seen(house, 1) == (GRANT_MINOR, 600, 0)


async def test_a_hold_ends_at_its_time_when_the_timer_runs(house: LedgerHouse) -> None:
    await reserve(house, 600, "short", seconds=60)
    await reserve(house, 300, "long", seconds=120)
    (expires_at, _) = await ends(house)
    house.clock.advance(expires_at - house.clock.now() - timedelta(microseconds=1))
    await house.run_timers()
    assert len(await holds(house, 1)) == 2
    house.clock.advance(timedelta(microseconds=1))
    await house.run_timers()
    (ended,) = await holds(house, 1, "?ended=true")
    assert (ended["id"], ended["state"]) == (str(named("short")), "expired")
    assert await seen(house, 1) == (GRANT_MINOR, 300, 0)
    rows = await house.rows("SELECT state, closed_sequence FROM holds ORDER BY sequence")
    assert [(row["state"], row["closed_sequence"] is None) for row in rows] == [
        ("expired", False),
        ("pending", True),
    ]


async def test_no_result_depends_on_when_the_timer_ran(house: LedgerHouse) -> None:
    """Behind its time a hold is as ended for whoever looks or pays, whether its timer has run or not."""
    await reserve(house, GRANT_MINOR, seconds=60)
    assert await house.pay(1, 3, 1, named("too early")) == ("insufficient_funds", None)
    (expires_at,) = await ends(house)
    house.clock.advance(expires_at - house.clock.now())
    assert await seen(house, 1) == (GRANT_MINOR, 0, 0)
    assert await seen(house, 2) == (GRANT_MINOR, 0, 0)
    (shown,) = await holds(house, 1)
    assert (shown["state"], shown["closed_at"]) == ("expired", shown["expires_at"])
    assert await posted(house, 2, end("hold_post", 1)) == ["pending_expired"]
    assert await house.pay(1, 3, GRANT_MINOR, named("in time")) == ("posted", None)
    assert await house.run_timers() == 1
    rows = await house.rows("SELECT code FROM transfers WHERE code > 9 ORDER BY sequence")
    assert [row["code"] for row in rows] == [11, 14, 10]
    (told,) = await house.rows("SELECT changed FROM act_log WHERE act_right = 'clock: holds expired'")
    assert json.loads(told["changed"])["ended_count"] == 1


async def test_one_timer_late_gives_back_all_that_is_due(house: LedgerHouse) -> None:
    for place in range(5):
        await reserve(house, 10, f"hold {place}", seconds=60 + place)
    house.clock.advance(timedelta(days=3))
    await house.run_timers()
    assert await seen(house, 1) == (GRANT_MINOR, 0, 0)
    pending = await house.rows("SELECT sum(reserved_minor), sum(expected_minor) FROM account_balances")
    assert tuple(pending[0]) == (0, 0)


async def test_a_hold_is_told_without_names(house: LedgerHouse) -> None:
    await reserve(house, 600)
    assert await posted(house, 2, end("hold_post", 250)) == ["posted"]
    told = await house.published("hold.changed")
    assert [(one["holds"][0]["state"], one["holds"][0]["taken_minor"]) for one in told] == [
        ("pending", "0"),
        ("posted", "250"),
    ]
    for number in (1, 2):
        assert str(member_id(number)) not in str(told) and str(account_of(number)) not in str(told)
    moved = [one for event in await house.published("transfer.posted") for one in event["transfers"]]
    assert [one["code"] for one in moved if one["code"].startswith("hold")] == ["hold_post"]
    notices = [(one["kind"], one["member_id"]) for one in await house.published("notice.requested.ledger")]
    assert notices == [("hold.received", str(member_id(2))), ("hold.taken", str(member_id(1)))]


async def test_a_member_has_a_bounded_number_of_holds(house: LedgerHouse) -> None:
    most = house.settings.holds_per_account_max
    batch = [transfer(1, 2, 1, "hold", f"hold {n}", timeout_seconds=HOUR) for n in range(most + 1)]
    assert await posted(house, 1, *batch) == ["posted"] * most + ["holds_exceeded"]
    more, again = (transfer(1, 2, 1, "hold", name, timeout_seconds=HOUR) for name in ("more", "again"))
    assert await posted(house, 1, more) == ["holds_exceeded"]
    assert await posted(house, 2, end("hold_void", 1, pending="hold 0")) == ["posted"]
    assert await posted(house, 1, again) == ["posted"]


async def test_lists_come_in_pages_without_gap_or_repeat(house: LedgerHouse) -> None:
    for place in range(5):
        await reserve(house, 10, f"hold {place}", seconds=HOUR - place)
    assert (
        await posted(house, 2, *(end("hold_void", 10, f"{n}", f"hold {n}") for n in range(2)))
        == ["posted"] * 2
    )

    async def walk(query: str) -> list[str]:
        found: list[str] = []
        path: str | None = f"/holds?limit=2{query}"
        while path is not None:
            page = (await house.get(path, 2)).json()
            found += [one["id"] for one in page["items"]]
            cursor = page["next_cursor"]
            path = None if cursor is None else f"/holds?limit=2{query}&cursor={cursor}"
        return found

    assert await walk("") == [str(named(f"hold {place}")) for place in (4, 3, 2)]
    assert await walk("&ended=true") == [str(named(f"hold {place}")) for place in (1, 0)]
    for cursor in ("WzFd", "WyJhIiwxXQ", "Wy0xLDFd", "WzQ2MTE2ODYwMTg0MjczODc5MDQsMV0"):
        assert (await house.get(f"/holds?cursor={cursor}")).status_code == 400


async def test_a_timeout_is_a_number_of_seconds(house: LedgerHouse) -> None:
    opened = transfer(1, 2, 1, "hold", "hold")
    for wrong in (-1, "60", 1.5, 2**31):
        body = {"transfers": [opened | {"timeout_seconds": wrong}]}
        answer = await house.act("POST", "/transfers", body)
        assert answer.status_code == 422, wrong
    assert await posted(house, 1, opened | {"timeout_seconds": None}) == ["timeout_invalid"]
    assert await house.count("holds") == 0
    assert UUID((await house.rows("SELECT id FROM refused_transfers"))[0][0].hex) == named("hold")
