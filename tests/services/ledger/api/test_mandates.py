"""Mandates over the API: given by a signed act, used by the payee, revoked at once."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.ledger.api.test_holds import posted, transfer
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of, member_id, membership_event

MANDATE = str(named("mandate"))


async def give(
    house: LedgerHouse, minor: int = 300, mandate: str = MANDATE, number: int = 1, **changed: Any
) -> httpx.Response:
    body = {
        "payee_id": str(member_id(2)),
        "cap": {"asset": "GLD", "minor": str(minor)},
        "renews_every_days": 30,
        "expires_at": (house.clock.now() + timedelta(days=365)).isoformat(),
    } | changed
    return await house.act("PUT", f"/mandates/{mandate}", body, number=number)


async def take(house: LedgerHouse, minor: int, name: str, mandate: str = MANDATE, number: int = 2) -> str:
    (result,) = await posted(house, number, transfer(1, 2, minor, "mandate_pay", name, mandate_id=mandate))
    return result


async def listed(house: LedgerHouse, number: int, side: str) -> list[dict[str, Any]]:
    return (await house.get(f"/mandates?side={side}", number)).json()["items"]


async def test_a_payee_takes_within_the_cap_anew_each_month(house: LedgerHouse) -> None:
    given = await give(house)
    assert given.status_code == 200, given.text
    assert given.json()["left"]["minor"] == "300"
    assert await take(house, 200, "a") == "posted"
    assert await take(house, 101, "b") == "mandate_exceeded"
    (seen,) = await listed(house, 2, "received")
    assert (seen["state"], seen["left"]["minor"], seen["payer_id"]) == ("active", "100", str(member_id(1)))
    assert await listed(house, 2, "given") == [] == await listed(house, 3, "received")
    house.clock.advance(timedelta(days=30, seconds=1))
    assert await take(house, 300, "c") == "posted"
    assert await house.balance(account_of(1)) == GRANT_MINOR - 500
    notices = [(one["kind"], one["member_id"]) for one in await house.published("notice.requested.ledger")]
    assert notices == [
        ("mandate.received", str(member_id(2))),
        ("mandate.used", str(member_id(1))),
        ("mandate.used", str(member_id(1))),
    ]


async def test_a_revoked_mandate_allows_nothing(house: LedgerHouse) -> None:
    await give(house)
    foreign = await house.act("DELETE", f"/mandates/{MANDATE}", number=2)
    assert (foreign.status_code, foreign.json()["type"].rsplit("/", 1)[-1]) == (404, "mandate-not-found")
    for _ in range(2):
        revoked = await house.act("DELETE", f"/mandates/{MANDATE}")
        assert revoked.status_code == 200
        assert (revoked.json()["state"], revoked.json()["left"]["minor"]) == ("revoked", "0")
    assert await take(house, 1, "a") == "mandate_missing"
    assert [one["state"] for one in await house.published("mandate")] == ["active", "revoked"]
    assert [one["version"] for one in await house.published("mandate")] == [1, 2]


async def test_a_mandate_ends_at_its_time(house: LedgerHouse) -> None:
    await give(house, expires_at=(house.clock.now() + timedelta(hours=1)).isoformat())
    house.clock.advance(timedelta(hours=1))
    assert await take(house, 1, "a") == "mandate_expired"
    assert (await listed(house, 1, "given"))[0]["state"] == "expired"


async def test_only_its_payee_uses_it(house: LedgerHouse) -> None:
    await give(house)
    assert await take(house, 1, "a", number=3) == "credit_not_permitted"
    mine = transfer(1, 3, 1, "mandate_pay", "b", mandate_id=MANDATE)
    assert await posted(house, 3, mine) == ["mandate_missing"]
    assert await take(house, 1, "c", mandate=str(named("another"))) == "mandate_missing"
    assert await posted(house, 2, transfer(1, 2, 1, "mandate_pay", "d")) == ["mandate_missing"]


async def test_the_same_again_is_the_same_and_other_terms_are_refused(house: LedgerHouse) -> None:
    until = (house.clock.now() + timedelta(days=5)).isoformat()
    first = await give(house, expires_at=until)
    again = await give(house, expires_at=until)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await give(house, 301, expires_at=until)
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (409, "mandate-exists-differently")
    assert await house.count("mandates") == 1
    theirs = await give(house, number=3, payee_id=str(member_id(4)))
    assert theirs.status_code == 200, "the id of one member is free for another"


async def test_what_is_no_mandate_is_refused(house: LedgerHouse) -> None:
    now = house.clock.now()
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"payee_id": str(member_id(1))}, 422, "mandate-not-for-oneself"),
        ({"payee_id": str(member_id(99))}, 409, "payee-not-found"),
        ({"cap": {"asset": "SLV", "minor": "1"}}, 422, "wrong-asset"),
        ({"cap": {"asset": "GLD", "minor": "0"}}, 422, "mandate-cap-zero"),
        ({"expires_at": now.isoformat()}, 422, "mandate-time-invalid"),
        ({"expires_at": (now + timedelta(days=1_831)).isoformat()}, 422, "mandate-time-invalid"),
        ({"renews_every_days": 0}, 422, "malformed-body"),
        ({"expires_at": "2027-01-01T00:00:00"}, 422, "malformed-body"),
    ]
    for changed, status, problem in wrong:
        answer = await give(house, **changed)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (status, problem), changed
    assert await house.count("mandates") == 0


async def test_a_member_gives_a_bounded_number(house: LedgerHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(house.settings), "mandates_per_account_max", 2)
    for name in ("a", "b"):
        assert (await give(house, mandate=str(named(name)))).status_code == 200
    full = await give(house, mandate=str(named("c")))
    assert (full.status_code, full.json()["type"].rsplit("/", 1)[-1]) == (409, "too-many-mandates")
    assert (await house.act("DELETE", f"/mandates/{named('a')}")).status_code == 200
    assert (await give(house, mandate=str(named("c")))).status_code == 200


async def test_who_leaves_is_debited_by_nobody(house: LedgerHouse) -> None:
    await give(house)
    await house.consume(membership_event(1, version=2, state="left"))
    assert await take(house, 1, "a") == "mandate_missing"
    assert [one["state"] for one in await house.published("mandate")] == ["active", "revoked"]


async def test_a_mandate_is_given_by_a_signed_act_alone(house: LedgerHouse) -> None:
    body = {
        "payee_id": str(member_id(2)),
        "cap": {"asset": "GLD", "minor": "1"},
        "expires_at": (house.clock.now() + timedelta(days=1)).isoformat(),
    }
    path = f"/v1/unions/weavers/mandates/{MANDATE}"
    unsigned = await house.client.put(path, json=body, headers=house.bearer(1))
    assert unsigned.status_code == 401
    assert await house.count("mandates") == 0


async def test_lists_come_in_pages(house: LedgerHouse) -> None:
    for place in range(5):
        await give(house, mandate=str(named(f"mandate {place}")))
        house.clock.advance(timedelta(seconds=1))
    found: list[str] = []
    path: str | None = "/mandates?limit=2&side=received"
    while path is not None:
        page = (await house.get(path, 2)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        path = None if cursor is None else f"/mandates?limit=2&side=received&cursor={cursor}"
    assert found == [str(named(f"mandate {place}")) for place in (4, 3, 2, 1, 0)]
    for cursor in ("WzFd", "WyJhIiwiYiJd", "WyIyMDI3LTAxLTAxIiwiYiJd"):
        assert (await house.get(f"/mandates?cursor={cursor}")).status_code == 400
