"""Signing in: nonce, message, wallet and device, and every way in which they do not fit."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.siwe import SIGN_IN_PURPOSE, device_resource
from tests.services.identity.house import IdentityHouse, Member, account

N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


async def test_a_nonce_says_what_the_message_must_say(house: IdentityHouse) -> None:
    async with house.http() as http:
        response = await http.post("/v1/auth/nonces")
    assert response.status_code == 201
    body = response.json()
    assert (body["domain"], body["uri"], body["chain_id"]) == ("guild.example", "https://guild.example", 1)
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" in cookie
    assert "path=/v1/auth" in cookie


async def test_a_wallet_seen_first_is_a_new_member_and_the_same_one_later(house: IdentityHouse) -> None:
    member = Member(house)
    first = await member.sign_in()
    assert first.status_code == 201
    body = first.json()
    assert body["expires_in_seconds"] == 600
    assert body["device_key_id"] == member.device_key_id
    assert body["refresh_token"]
    again = await member.sign_in()
    assert again.json()["member"] == body["member"]
    assert again.json()["session_id"] != body["session_id"]


async def test_the_certificate_is_stored_as_it_was_signed(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce)
    await member.present(message, nonce.cookie)
    [row] = await house.rows(
        "SELECT issuer, message, signature FROM device_certificates WHERE device_key_id = $1",
        member.device_key_id,
    )
    assert dict(row) == {
        "issuer": member.wallet.address,
        "message": message,
        "signature": member.signature(message),
    }


async def test_signing_in_is_in_the_act_log(house: IdentityHouse) -> None:
    member = await house.member()
    [row] = await house.rows(
        "SELECT act_right, on_behalf_of FROM act_log WHERE subject = $1",
        f"sessions/{member.session['session_id']}",
    )
    assert row["act_right"] == "wallet_signature"
    assert row["on_behalf_of"] == f"member:{member.id}"


async def test_two_devices_of_one_wallet_are_one_member_at_the_same_moment(house: IdentityHouse) -> None:
    wallet = account()
    answers = await asyncio.gather(*(Member(house, wallet=wallet).sign_in() for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["member"]["id"] for answer in answers}) == 1


async def test_a_nonce_is_used_up_by_the_first_who_presents_it(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce)
    answers = await asyncio.gather(*(member.present(message, nonce.cookie) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


async def test_a_nonce_is_used_up_before_anything_is_verified(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce)
    wrong = Member(house).signature(message)
    refused = await member.present(message, nonce.cookie, wrong)
    assert refused.json()["type"] == "/problems/wallet-signature-wrong"
    late = await member.present(message, nonce.cookie)
    assert (late.status_code, late.json()["type"]) == (401, "/problems/nonce-not-usable")


@pytest.mark.parametrize("cookie", [None, "another-browser"])
async def test_another_browser_cannot_use_the_nonce_nor_spoil_it(
    house: IdentityHouse, cookie: str | None
) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce)
    refused = await member.present(message, cookie)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/nonce-not-usable")
    assert (await member.present(message, nonce.cookie)).status_code == 201


async def test_an_expired_nonce_is_refused(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    house.clock.advance(timedelta(seconds=house.settings.nonce_seconds))
    refused = await member.present(member.message(nonce.nonce), nonce.cookie)
    assert refused.json()["type"] == "/problems/nonce-not-usable"


@pytest.mark.parametrize(
    ("changes", "problem", "field"),
    [
        ({"domain": "guild.example.evil"}, "sign-in-message-wrong", "domain"),
        ({"domain": "gui1d.example"}, "sign-in-message-wrong", "domain"),
        ({"uri": "https://guild.example.evil"}, "sign-in-message-wrong", "uri"),
        ({"scheme": "http"}, "sign-in-message-wrong", "scheme"),
        ({"chain_id": 5}, "sign-in-message-wrong", "chain_id"),
        ({"resources": None}, "sign-in-message-wrong", "resources"),
        ({"resources": (SIGN_IN_PURPOSE,)}, "sign-in-message-wrong", "resources"),
        (
            {"resources": (device_resource(bytes(32)), "urn:guildhall:purpose:recovery")},
            "sign-in-message-wrong",
            "resources",
        ),
        ({"expiration_time": None}, "sign-in-message-wrong", "expiration_time"),
    ],
)
async def test_a_message_for_elsewhere_or_something_else_is_refused(
    house: IdentityHouse, changes: dict[str, Any], problem: str, field: str
) -> None:
    member = Member(house)
    nonce = await member.nonce()
    refused = await member.present(member.message(nonce.nonce, **changes), nonce.cookie)
    assert refused.status_code == 401
    assert refused.json()["type"] == f"/problems/{problem}"
    assert refused.json()["field"] == field


@pytest.mark.parametrize(
    ("field", "seconds"),
    [("issued_at", -601), ("issued_at", 31), ("not_before", 31), ("expiration_time", 0)],
)
async def test_a_message_that_is_not_valid_now_is_refused(
    house: IdentityHouse, field: str, seconds: int
) -> None:
    member = Member(house)
    nonce = await member.nonce()
    changes = {field: house.clock.now() + timedelta(seconds=seconds)}
    if field == "expiration_time":
        changes["issued_at"] = house.clock.now() - timedelta(seconds=60)
    refused = await member.present(member.message(nonce.nonce, **changes), nonce.cookie)
    assert refused.status_code == 401
    assert refused.json()["type"] == "/problems/sign-in-message-untimely"
    assert refused.json()["field"] == field


async def test_a_text_that_is_no_sign_in_message_is_refused(house: IdentityHouse) -> None:
    refused = await Member(house).present("sign me in", "cookie")
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/sign-in-message-malformed")


async def test_a_malleable_signature_is_refused(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce)
    signature = member.signature(message)
    high_s = N - int(signature[66:130], 16)
    other_v = 27 + 28 - int(signature[130:], 16)
    twin = f"{signature[:66]}{high_s:064x}{other_v:02x}"
    refused = await member.present(message, nonce.cookie, twin)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/wallet-signature-malformed")


async def test_a_device_key_speaks_for_one_member(house: IdentityHouse) -> None:
    device = Ed25519PrivateKey.generate()
    assert (await Member(house, device=device).sign_in()).status_code == 201
    thief = Member(house, device=device)
    refused = await thief.sign_in()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/device-key-taken")
    assert (
        await house.rows("SELECT 1 FROM member_keys WHERE identifier = $1", thief.wallet.address.lower())
        == []
    )


async def test_a_revoked_device_key_does_not_sign_in(house: IdentityHouse) -> None:
    member = await house.member()
    await house.rows(
        "UPDATE device_keys SET revoked_at = $2 WHERE id = $1 RETURNING id",
        member.device_key_id,
        house.clock.now(),
    )
    refused = await member.sign_in()
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/device-key-revoked")


@pytest.mark.parametrize("path", ["/v1/auth/nonces", "/v1/auth/sessions", "/v1/auth/refreshes"])
async def test_a_page_of_another_site_gets_no_session(house: IdentityHouse, path: str) -> None:
    async with house.http() as http:
        refused = await http.post(
            path,
            json={"message": "x", "signature": "x"} if path.endswith("sessions") else None,
            headers={"origin": "https://evil.example"},
        )
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/origin-refused")


@pytest.mark.parametrize(
    "body",
    [{}, {"message": "x"}, {"message": "x" * 5_000, "signature": "x"}, {"message": 1, "signature": 2}, []],
)
async def test_a_malformed_body_is_refused(house: IdentityHouse, body: object) -> None:
    async with house.http() as http:
        refused = await http.post("/v1/auth/sessions", json=body)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")


async def test_before_sign_in_an_address_is_limited_and_others_are_not(house: IdentityHouse) -> None:
    limit = house.settings.address_requests_max
    async with house.http("203.0.113.7") as near, house.http("203.0.113.8") as far:
        statuses = [(await near.post("/v1/auth/nonces")).status_code for _ in range(limit)]
        assert statuses == [201] * limit
        refused = await near.post("/v1/auth/nonces")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/address-limit-reached")
        assert 1 <= int(refused.headers["retry-after"]) <= house.settings.address_window_seconds + 1
        assert (await far.post("/v1/auth/nonces")).status_code == 201
        house.clock.advance(timedelta(seconds=house.settings.address_window_seconds))
        assert (await near.post("/v1/auth/nonces")).status_code == 201


async def test_refused_sign_ins_count_against_the_address(house: IdentityHouse) -> None:
    async with house.http("2001:db8:7::1") as one, house.http("2001:db8:7::2") as neighbour:
        body = {"message": "sign me in", "signature": "0x"}
        for _ in range(house.settings.address_requests_max):
            assert (await one.post("/v1/auth/sessions", json=body)).status_code == 400
        assert (await neighbour.post("/v1/auth/sessions", json=body)).status_code == 429
