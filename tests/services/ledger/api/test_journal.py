"""The public pages: a chain that anybody can recompute, and totals that sum to the supply."""

import hashlib
from datetime import datetime
from uuid import UUID

from services.ledger.domain.journal import entry_line
from tests.services.ledger.house import PATH, SUPPLY_MINOR, UNION, LedgerHouse, membership_event


async def test_everybody_can_check_the_chain_from_its_pages(house: LedgerHouse) -> None:
    for number in range(3):
        await house.pay(1, 2, 10, UUID(int=number))
    entries = []
    cursor = ""
    while cursor is not None:
        page = (await house.client.get(f"{PATH}/journal?limit=2{cursor and f'&cursor={cursor}'}")).json()
        entries += page["items"]
        cursor = page["next_cursor"]
    assert [entry["number"] for entry in entries] == [5, 4, 3, 2, 1]
    previous = bytes(32).hex()
    for entry in reversed(entries):
        assert entry["previous_hash"] == previous
        line = entry_line(
            union_id=UNION,
            number=entry["number"],
            time=datetime.fromisoformat(entry["time"]),
            count=entry["count"],
            digest=bytes.fromhex(entry["digest"]),
            supply=entry["supply"],
            previous_hash=bytes.fromhex(previous),
        )
        previous = entry["hash"]
        assert hashlib.sha256(line.encode()).hexdigest() == previous


async def test_entries_name_no_account_and_no_amount(house: LedgerHouse) -> None:
    (entry, *_) = (await house.client.get(f"{PATH}/journal")).json()["items"]
    shown = {
        "number",
        "format",
        "time",
        "count",
        "last_sequence",
        "digest",
        "supply",
        "previous_hash",
        "hash",
    }
    assert set(entry) == shown


async def test_a_wrong_cursor_is_400_and_an_unknown_union_404(house: LedgerHouse) -> None:
    assert (await house.client.get(f"{PATH}/journal?cursor=WzFd1")).status_code == 400
    assert (await house.client.get(f"{PATH}/journal?cursor=WzBd")).status_code == 400
    assert (await house.client.get("/v1/unions/nowhere/journal")).status_code == 404
    assert (await house.client.get("/v1/unions/nowhere/totals")).status_code == 404


async def test_totals_sum_to_the_supply(house: LedgerHouse) -> None:
    await house.consume(membership_event(5, invited=False))
    totals = (await house.client.get(f"{PATH}/totals")).json()
    parts = ["treasury", "early_members", "members", "grants", "escrow"]
    assert totals["issued"]["minor"] == str(SUPPLY_MINOR)
    assert sum(int(totals[part]["minor"]) for part in parts) == SUPPLY_MINOR
    assert totals["grants"]["text"] == "250.00"


async def test_a_union_name_that_no_database_can_hold_is_refused_not_broken(house: LedgerHouse) -> None:
    for tail in ("journal", "totals"):
        assert (await house.client.get(f"/v1/unions/%00/{tail}")).status_code == 422
