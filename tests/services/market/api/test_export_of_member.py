"""The market's part of a member's export: for identity alone, of the member whom it names."""

from pathlib import Path
from uuid import UUID

import httpx
import pytest

from chassis.auth.service_keys import ServiceKeys
from tests.services.escrow_house import House
from tests.services.market.market_acts import funded_agreement, made_offer


async def _asked(
    market: House,
    folder: Path,
    member_id: UUID,
    *,
    by: str = "identity",
    named: UUID | None = None,
    **asked: int,
) -> httpx.Response:
    keys = ServiceKeys.load(by, folder / f"{by}.pem", market.chassis.settings.service_keys_file, market.clock)
    token = keys.token_for("market", member_id=named or member_id)
    path = f"/internal/members/{member_id}/export"
    return await market.client.get(path, params=asked, headers={"authorization": f"Bearer {token}"})


async def test_it_has_what_is_theirs_and_nobody_elses(market: House, tmp_path: Path) -> None:
    employer, worker, other = [await market.person() for _ in range(3)]
    agreement = await funded_agreement(market, employer, worker)
    await made_offer(market, other)
    answer = await _asked(market, tmp_path, worker.id)
    assert answer.status_code == 200, answer.text
    parts = {part["table"]: part for part in answer.json()["parts"]}
    assert [row["agreement_id"] for row in parts["agreements"]["rows"]] == [agreement["id"]]
    assert parts["agreements"]["rows"][0]["price_minor"] == agreement["price"]["minor"], "as digits"
    assert [row["bid_id"] for row in parts["bids"]["rows"]] == [agreement["id"]]
    assert len(parts["signed_acts"]["rows"]) == 1
    assert parts["offers"]["rows"] == []
    assert not any(part["is_cut"] for part in parts.values())


async def test_a_part_that_is_longer_says_so(market: House, tmp_path: Path) -> None:
    employer = await market.person()
    for _ in range(2):
        await made_offer(market, employer)
    answer = await _asked(market, tmp_path, employer.id, rows_max=1)
    [offers] = [part for part in answer.json()["parts"] if part["table"] == "offers"]
    assert (len(offers["rows"]), offers["is_cut"]) == (1, True)


@pytest.mark.parametrize("who", ["another service", "for somebody else", "the member", "nobody"])
async def test_nobody_else_is_given_it(market: House, tmp_path: Path, who: str) -> None:
    member, other = await market.person(), await market.person()
    if who == "another service":
        answer = await _asked(market, tmp_path, member.id, by="ledger")
    elif who == "for somebody else":
        answer = await _asked(market, tmp_path, member.id, named=other.id)
    else:
        asks = member if who == "the member" else None
        answer = await market.get(asks, f"/internal/members/{member.id}/export")
    assert answer.status_code in {401, 403, 404}, answer.text
    assert "parts" not in answer.text
