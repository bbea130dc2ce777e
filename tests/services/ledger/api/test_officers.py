"""What officers may in the ledger: each door asks for its right, and knows at once where that has ended."""

from datetime import timedelta

import httpx
import pytest

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.house import (
    FOUNDER,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    membership_event,
)
from tests.services.ledger.offices import grant, grants_event, hear_ended_rights

FREEZE = f"/accounts/{account_of(2)}/freeze"
TREASURY = f"/accounts/{account_of_union(AccountKind.TREASURY)}"
ROWS = "/journal/rows.jsonl"
PAYMENTS = "/treasury-payments"


async def freeze(house: LedgerHouse, number: int = 1) -> httpx.Response:
    until = (house.clock.now() + timedelta(days=2)).isoformat()
    return await house.act("PUT", FREEZE, {"until": until, "reason": "Stolen"}, number=number)


@pytest.mark.parametrize(
    ("path", "rights", "refused"),
    [
        (TREASURY, {"audit"}, 404),
        (f"{TREASURY}/statement", {"audit"}, 404),
        (ROWS, {"audit"}, 403),
        (FREEZE, {"moderate"}, 404),
        (PAYMENTS, {"audit", "spend"}, 403),
    ],
)
async def test_what_is_seen_takes_its_right(
    house: LedgerHouse, path: str, rights: set[str], refused: int
) -> None:
    assert (await house.get(path)).status_code == refused
    for version, right in enumerate(("admit", "amend", "audit", "moderate", "spend"), 1):
        charges = ((1, 5),) if right == "spend" else ()
        one = grant(right, house.clock.now() + timedelta(days=1), *charges)
        await house.consume(grants_event(1, one, version=version))
        assert (await house.get(path)).status_code == (200 if right in rights else refused), right
        assert (await house.get(path, 2)).status_code == refused or path == FREEZE
    assert (await house.get(path, 0)).status_code == 200


async def test_the_unions_own_accounts_are_listed_for_who_audits(house: LedgerHouse) -> None:
    assert len((await house.get("/accounts")).json()["items"]) == 1
    await house.consume(grants_event(1, grant("audit")))
    kinds = {one["kind"] for one in (await house.get("/accounts")).json()["items"]}
    assert kinds == {"member", "treasury", "issuance", "early_members"}


async def test_who_moderates_freezes_until_the_term_ends(house: LedgerHouse) -> None:
    assert (await freeze(house)).status_code == 403
    await house.consume(grants_event(1, grant("moderate", house.clock.now() + timedelta(seconds=60))))
    assert (await freeze(house)).status_code == 200
    [act] = await house.rows("SELECT changed FROM act_log WHERE act_right = 'account frozen'")
    assert '"by": "holdings/' in str(act["changed"])
    house.clock.advance(timedelta(seconds=60))
    assert (await house.act("DELETE", FREEZE)).status_code == 403


async def test_an_officer_does_not_moderate_their_own_account(house: LedgerHouse) -> None:
    own = f"/accounts/{account_of(1)}/freeze"
    until = (house.clock.now() + timedelta(days=2)).isoformat()
    await house.act("PUT", own, {"until": until, "reason": "Stolen"}, number=FOUNDER)
    await house.consume(grants_event(1, grant("moderate")))
    refused = await house.act("DELETE", own)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-account-moderated")
    assert (await house.act("DELETE", own, number=FOUNDER)).json()["state"] == "thawed"


async def test_who_is_out_holds_nothing(house: LedgerHouse) -> None:
    await house.consume(grants_event(1, grant("audit"), grant("moderate")))
    assert (await house.get(ROWS)).status_code == 200
    await house.consume(membership_event(1, version=2, state="suspended"))
    assert (await house.get(ROWS)).status_code == 403
    assert (await house.get(TREASURY)).status_code == 404
    assert (await freeze(house)).status_code == 403


async def test_the_log_ends_a_right_before_the_event_comes(house: LedgerHouse) -> None:
    before = grants_event(1, grant("audit"), grant("moderate"))
    await house.consume(before)
    assert (await freeze(house)).status_code == 200
    hear_ended_rights(house, 1, 2)
    house.identity.office_grants[before.member_id] = grants_event(1, grant("audit"), version=2)
    assert (await house.get(ROWS)).status_code == 403  # a read asks nobody
    assert house.identity.asked == []
    assert (await freeze(house)).status_code == 403
    assert house.identity.asked == [f"/internal/unions/{UNION}/office-grants/{before.member_id}"]
    await house.consume(house.identity.office_grants[before.member_id])
    assert (await house.get(ROWS)).status_code == 200
    house.identity.is_away = True
    hear_ended_rights(house, 1, 3)
    assert (await freeze(house)).status_code == 503


async def test_an_older_event_brings_nothing_back(house: LedgerHouse) -> None:
    await house.consume(grants_event(1, version=2), grants_event(1, grant("audit"), version=1))
    assert (await house.get(ROWS)).status_code == 403
