"""A device that a passkey certified pays as one does that a wallet certified; the ledger checks it itself."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from chassis.signatures import ForwardedAct
from services.ledger.api.dependencies import act_checks
from services.ledger.bridge.use_cases.find_wallets import find_wallets
from services.ledger.use_cases.verify_debit_act import ActChecks, device_at, wallet_of
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, forwarded, funding, open_agreement, post
from tests.services.ledger.house import LedgerHouse, member_id
from tests.services.ledger.identity_edge import device_by_passkey
from tests.support.authenticator import Authenticator

TO = f"agreements/{AGREEMENT}"


def checks_of(house: LedgerHouse) -> ActChecks:
    return act_checks(Request({"type": "http", "app": house.app}))


def certify(house: LedgerHouse, passkey: Authenticator | None = None, **forged: Any) -> dict[str, Any]:
    """The employer's device, certified by a passkey in identity's word."""
    record = device_by_passkey(
        house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now(), passkey, **forged
    )
    house.identity.device_keys[record["id"]] = record
    return record


async def test_the_act_pays_and_the_key_is_pinned_without_a_wallet(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    certify(house)
    assert await post(house, "market", funding("100", act)) == ["posted"]
    (pinned,) = await house.rows("SELECT wallet_address, certificate_message FROM device_keys")
    assert pinned["wallet_address"] is None
    again = forwarded(house, EMPLOYER, "5", TO)
    assert await post(house, "market", funding("5", again, name="more")) == ["posted"]
    assert sum("device-keys" in path for path in house.identity.asked) == 1


@pytest.mark.parametrize(
    "forged",
    [{"origin": "https://evil.example"}, {"challenge": "AAAA"}, {"type": "webauthn.create"}],
)
async def test_a_passkey_that_signed_something_else_certifies_nothing(
    house: LedgerHouse, forged: dict[str, str]
) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    certify(house, None, **forged)
    assert await post(house, "market", funding("100", act)) == ["act_invalid"]
    certify(house, Authenticator("evil.example", "http://localhost:8080"))
    assert await post(house, "market", funding("100", act, name="party")) == ["act_invalid"]


async def test_a_certificate_of_another_passkey_or_another_signature_is_none(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", TO)
    record = certify(house)
    (true,) = record["certificates"]
    other = device_by_passkey(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())
    for name, altered in {
        "another passkey": {"issuer": other["certificates"][0]["issuer"]},
        "another signature": {"signature": other["certificates"][0]["signature"]},
        "a wallet's": {"issuer_kind": "wallet"},
    }.items():
        record["certificates"] = [true | altered]
        assert await post(house, "market", funding("100", act, name=name)) == ["act_invalid"], name
    record["certificates"] = [true]
    assert await post(house, "market", funding("100", act, name="true")) == ["posted"]


async def test_a_certificate_holds_from_when_identity_took_it_for_as_long_as_a_device_key_lives(
    house: LedgerHouse,
) -> None:
    now = house.clock.now()
    (sent,) = device_by_passkey(house.device(EMPLOYER), member_id(EMPLOYER), now)["certificates"]
    checks = checks_of(house)
    lifetime = timedelta(seconds=checks.sign_in.device_key_lifetime_seconds)
    ahead = timedelta(seconds=checks.sign_in.ahead_seconds)
    second = timedelta(seconds=1)
    held = {
        moment: await device_at(sent, moment, checks) is not None
        for moment in (now - ahead - second, now - ahead, now + lifetime - second, now + lifetime)
    }
    assert list(held.values()) == [False, True, True, False]


async def test_there_is_no_wallet_behind_a_passkey(house: LedgerHouse) -> None:
    """So a deposit from the chain that names nobody is not claimed by who has none."""
    act = ForwardedAct.from_json(forwarded(house, EMPLOYER, "1", TO))
    record = certify(house)
    device = await device_at(record["certificates"][0], house.clock.now(), checks_of(house))
    assert device is not None
    assert wallet_of(device) is None
    signed = act.verify(
        public_url=house.settings.public_url,
        public_key=lambda _: house.device(EMPLOYER).public_key(),
        now=house.clock.now(),
    )
    peers, checks = house.chassis.peers, checks_of(house)
    assert await find_wallets(peers, signed, member_id(EMPLOYER), checks) == frozenset()
