"""Joining and signing in by passkey, and every way in which passkey, nonce and device do not fit."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.passkeys import PasskeyCertificate, passkey_user_handle, write_base64url
from services.identity.api.joined import Identity
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import PasskeyMember, passkey, passkey_member
from tests.support.authenticator import EDDSA, ES256, PRESENT, RS256, Authenticator, base64url, challenge


@contextmanager
def public_url(house: IdentityHouse, url: str) -> Generator[None]:
    """The house at another address, while entered."""
    identity: Identity = house.app.state.identity
    before = identity.settings
    object.__setattr__(identity, "settings", before.model_copy(update={"public_url": url}))
    try:
        yield
    finally:
        object.__setattr__(identity, "settings", before)


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


async def test_a_nonce_says_for_whom_a_passkey_is_made(house: IdentityHouse) -> None:
    async with house.http() as http:
        body = (await http.post("/v1/auth/nonces")).json()
    user_id = write_base64url(passkey_user_handle(body["nonce"]))
    assert body["passkey"] == {"rp_id": "guild.example", "rp_name": "Guildhall", "user_id": user_id}
    assert len(user_id) == 22


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://guild.example", "https://203.0.113.7"])
async def test_where_no_passkey_works_none_is_offered_or_taken(house: IdentityHouse, url: str) -> None:
    member = await passkey_member(house)
    with public_url(house, url):
        nonce = await member.nonce()
        async with house.http() as http:
            assert (await http.post("/v1/auth/nonces")).json()["passkey"] is None
        refused = await member.post("passkeys", PasskeyMember(house).made(nonce), nonce.cookie)
        assert told(refused) == (409, "passkeys-unavailable")
        refused = await member.post("passkey-sessions", member.asked(nonce), nonce.cookie)
        assert told(refused) == (409, "passkeys-unavailable")


@pytest.mark.parametrize("algorithm", [ES256, EDDSA, RS256])
async def test_a_new_passkey_is_a_new_member_and_the_same_one_later(
    house: IdentityHouse, algorithm: int
) -> None:
    member = PasskeyMember(house, passkey=passkey(algorithm=algorithm))
    first = await member.sign_in()
    assert first.status_code == 201, first.text
    body = first.json()
    assert body["expires_in_seconds"] == 600
    assert body["device_key_id"] == member.device_key_id
    assert body["refresh_token"]
    again = await member.sign_in()
    assert again.status_code == 201, again.text
    assert again.json()["member"] == body["member"]
    assert again.json()["session_id"] != body["session_id"]
    assert (await member.ask("GET", "/v1/me")).json()["id"] == body["member"]["id"]


async def test_the_evidence_is_kept_as_it_was_signed(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    house.clock.advance(timedelta(seconds=1))
    await member.sign_in()
    rows = await house.rows(
        "SELECT issuer_kind, issuer, message, signature, certified_at FROM device_certificates "
        "WHERE device_key_id = $1 ORDER BY certified_at",
        member.device_key_id,
    )
    credential_id = base64url(member.passkey.credential_id)
    assert [(row["issuer_kind"], row["issuer"]) for row in rows] == [("passkey", credential_id)] * 2
    devices = [
        PasskeyCertificate(row["message"], row["signature"], row["certified_at"]).verify(
            public_url="https://guild.example", lifetime_seconds=60
        )
        for row in rows
    ]
    assert [device.registered for device in devices] == [True, False]
    assert {device.key_id for device in devices} == {member.device_key_id}
    asked = await house.as_service("ledger", "GET", f"/internal/device-keys/{member.device_key_id}")
    newest = asked.json()["certificates"][0]
    assert (newest["issuer_kind"], newest["message"]) == ("passkey", rows[1]["message"])


async def test_signing_in_by_passkey_is_in_the_act_log(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    [row] = await house.rows(
        "SELECT act_right, on_behalf_of FROM act_log WHERE subject = $1",
        f"sessions/{member.session['session_id']}",
    )
    assert dict(row) == {"act_right": "passkey_signature", "on_behalf_of": f"member:{member.id}"}


async def test_a_browser_keeps_its_refresh_token_in_a_cookie(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    response = await member.sign_in(origin="https://guild.example")
    assert response.json()["refresh_token"] is None
    assert "guildhall_refresh=" in response.headers["set-cookie"]
    refused = await PasskeyMember(house).sign_in(origin="https://evil.example")
    assert told(refused) == (403, "origin-refused")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin": "https://guild.example.evil"}, "origin"),
        ({"challenge": base64url(bytes(32))}, "challenge"),
        ({"type": "payment.get"}, "type"),
        ({"crossOrigin": True}, "crossOrigin"),
    ],
)
async def test_what_a_browser_says_of_elsewhere_is_refused(
    house: IdentityHouse, changes: dict[str, Any], field: str
) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    refused = await member.post("passkey-sessions", member.asked(nonce, **changes), nonce.cookie)
    assert (*told(refused), refused.json()["field"]) == (401, "passkey-wrong", field)
    newcomer = PasskeyMember(house)
    nonce = await newcomer.nonce()
    refused = await newcomer.post("passkeys", newcomer.made(nonce, **changes), nonce.cookie)
    assert (*told(refused), refused.json()["field"]) == (401, "passkey-wrong", field)


async def test_a_passkey_of_another_party_or_of_nobody_verified_is_refused(house: IdentityHouse) -> None:
    for made in (Authenticator("evil.example", "https://guild.example"), passkey(flags=PRESENT)):
        assert told(await PasskeyMember(house, passkey=made).sign_in()) == (401, "passkey-wrong")


async def test_another_passkeys_signature_is_refused(house: IdentityHouse) -> None:
    member, thief = await passkey_member(house), await passkey_member(house)
    thief.passkey.credential_id = member.passkey.credential_id
    assert told(await thief.sign_in()) == (401, "passkey-signature-wrong")


async def test_a_credential_that_cannot_be_read_is_refused(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    nonce = await member.nonce()
    body = member.made(nonce)
    body["credential"]["response"]["attestationObject"] = "AAAA"
    assert told(await member.post("passkeys", body, nonce.cookie)) == (400, "passkey-malformed")


async def test_a_passkey_that_nobody_registered_is_refused(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    member.passkey.create(b"elsewhere")
    assert told(await member.sign_in()) == (401, "passkey-unknown")


async def test_a_user_handle_of_another_member_is_refused(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    member.passkey.user_handle = bytes(16)
    refused = await member.sign_in()
    assert (*told(refused), refused.json()["field"]) == (401, "passkey-wrong", "userHandle")
    [row] = await house.rows("SELECT user_handle FROM passkeys WHERE member_id = $1", member.id)
    member.passkey.user_handle = row["user_handle"]
    assert (await member.sign_in()).status_code == 201


async def test_a_nonce_is_used_up_by_the_first_who_presents_it(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    body = member.asked(nonce)
    answers = await asyncio.gather(*(member.post("passkey-sessions", body, nonce.cookie) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    newcomer = PasskeyMember(house)
    nonce = await newcomer.nonce()
    body = newcomer.made(nonce)
    answers = await asyncio.gather(*(newcomer.post("passkeys", body, nonce.cookie) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


async def test_a_nonce_is_used_up_before_anything_is_verified(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    forged = member.asked(nonce, origin="https://evil.example")
    assert told(await member.post("passkey-sessions", forged, nonce.cookie)) == (401, "passkey-wrong")
    late = await member.post("passkey-sessions", member.asked(nonce), nonce.cookie)
    assert told(late) == (401, "nonce-not-usable")


@pytest.mark.parametrize("cookie", [None, "another-browser"])
async def test_another_browser_cannot_use_the_nonce_nor_spoil_it(
    house: IdentityHouse, cookie: str | None
) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    body = member.asked(nonce)
    assert told(await member.post("passkey-sessions", body, cookie)) == (401, "nonce-not-usable")
    assert (await member.post("passkey-sessions", body, nonce.cookie)).status_code == 201


async def test_an_expired_nonce_is_refused(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    nonce = await member.nonce()
    house.clock.advance(timedelta(seconds=house.settings.nonce_seconds))
    assert told(await member.post("passkeys", member.made(nonce), nonce.cookie)) == (401, "nonce-not-usable")


async def test_another_device_key_than_the_signed_one_is_refused(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    body = member.asked(nonce)
    stolen = body | {"device_public_key": PasskeyMember(house).device_public_key}
    refused = await member.post("passkey-sessions", stolen, nonce.cookie)
    assert (*told(refused), refused.json()["field"]) == (401, "passkey-wrong", "challenge")


async def test_a_device_key_speaks_for_one_member(house: IdentityHouse) -> None:
    device = Ed25519PrivateKey.generate()
    assert (await Member(house, device=device).sign_in()).status_code == 201
    thief = PasskeyMember(house, device=device)
    assert told(await thief.sign_in()) == (409, "device-key-taken")
    identifier = base64url(thief.passkey.credential_id)
    assert await house.rows("SELECT 1 FROM member_keys WHERE identifier = $1", identifier) == []


async def test_a_revoked_device_key_does_not_sign_in(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    await house.rows(
        "UPDATE device_keys SET revoked_at = $2 WHERE id = $1 RETURNING id",
        member.device_key_id,
        house.clock.now(),
    )
    assert told(await member.sign_in()) == (403, "device-key-revoked")


async def test_a_passkey_is_registered_once(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    other = PasskeyMember(house, passkey=member.passkey)
    nonce = await other.nonce()
    assert told(await other.post("passkeys", other.made(nonce), nonce.cookie)) == (409, "passkey-taken")


async def test_a_counter_that_goes_backwards_is_refused_and_logged(house: IdentityHouse) -> None:
    member = await passkey_member(house, counts=True, sign_count=7)
    assert (await member.sign_in()).status_code == 201
    member.passkey.sign_count = 5
    refused = await member.sign_in()
    assert told(refused) == (401, "passkey-counter-backwards")
    assert (refused.json()["counted"], refused.json()["seen"]) == (8, 6)
    [row] = await house.rows(
        "SELECT changed FROM act_log WHERE act_right = 'passkey_counter' AND on_behalf_of = $1",
        f"member:{member.id}",
    )
    assert "backwards" in row["changed"]
    member.passkey.sign_count = 7  # a repeated count is none that went on
    assert told(await member.sign_in()) == (401, "passkey-counter-backwards")
    member.passkey.sign_count = 8
    assert (await member.sign_in()).status_code == 201


async def test_a_passkey_that_counted_does_not_stop_to(house: IdentityHouse) -> None:
    member = await passkey_member(house, counts=True, sign_count=7)
    member.passkey.counts, member.passkey.sign_count = False, 0
    assert told(await member.sign_in()) == (401, "passkey-counter-backwards")


@pytest.mark.parametrize("path", ["passkeys", "passkey-sessions"])
@pytest.mark.parametrize("body", [{}, {"nonce": "x"}, [], {"nonce": "0" * 32, "device_public_key": "x"}])
async def test_a_malformed_body_is_refused(house: IdentityHouse, path: str, body: object) -> None:
    async with house.http() as http:
        refused = await http.post(f"/v1/auth/{path}", json=body)
    assert told(refused) == (422, "malformed-body")


async def test_refused_attempts_count_against_the_address(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    nonce = await member.nonce()
    body = member.asked(nonce)
    async with house.http("2001:db8:9::1") as one, house.http("2001:db8:9::2") as neighbour:
        for _ in range(house.settings.address_requests_max):
            assert (await one.post("/v1/auth/passkey-sessions", json=body)).status_code == 401
        assert told(await neighbour.post("/v1/auth/passkey-sessions", json=body)) == (
            429,
            "address-limit-reached",
        )


async def test_new_members_and_sign_ins_are_limited(house: IdentityHouse) -> None:
    identity: Identity = house.app.state.identity
    before = identity.settings
    given = {"passkey_sign_ins_max": 2, "address_new_members_max": 1}
    object.__setattr__(identity, "settings", before.model_copy(update=given))
    vouched = {
        "guildhall-gateway": house.keys["gateway"].token_for("identity"),
        "guildhall-client-address": "203.0.113.77",
    }
    try:
        member = PasskeyMember(house)
        assert (await member.sign_in(**vouched)).status_code == 201
        refused = await PasskeyMember(house).sign_in(**vouched)
        assert (*told(refused), refused.json()["kind"]) == (
            429,
            "attempt-limit-reached",
            "new_member_of_address",
        )
        assert [(await member.sign_in()).status_code for _ in range(3)] == [201, 201, 429]
    finally:
        object.__setattr__(identity, "settings", before)


def test_both_sides_compute_the_same_challenge() -> None:
    from chassis.passkeys import passkey_challenge

    assert passkey_challenge("a" * 32, "d" * 43) == challenge("a" * 32, "d" * 43)
