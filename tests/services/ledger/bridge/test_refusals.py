"""Everything that the bridge refuses, and what it shows to whom."""

import os
import signal
from datetime import timedelta

import pytest

from tests.services.ledger.bridge.chain_house import ChainHouse
from tests.services.ledger.house import FOUNDER, GRANT_MINOR, LedgerHouse, membership_event
from tests.support.chain import Wallet, checksum

pytestmark = pytest.mark.slow

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


async def test_without_a_chain_a_bridge_is_off_and_cannot_be_opened(house: LedgerHouse) -> None:
    shown = (await house.get("/bridge")).json()
    assert (shown["state"], shown["vault"], shown["chain_id"]) == ("off", None, None)
    refused = await house.act("PUT", "/bridge", number=FOUNDER)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/bridge-off")
    debit = {"asset": "GLD", "minor": "1", "to": ADDRESS}
    refused = await house.act("POST", "/withdrawals", {"debit": debit})
    assert refused.json()["type"] == "/problems/bridge-not-open"
    assert (await house.get("/withdrawals")).json()["items"] == []


async def test_only_the_founder_opens_the_bridge_and_only_once(closed: ChainHouse) -> None:
    assert (await closed.ledger.act("PUT", "/bridge", number=1)).status_code == 403
    assert (await closed.ledger.get("/bridge")).json()["state"] == "none"
    for _ in range(2):
        asked = await closed.ledger.act("PUT", "/bridge", number=FOUNDER)
        assert (asked.status_code, asked.json()["state"]) == (202, "opening")
    assert len(await closed.transactions()) == 1
    refused = await closed.ask(1, 5, ADDRESS)
    assert (refused.status_code, refused.json()["state"]) == (409, "opening")
    await closed.settle()
    again = await closed.ledger.act("PUT", "/bridge", number=FOUNDER)
    assert (again.status_code, again.json()["state"]) == (200, "open")
    assert len(await closed.transactions()) == 1


@pytest.mark.parametrize(
    ("changed", "status", "slug"),
    [
        ({"to": ADDRESS.lower()}, 422, "address-malformed"),
        ({"to": ADDRESS.replace("aAeb", "AAeb")}, 422, "address-malformed"),
        ({"to": ADDRESS[:-1]}, 422, "address-malformed"),
        ({"to": ADDRESS.removeprefix("0x")}, 422, "address-malformed"),
        ({"to": "members/1"}, 422, "address-malformed"),
        ({"to": f"0x{'0' * 40}"}, 422, "address-not-permitted"),
        ({"asset": "SLV"}, 422, "wrong-asset"),
        ({"minor": "0"}, 422, "withdrawal-too-small"),
        ({"minor": str(GRANT_MINOR + 1)}, 409, "refused-by-ledger"),
    ],
)
async def test_a_withdrawal_that_is_refused_moves_nothing(
    bridge: ChainHouse, changed: dict[str, str], status: int, slug: str
) -> None:
    refused = await bridge.ask(1, 5, ADDRESS, **changed)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{slug}")
    assert await bridge.inside(1) == GRANT_MINOR
    assert await bridge.ledger.count("withdrawals") == 0


async def test_the_bridge_itself_is_no_recipient(bridge: ChainHouse) -> None:
    for itself in (bridge.vault, bridge.token):
        refused = await bridge.ask(1, 5, itself)
        assert refused.json()["type"] == "/problems/address-not-permitted"


async def test_a_member_has_so_many_withdrawals_on_their_way(bridge: ChainHouse) -> None:
    limit = bridge.ledger.settings.bridge_withdrawals_open_max_per_member
    for _ in range(limit):
        await bridge.withdraw(1, 1, ADDRESS)
    refused = await bridge.ask(1, 1, ADDRESS)
    assert (refused.status_code, refused.json()["limit"]) == (409, limit)
    assert refused.json()["type"] == "/problems/too-many-withdrawals"
    assert (await bridge.ask(2, 1, ADDRESS)).status_code == 201


async def test_no_transfer_reaches_the_bridge_by_another_door(bridge: ChainHouse) -> None:
    account = await bridge.ledger.rows("SELECT id FROM accounts WHERE kind = 'bridge'")
    for code in ("withdrawal", "pay", "deposit"):
        transfer = bridge.ledger.chassis.ids.new()
        result, _ = await bridge.ledger.pay(
            1, 2, 5, transfer, credit_account=str(account[0]["id"]), code=code
        )
        assert result == "code_not_permitted"


async def test_the_same_key_withdraws_once(bridge: ChainHouse) -> None:
    body = {"debit": {"asset": "GLD", "minor": "7", "to": ADDRESS}}
    first = await bridge.ledger.act("POST", "/withdrawals", body, key="once")
    again = await bridge.ledger.act("POST", "/withdrawals", body, key="once")
    assert first.json() == again.json()
    assert await bridge.inside(1) == GRANT_MINOR - 7


async def test_withdrawals_are_shown_to_their_member_alone(bridge: ChainHouse) -> None:
    made: list[str] = []
    for amount in (1, 2, 3):
        made.append(str(await bridge.withdraw(1, amount, ADDRESS)))
        bridge.later(1)
    page = (await bridge.ledger.get("/withdrawals?limit=2")).json()
    assert [item["id"] for item in page["items"]] == made[:0:-1]
    rest = (await bridge.ledger.get(f"/withdrawals?limit=2&cursor={page['next_cursor']}")).json()
    assert [item["id"] for item in rest["items"]] == made[:1]
    assert (await bridge.ledger.get("/withdrawals", 2)).json()["items"] == []
    refused = await bridge.ledger.get(f"/withdrawals/{made[0]}", 2)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/withdrawal-not-found")


async def test_who_has_left_still_takes_their_money_out(bridge: ChainHouse) -> None:
    await bridge.ledger.consume(membership_event(1, version=2, state="left"))
    withdrawal = await bridge.withdraw(1, GRANT_MINOR, ADDRESS)
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"


async def test_a_deposit_that_names_nobody_is_claimed_by_its_wallet_alone(bridge: ChainHouse) -> None:
    wallet = await bridge.wallet_with(50_000_000)
    wallet.deposit(bridge.vault, 20_000_000 * 10**12, b"\xff" * 32)
    bridge.devnet.keep()
    await bridge.look()
    (shown,) = (await bridge.ledger.get("/deposits?of=nobody", 2)).json()["items"]
    assert (shown["state"], shown["unclaimed"], shown["depositor"]) == (
        "unclaimed",
        "names_nobody",
        wallet.address,
    )
    refused = await bridge.ledger.act("PUT", f"/deposits/{shown['id']}/claim", number=2)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-the-depositor")
    assert await bridge.inside(2) == GRANT_MINOR


async def test_the_member_whose_wallet_sent_it_claims_it_once(bridge: ChainHouse) -> None:
    wallet = await bridge.wallet_with(50_000_000)
    wallet.deposit(bridge.vault, 20_000_000 * 10**12, b"\xff" * 32)
    bridge.devnet.keep()
    await bridge.look()
    certified = await bridge.ledger.rows("SELECT id FROM deposits")
    deposit = certified[0]["id"]
    record = next(iter(bridge.ledger.identity.device_keys.values()))
    own = record["certificates"][0]["issuer"]
    await bridge.ledger.rows("UPDATE deposits SET depositor = $1 WHERE id = $2", checksum(own), deposit)
    number = next(n for n in range(5) if str(record["member_id"]).endswith(f"{n:012x}"))
    before = await bridge.inside(number)
    for _ in range(2):
        claimed = await bridge.ledger.act("PUT", f"/deposits/{deposit}/claim", number=number)
        assert (claimed.status_code, claimed.json()["state"]) == (200, "credited"), claimed.text
    assert await bridge.inside(number) == before + 20_000_000
    other = await bridge.ledger.act("PUT", f"/deposits/{deposit}/claim", number=(number + 1) % 5)
    assert (other.status_code, other.json()["type"]) == (404, "/problems/deposit-not-found")


async def test_what_does_not_divide_cannot_be_claimed(bridge: ChainHouse) -> None:
    wallet = await bridge.wallet_with(50_000_000)
    wallet.deposit(bridge.vault, 20_000_000 * 10**12, b"\xff" * 32)
    bridge.devnet.keep()
    await bridge.look()
    await bridge.ledger.rows("UPDATE deposits SET unclaimed = 'does_not_divide'")
    (row,) = await bridge.ledger.rows("SELECT id FROM deposits")
    refused = await bridge.ledger.act("PUT", f"/deposits/{row['id']}/claim", number=2)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/deposit-not-claimable")


async def test_a_stuck_node_is_said_and_passes(bridge: ChainHouse) -> None:
    stopped = bridge.devnet.process_id
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    try:
        await bridge.look()
        assert bridge.watch.failure()
        assert bridge.watch.faults() == []
        bridge.ledger.clock.advance(timedelta(seconds=61))
        await bridge.look()
        assert "stuck for 61 s" in bridge.watch.faults()[0]
        answered = await bridge.ledger.get("/withdrawals")
        assert answered.status_code == 200
    finally:
        os.kill(stopped, signal.SIGCONT)
    await bridge.look()
    assert bridge.watch.faults() == []
    withdrawal = await bridge.withdraw(1, 5, Wallet(bridge.devnet, 2).address)
    await bridge.settle()
    assert await bridge.state(withdrawal) == "final"
