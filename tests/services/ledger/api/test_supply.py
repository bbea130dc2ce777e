"""Supply over the API: the plan of the genesis beside what came of it, decisions, burning, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from events.assembly import DecisionPassed
from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    LONG_AGO,
    SUPPLY_MINOR,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    membership_event,
    union_event,
)

TREASURY = account_of_union(AccountKind.TREASURY)
LOCKED = account_of(FOUNDER, AccountKind.VESTING)
SHARE = SUPPLY_MINOR // 10
DAY = 24 * 60 * 60


def decided(effect: str, minor: int, asset: str | None = "GLD", name: str = "it") -> DecisionPassed:
    return DecisionPassed(
        union_id=UNION, decision_id=named(name), effect=effect, asset=asset, minor=minor, passed_at=LONG_AGO
    )


async def supply(house: LedgerHouse) -> dict[str, Any]:
    answer = await house.get("/supply", None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def minor(view: dict[str, Any], *names: str) -> list[int]:
    return [int(view[name]["minor"]) for name in names]


async def found_now(house: LedgerHouse, **parameters: int | str) -> datetime:
    """The union of the parameters, founded at this moment."""
    now = house.clock.now()
    event = union_event(**parameters).model_copy(update={"founded_at": now})  # pyright: ignore[reportArgumentType]
    await house.consume(event)
    await house.consume(membership_event(FOUNDER))
    return now


async def test_the_founders_share_is_released_step_by_step(empty_house: LedgerHouse) -> None:
    house = empty_house
    begin = await found_now(house, founder_vesting_seconds=48 * DAY, founder_cliff_seconds=12 * DAY)
    assert (await house.balance(LOCKED), await house.balance(account_of(FOUNDER))) == (SHARE, 0)
    house.clock.advance(timedelta(days=12) - timedelta(seconds=1))
    await house.run_timers()
    assert await house.balance(account_of(FOUNDER)) == 0
    house.clock.advance(timedelta(seconds=1))
    await house.run_timers()
    assert await house.balance(account_of(FOUNDER)) == SHARE * 12 // 48
    vesting = (await supply(house))["vesting"]
    assert minor(vesting, "planned", "released", "locked") == [SHARE // 4, SHARE // 4, SHARE - SHARE // 4]
    assert datetime.fromisoformat(vesting["next_due"]) == begin + timedelta(days=13)
    house.clock.advance(timedelta(days=300))
    assert minor((await supply(house))["vesting"], "planned", "released") == [SHARE, SHARE // 4]
    await house.run_timers()
    assert (await house.balance(LOCKED), await house.balance(account_of(FOUNDER))) == (0, SHARE)
    assert await house.run_timers() == 0
    released = await house.rows("SELECT count(*), count(DISTINCT id) FROM transfers WHERE code = 4")
    assert tuple(released[0]) == (48, 48)


async def test_a_timer_that_runs_again_releases_nothing_again(empty_house: LedgerHouse) -> None:
    house = empty_house
    await found_now(house, founder_vesting_seconds=48 * DAY)
    (timer,) = await house.rows("SELECT key, due, payload FROM timers WHERE kind = 'vest'")
    house.clock.advance(timedelta(days=1))
    await house.run_timers()
    async with house.unit() as unit:
        await unit.set_timer("vest", timer["key"], timer["due"], {"union_id": str(UNION)})
    await house.run_timers()
    assert await house.balance(account_of(FOUNDER)) == SHARE // 48


async def test_the_locked_share_is_the_founders_to_see_and_not_to_spend(empty_house: LedgerHouse) -> None:
    house = empty_house
    await found_now(house, founder_vesting_seconds=48 * DAY)
    await house.consume(membership_event(1))
    kinds = {one["kind"] for one in (await house.get("/accounts", FOUNDER)).json()["items"]}
    assert "vesting" in kinds
    assert (await house.get(f"/accounts/{LOCKED}", 1)).status_code == 404
    paid = await house.pay(FOUNDER, 1, 1, named("pay"), debit_account=str(LOCKED))
    assert paid[0] == "code_not_permitted"


async def test_the_steps_are_published_beside_what_was_released(empty_house: LedgerHouse) -> None:
    house = empty_house
    begin = await found_now(house, founder_vesting_seconds=48 * DAY)
    house.clock.advance(timedelta(days=3))
    await house.run_timers()
    first = (await house.get("/supply/vesting?limit=30", None)).json()
    rest = (await house.get(f"/supply/vesting?limit=30&cursor={first['next_cursor']}", None)).json()
    steps = [*first["items"], *rest["items"]]
    assert [step["number"] for step in steps] == list(range(1, 49)) and rest["next_cursor"] is None
    assert [step["number"] for step in steps if step["released"]] == [1, 2, 3]
    assert datetime.fromisoformat(steps[-1]["due"]) == begin + timedelta(days=48)
    assert sum(int(step["amount"]["minor"]) for step in steps) == SHARE


async def test_without_a_plan_the_share_is_the_founders_at_once(house: LedgerHouse) -> None:
    vesting = (await supply(house))["vesting"]
    assert minor(vesting, "planned", "released", "locked") == [SHARE, SHARE, 0]
    assert vesting["next_due"] is None


async def test_a_decision_issues_into_the_treasury_once(house: LedgerHouse) -> None:
    before = await house.balance(TREASURY)
    await house.consume(decided("issue", 5_000), decided("issue", 5_000))
    assert await house.balance(TREASURY) == before + 5_000
    seen = await supply(house)
    assert minor(seen, "genesis", "issued", "burned", "now") == [
        SUPPLY_MINOR,
        5_000,
        0,
        SUPPLY_MINOR + 5_000,
    ]
    (told,) = await house.published("decision.effect.ledger")
    assert (told["decision_id"], told["effect"], told["state"]) == (str(named("it")), "issue", "done")


async def test_nobody_but_a_decision_issues_anything(house: LedgerHouse) -> None:
    issuance = str(account_of_union(AccountKind.ISSUANCE))
    asked = {"debit_account": issuance, "credit_account": "treasury", "code": "issue"}
    assert (await house.pay(1, 2, 5, named("by a member"), **asked))[0] == "code_not_permitted"
    body = {"transfers": [{"id": str(named("by a service")), "asset": "GLD", "minor": "5"} | asked]}
    answer = await house.serve("market", "POST", "/transfers", body)
    assert answer.json()["results"][0]["result"] == "code_not_permitted"


async def test_a_decision_burns_what_the_treasury_has(house: LedgerHouse) -> None:
    before = await house.balance(TREASURY)
    await house.consume(decided("burn", 700))
    assert await house.balance(TREASURY) == before - 700
    assert minor(await supply(house), "issued", "burned", "now") == [0, 700, SUPPLY_MINOR - 700]


REFUSED = [
    (decided("issue", 0), {}, "malformed"),
    (decided("issue", 5, None), {}, "malformed"),
    (decided("issue", 5, "SLV"), {}, "wrong_asset"),
    (decided("issue", 5), {"supply_policy": "fixed"}, "supply_is_fixed"),
    (decided("issue", 2**62), {}, "supply_out_of_bounds"),
    (decided("burn", SUPPLY_MINOR), {}, "insufficient_funds"),
]


@pytest.mark.parametrize(("event", "parameters", "reason"), REFUSED, ids=[row[2] for row in REFUSED])
async def test_what_cannot_be_carried_out_is_refused_once_and_told(
    empty_house: LedgerHouse, event: DecisionPassed, parameters: dict[str, str], reason: str
) -> None:
    house = empty_house
    await house.found(1, **parameters)
    entries = await house.count("journal_entries")
    await house.consume(event, event)
    assert await house.count("journal_entries") == entries
    (told,) = await house.published("decision.effect.ledger")
    assert (told["state"], told["refusal"]) == ("refused", reason)
    assert minor(await supply(house), "now") == [SUPPLY_MINOR]


async def test_what_a_vault_was_given_is_the_most_that_may_be_out(house: LedgerHouse) -> None:
    await house.rows("INSERT INTO supply_limits VALUES ($1, $2, $3)", UNION, SUPPLY_MINOR, LONG_AGO)
    await house.consume(decided("issue", 1, name="above"), decided("burn", 10, name="burn"))
    await house.consume(decided("issue", 10, name="back"))
    told = [(one["state"], one["refusal"]) for one in await house.published("decision.effect.ledger")]
    assert told == [("refused", "beyond_the_vault"), ("done", None), ("done", None)]
    assert minor(await supply(house), "limit", "now") == [SUPPLY_MINOR, SUPPLY_MINOR]


async def test_another_services_effect_is_left_to_it(house: LedgerHouse) -> None:
    await house.consume(decided("amend", 5))
    assert await house.count("decision_effects") == 0


async def test_a_member_burns_their_own_and_nobody_is_told_whose_it_was(house: LedgerHouse) -> None:
    burnt = await house.pay(1, 2, 40, named("burn"), credit_account="issuance", code="burn")
    assert burnt == ("posted", None)
    assert await house.balance(account_of(1)) == GRANT_MINOR - 40
    changes = (await house.get("/supply/changes?limit=1", None)).json()
    assert changes["items"][0] == {
        "sequence": changes["items"][0]["sequence"],
        "at": changes["items"][0]["at"],
        "code": "burn",
        "amount": {"asset": "GLD", "minor": "-40", "text": "-0.00004"},
        "supply_after": {"asset": "GLD", "minor": str(SUPPLY_MINOR - 40), "text": "9999999.99996"},
        "decision_id": None,
    }
    others = await house.pay(1, 2, 1, named("2's"), debit_account=str(account_of(2)), code="burn",
                             credit_account="issuance")  # fmt: skip
    assert others[0] == "debit_not_permitted"


async def test_the_changes_go_back_to_the_genesis_page_by_page(house: LedgerHouse) -> None:
    await house.consume(decided("issue", 30, name="first"), decided("burn", 10, name="second"))
    told: list[tuple[Any, ...]] = []
    cursor = ""
    while True:
        page = (await house.get(f"/supply/changes?limit=2{cursor}", None)).json()
        told += [(one["code"], *minor(one, "amount", "supply_after")) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert told[:2] == [("burn", -10, SUPPLY_MINOR + 20), ("issue", 30, SUPPLY_MINOR + 30)]
    assert [code for code, _, _ in told[2:]] == ["genesis"] * 3
    assert told[-1][1] == told[-1][2] and told[2][2] == SUPPLY_MINOR


async def test_grants_halve_by_their_number_and_say_why(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(0, joining_grant_halves_every=2)
    await house.consume(*(membership_event(number) for number in range(1, 6)))
    balances = [await house.balance(account_of(number)) for number in range(1, 6)]
    assert balances == [GRANT_MINOR, GRANT_MINOR, GRANT_MINOR // 2, GRANT_MINOR // 2, GRANT_MINOR // 4]
    grants = (await supply(house))["grants"]
    assert (grants["given_a_day_count"], minor(grants, "next")) == (5, [GRANT_MINOR // 4])
    line = (await house.get(f"/accounts/{account_of(5)}/statement", 5)).json()["items"][0]
    path = f"/accounts/{account_of(5)}/statement/{line['sequence']}/explanation"
    why = (await house.get(path, 5)).json()
    assert why["rule"] == "joining_grant" and why["charter_version"] == 1
    assert why["figures"] == {
        "first_minor": str(GRANT_MINOR),
        "halves_every": 2,
        "number": 5,
        "locked": 0,
    }
    assert (await house.get(path, 4)).status_code == 404


async def test_a_grant_that_halved_to_nothing_is_none(empty_house: LedgerHouse) -> None:
    house = empty_house
    await house.found(0, joining_grant_minor="1", joining_grant_halves_every=1)
    await house.consume(membership_event(1), membership_event(2))
    assert [await house.balance(account_of(number)) for number in (1, 2)] == [1, 0]
    states = await house.rows("SELECT state FROM joining_grants ORDER BY number")
    assert [row["state"] for row in states] == ["unlocked", "none"]


async def test_why_of_what_somebody_asked_for_is_their_own_affair(house: LedgerHouse) -> None:
    await house.pay(1, 2, 5, named("pay"))
    line = (await house.get(f"/accounts/{account_of(1)}/statement")).json()["items"][0]
    path = f"/accounts/{account_of(1)}/statement/{line['sequence']}/explanation"
    answer = await house.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/nothing-to-explain")
    absent = await house.get(f"/accounts/{account_of(1)}/statement/99999/explanation")
    assert absent.json()["type"] == "/problems/transfer-not-found"


async def test_the_genesis_says_why_too(house: LedgerHouse) -> None:
    lines = (await house.get(f"/accounts/{TREASURY}/statement?limit=50", FOUNDER)).json()["items"]
    path = f"/accounts/{TREASURY}/statement/{lines[-1]['sequence']}/explanation"
    why = (await house.get(path, FOUNDER)).json()
    assert why["figures"] == {
        "supply_minor": str(SUPPLY_MINOR),
        "share_basis_points": 8_000,
        "whose": "treasury",
    }


async def test_a_supply_of_a_union_without_books_is_404(empty_house: LedgerHouse) -> None:
    unknown = UUID(int=5)
    empty_house.identity.unions[str(unknown)] = union_event(unknown, "unknown")
    answer = await empty_house.client.get(f"/v1/unions/{unknown}/supply")
    assert answer.status_code == 404


async def test_cursors_of_other_lists_are_refused(house: LedgerHouse) -> None:
    for path in ("/supply/changes", "/supply/vesting"):
        answer = await house.get(f"{path}?cursor=bm9uZQ", None)
        assert answer.json()["type"] == "/problems/cursor-invalid", answer.text


async def test_the_moment_of_a_step_is_its_entrys(empty_house: LedgerHouse) -> None:
    """Late steps are told under the time at which they were posted."""
    house = empty_house
    await found_now(house, founder_vesting_seconds=48 * DAY)
    house.clock.advance(timedelta(days=2, hours=5))
    await house.run_timers()
    (row,) = await house.rows("SELECT DISTINCT e.time FROM journal_entries e JOIN transfers t "
                              "ON t.entry_number = e.number WHERE t.code = 4")  # fmt: skip
    assert row["time"].astimezone(UTC) == house.clock.now()
