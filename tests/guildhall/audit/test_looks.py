"""What is wrong once may be on its way; what is wrong at every look is reported."""

from collections.abc import Iterator

import pytest

from chassis.clock import ManualClock
from guildhall.audit import run
from guildhall.audit.promises import Checked, Finding, House, Promise
from tests.guildhall.audit.town import Town


def _promise(*looks: list[Finding]) -> Promise:
    left: Iterator[list[Finding]] = iter(looks)

    async def check(house: House) -> Checked:
        del house
        return Checked(findings=next(left))

    return Promise("house", "house.example", "an example", check)


ROW, OTHER = Finding("market", "id=1", "3 of 2"), Finding("market", "id=2", "3 of 2")


@pytest.mark.parametrize(
    ("looks", "reported"),
    [
        ([[]], []),
        ([[ROW], []], []),
        ([[ROW], [OTHER]], []),
        ([[ROW], [ROW], [ROW]], [ROW]),
        ([[ROW, OTHER], [OTHER], [OTHER]], [OTHER]),
        ([[ROW], [Finding("market", "id=1", "4 of 2")], [ROW]], [ROW]),
        ([[ROW], [Finding("ledger", "id=1", "3 of 2")]], []),
    ],
    ids=["clean", "gone", "another row", "stays", "one stays", "its numbers moved", "another database"],
)
async def test_only_what_stays_wrong_is_reported(
    town: Town,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    looks: list[list[Finding]],
    reported: list[Finding],
) -> None:
    monkeypatch.setattr(run, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(run, "PROMISES", (_promise(*looks),))
    (verdict,) = await run.audit(town.urls, clock, looks_max=3)
    assert verdict.checked.findings == reported


async def test_a_row_that_cannot_be_read_is_a_finding(
    town: Town, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(house: House) -> Checked:
        return Checked({"number": await house.number("bus", "SELECT 'x'::text::bigint")})

    async def fine(house: House) -> Checked:
        return Checked({"number": await house.number("bus", "SELECT 1")})

    promises = (Promise("house", "broken", "", check), Promise("house", "fine", "", fine))
    monkeypatch.setattr(run, "PROMISES", promises)
    broken, holds = await run.audit(town.urls, clock, looks_max=1)
    assert "cannot be read" in broken.checked.findings[0].wrong
    assert holds.holds


async def test_another_releases_schema_is_unreadable(
    town: Town, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(house: House) -> Checked:
        return Checked({"number": await house.number("bus", "SELECT count(*) FROM of_tomorrow")})

    monkeypatch.setattr(run, "PROMISES", (Promise("house", "broken", "", check),))
    with pytest.raises(run.Unreadable, match="run guildhall migrate"):
        await run.audit(town.urls, clock, looks_max=1)
