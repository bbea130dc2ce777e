"""The message that identity writes for a wallet is the one that it takes."""

from dataclasses import replace

import pytest
from httpx import AsyncClient

from guildhall.client import DeviceKey, Wallet
from tests.services.identity.house import IdentityHouse


async def test_a_wallet_that_knows_no_checksum_signs_in_by_the_message(house: IdentityHouse) -> None:
    async with house.http() as http:
        await _signs_in(http)


async def _signs_in(http: AsyncClient, name: str = "ada") -> None:
    wallet, device = Wallet.derived("sign-in-messages", name), DeviceKey.derived("sign-in-messages", name)
    asked = await http.post("/v1/auth/nonces")
    nonce = asked.json()["nonce"]
    cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
    written = await http.post(
        "/v1/auth/sign-in-messages",
        json={
            "nonce": nonce,
            "wallet_address": wallet.address.lower(),
            "device_public_key": device.public_key,
        },
    )
    assert written.status_code == 200, written.text
    message = written.json()["message"]
    assert message.endswith(f"\n- urn:guildhall:device:ed25519:{device.public_key}")
    assert wallet.address in message and f"\nNonce: {nonce}\n" in message
    opened = await http.post(
        "/v1/auth/sessions",
        json={"message": message, "signature": wallet.sign(message)},
        headers={"cookie": cookie},
    )
    assert opened.status_code == 201, opened.text
    assert opened.json()["device_key_id"] == device.key_id


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("nonce", "short", 422),
        ("wallet_address", "0x12", 422),
        ("device_public_key", "A" * 42, 422),
        ("device_public_key", "B" * 43, 401),
    ],
)
async def test_what_no_message_can_name_is_refused(
    house: IdentityHouse, field: str, value: str, status: int
) -> None:
    body = {"nonce": "0" * 32, "wallet_address": f"0x{'0' * 40}", "device_public_key": "A" * 43}
    async with house.http() as http:
        refused = await http.post("/v1/auth/sign-in-messages", json=body | {field: value})
    assert refused.status_code == status, refused.text


async def test_a_message_lives_as_long_as_the_deployment_lets_a_device_key(house: IdentityHouse) -> None:
    identity = house.app.state.identity
    shorter = identity.settings.model_copy(update={"device_key_lifetime_seconds": 3_600})
    house.app.state.identity = replace(identity, settings=shorter)
    try:
        async with house.http() as http:
            await _signs_in(http, "ben")
    finally:
        house.app.state.identity = identity
