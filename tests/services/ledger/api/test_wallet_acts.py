"""A forwarded act that the wallet signed itself, in the place of the device that it certified."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest

from guildhall.client import DeviceKey, Wallet
from guildhall.client.wallet_acts import WalletActs
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, forwarded, funding, open_agreement, post
from tests.services.ledger.house import LedgerHouse, member_id
from tests.services.ledger.identity_edge import certified_device, device_by_passkey

TO = f"agreements/{AGREEMENT}"


def wallet_of(number: int) -> Wallet:
    """As `certified_device` derives it."""
    return Wallet.of((member_id(number).int + 1).to_bytes(32))


def by_wallet(house: LedgerHouse, wallet: Wallet, minor: str) -> dict[str, Any]:
    act = forwarded(house, EMPLOYER, minor, TO)
    private = house.device(EMPLOYER).private_bytes_raw()
    signed = WalletActs(wallet, DeviceKey.of(private)).sign(
        method=act["method"],
        target_uri=act["target_uri"],
        body=b64decode(act["body"]),
        created_seconds=int(house.clock.now().timestamp()),
    )
    return act | {"headers": signed}


async def test_it_pays_with_identity_and_from_what_is_pinned(house: LedgerHouse) -> None:
    await open_agreement(house)
    wallet = wallet_of(EMPLOYER)
    assert await post(house, "market", funding("100", by_wallet(house, wallet, "100"))) == ["posted"]
    again = by_wallet(house, wallet, "5")
    assert await post(house, "market", funding("5", again, name="more")) == ["posted"]
    assert sum("device-keys" in path for path in house.identity.asked) == 1
    assert await post(house, "market", funding("5", again, name="twice")) == ["act_already_used"]


@pytest.mark.parametrize("is_pinned", [False, True])
async def test_another_wallet_pays_nothing(house: LedgerHouse, is_pinned: bool) -> None:
    await open_agreement(house)
    if is_pinned:
        first = funding("1", by_wallet(house, wallet_of(EMPLOYER), "1"), name="first")
        assert await post(house, "market", first) == ["posted"]
    stolen = by_wallet(house, Wallet.create(), "100")
    assert await post(house, "market", funding("100", stolen)) == ["act_invalid"]


async def test_a_wallet_signs_in_the_time_of_its_own_certificate(house: LedgerHouse) -> None:
    """A passkey certified the device anew, long after the wallet did: that gives the wallet no more time."""
    await open_agreement(house)
    device, begun_at = house.device(EMPLOYER), house.clock.now()
    house.clock.advance(timedelta(days=31))
    old = certified_device(device, member_id(EMPLOYER), begun_at - timedelta(days=60))
    new = device_by_passkey(device, member_id(EMPLOYER), house.clock.now())
    house.identity.device_keys[new["id"]] = new | {
        "certificates": [*new["certificates"], *old["certificates"]]
    }
    late = by_wallet(house, wallet_of(EMPLOYER), "100")
    assert await post(house, "market", funding("100", late)) == ["act_invalid"]
    assert await post(house, "market", funding("100", forwarded(house, EMPLOYER, "100", TO), name="own")) == [
        "posted"
    ]


async def test_a_device_of_a_passkey_has_no_wallet_to_sign(house: LedgerHouse) -> None:
    await open_agreement(house)
    record = device_by_passkey(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())
    house.identity.device_keys[record["id"]] = record
    act = by_wallet(house, wallet_of(EMPLOYER), "100")
    assert await post(house, "market", funding("100", act)) == ["act_invalid"]
