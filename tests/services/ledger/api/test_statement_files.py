"""A statement as a file: of its own account alone, whole or of a period, with both balances."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of


async def fetched(
    house: LedgerHouse, ending: str = "csv", number: int = 1, begin: str = "", until: str = ""
) -> httpx.Response:
    asked = {"from": begin, "until": until}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value).replace("+00:00", "Z")
    return await house.get(f"/accounts/{account_of(1)}/statement.{ending}?{query}", number)


def told(answer: httpx.Response) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.text
    lines = csv.DictReader(io.StringIO(answer.text, newline=""))
    return [(line["what"], line["amount"], line["balance_after"]) for line in lines]


@pytest.fixture
async def paid(house: LedgerHouse) -> list[str]:
    """Three payments, an hour apart; the moments between them."""
    moments: list[str] = []
    for minor in (1_000_000, 2_000_000, 3_000_000):
        house.clock.advance(timedelta(hours=1))
        await house.pay(1, 2, minor, uuid4(), memo=f"=Lunch {minor}")
        house.clock.advance(timedelta(minutes=1))
        moments.append(house.clock.now().isoformat())
    return moments


async def test_the_whole_statement_begins_with_nothing_and_ends_with_the_balance(
    house: LedgerHouse, paid: list[str]
) -> None:
    answer = await fetched(house)
    first, grant, *lines, last = told(answer)
    assert first == ("opening balance", "", "0.00")
    assert grant == ("joining_grant", "250.00", "250.00")
    assert lines == [("pay", "-1.00", "249.00"), ("pay", "-2.00", "247.00"), ("pay", "-3.00", "244.00")]
    assert last == ("closing balance", "", "244.00")
    assert await house.balance(account_of(1)) == GRANT_MINOR - 6_000_000
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="weavers-member.csv"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert "'=Lunch 1000000" in answer.text


async def test_a_period_has_the_balances_at_its_ends(house: LedgerHouse, paid: list[str]) -> None:
    answer = await fetched(house, begin=paid[0], until=paid[1])
    assert told(answer) == [
        ("opening balance", "", "249.00"),
        ("pay", "-2.00", "247.00"),
        ("closing balance", "", "247.00"),
    ]
    before = await fetched(house, until="2027-01-01T00:00:00Z")
    assert told(before) == [("opening balance", "", "0.00"), ("closing balance", "", "0.00")]
    after = await fetched(house, begin=paid[2])
    assert [line[2] for line in told(after)] == ["244.00", "244.00"]


async def test_beancount_asserts_the_closing_balance(house: LedgerHouse, paid: list[str]) -> None:
    answer = await fetched(house, "beancount", until=paid[1])
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.rstrip().endswith("balance Assets:Weavers:Member  247.00 ~ 0 GLD")


async def test_only_whose_it_is_gets_it(house: LedgerHouse, paid: list[str]) -> None:
    for ending in ("csv", "beancount"):
        assert (await fetched(house, ending, number=2)).status_code == 404
        nobody = await house.get(f"/accounts/{account_of(1)}/statement.{ending}", None)
        assert nobody.status_code == 401


async def test_what_cannot_be_a_period_is_refused(house: LedgerHouse, paid: list[str]) -> None:
    empty = await fetched(house, begin=paid[1], until=paid[1])
    assert (empty.status_code, empty.json()["type"]) == (422, "/problems/period-empty")
    for wrong in ("yesterday", "2027-03-01T00:00:00"):
        assert (await fetched(house, until=wrong)).status_code == 422


async def test_a_file_that_would_be_too_long_says_so(house: LedgerHouse, paid: list[str]) -> None:
    kept = house.chassis.settings
    house.chassis.settings = kept.model_copy(update={"statement_lines_max": 3})
    try:
        refused = await fetched(house)
        assert (refused.status_code, refused.json()["type"]) == (413, "/problems/statement-too-long")
        assert (await fetched(house, begin=paid[0])).status_code == 200
    finally:
        house.chassis.settings = kept
