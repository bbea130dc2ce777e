"""Sessions after sign-in: refresh with rotation and reuse, sign out, the exchange of tokens."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from tests.services.identity.house import IdentityHouse, Member

REFRESH_COOKIE = "guildhall_refresh"
ORIGIN = {"origin": "https://guild.example"}


async def refresh(house: IdentityHouse, token: str | None) -> httpx.Response:
    async with house.http() as http:
        return await http.post("/v1/auth/refreshes", json={} if token is None else {"refresh_token": token})


async def test_a_refresh_gives_a_new_access_token_and_the_next_refresh_token(house: IdentityHouse) -> None:
    member = await house.member()
    first = member.session["refresh_token"]
    response = await refresh(house, first)
    assert response.status_code == 200
    body = response.json()
    assert body["refresh_token"] not in (None, first)
    assert body["session_id"] == member.session["session_id"]
    assert (await house.exchange(body["access_token"])).status_code == 200
    assert response.headers["cache-control"] == "no-store"


async def test_a_token_repeated_within_the_grace_gets_the_same_successor(house: IdentityHouse) -> None:
    first = (await house.member()).session["refresh_token"]
    answers = await asyncio.gather(*(refresh(house, first) for _ in range(4)))
    house.clock.advance(timedelta(seconds=30))
    answers.append(await refresh(house, first))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_a_token_repeated_after_the_grace_ends_the_family(house: IdentityHouse) -> None:
    first = (await house.member()).session["refresh_token"]
    second = (await refresh(house, first)).json()
    house.clock.advance(timedelta(seconds=31))
    reused = await refresh(house, first)
    assert (reused.status_code, reused.json()["type"]) == (401, "/problems/refresh-token-reused")
    after = await refresh(house, second["refresh_token"])
    assert after.json()["type"] == "/problems/refresh-token-refused"
    assert (await house.exchange(second["access_token"])).json()["type"] == "/problems/session-ended"


async def test_a_token_whose_successor_was_used_ends_the_family_even_within_the_grace(
    house: IdentityHouse,
) -> None:
    first = (await house.member()).session["refresh_token"]
    second = (await refresh(house, first)).json()["refresh_token"]
    third = (await refresh(house, second)).json()["refresh_token"]
    assert (await refresh(house, first)).json()["type"] == "/problems/refresh-token-reused"
    assert (await refresh(house, third)).json()["type"] == "/problems/refresh-token-refused"


@pytest.mark.parametrize("token", ["x" * 43, "x"])
async def test_an_unknown_token_is_refused(house: IdentityHouse, token: str) -> None:
    refused = await refresh(house, token)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/refresh-token-refused")


async def test_no_token_is_refused(house: IdentityHouse) -> None:
    refused = await refresh(house, None)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/refresh-token-missing")


async def test_a_session_ends_with_the_certificate_of_its_device_key(house: IdentityHouse) -> None:
    member = Member(house)
    nonce = await member.nonce()
    until = house.clock.now() + timedelta(minutes=5)
    opened = await member.present(member.message(nonce.nonce, expiration_time=until), nonce.cookie)
    house.clock.advance(timedelta(minutes=5))
    refused = await refresh(house, opened.json()["refresh_token"])
    assert refused.json()["type"] == "/problems/refresh-token-refused"


async def test_a_browser_holds_its_refresh_token_in_a_cookie_alone(house: IdentityHouse) -> None:
    member = Member(house)
    opened = await member.sign_in(**ORIGIN)
    assert opened.json()["refresh_token"] is None
    cookie = next(line for line in opened.headers.get_list("set-cookie") if line.startswith(REFRESH_COOKIE))
    for word in ("httponly", "samesite=strict", "secure", "path=/v1/auth"):
        assert word in cookie.lower()
    sent = {"cookie": cookie.split(";", 1)[0]} | ORIGIN
    async with house.http() as http:
        renewed = await http.post("/v1/auth/refreshes", headers=sent)
        assert renewed.status_code == 200
        assert renewed.json()["refresh_token"] is None
        assert renewed.cookies[REFRESH_COOKIE] != opened.cookies[REFRESH_COOKIE]


async def test_a_cookie_without_an_origin_and_a_body_with_one_are_no_refresh_tokens(
    house: IdentityHouse,
) -> None:
    token = (await house.member()).session["refresh_token"]
    async with house.http() as http:
        cookie = await http.post("/v1/auth/refreshes", headers={"cookie": f"{REFRESH_COOKIE}={token}"})
        body = await http.post("/v1/auth/refreshes", json={"refresh_token": token}, headers=ORIGIN)
    assert cookie.json()["type"] == body.json()["type"] == "/problems/refresh-token-missing"


async def test_a_refused_browser_loses_its_cookie(house: IdentityHouse) -> None:
    async with house.http() as http:
        refused = await http.post(
            "/v1/auth/refreshes", headers={"cookie": f"{REFRESH_COOKIE}={'x' * 43}"} | ORIGIN
        )
    assert refused.status_code == 401
    assert 'guildhall_refresh=""' in refused.headers["set-cookie"]


async def test_signing_out_ends_the_session_for_refreshes_and_exchanges(house: IdentityHouse) -> None:
    member = await house.member()
    assert (await member.ask("DELETE", "/v1/auth/sessions/current")).status_code == 204
    assert (await member.ask("DELETE", "/v1/auth/sessions/current")).status_code == 204
    assert (await refresh(house, member.session["refresh_token"])).status_code == 401
    ended = await house.exchange(member.session["access_token"])
    assert (ended.status_code, ended.json()["type"]) == (401, "/problems/session-ended")


async def test_signing_out_needs_a_token(house: IdentityHouse) -> None:
    async with house.http() as http:
        assert (await http.delete("/v1/auth/sessions/current")).status_code == 401


async def test_the_access_token_is_for_the_gateway_alone(house: IdentityHouse) -> None:
    member = await house.member()
    member.token = member.session["access_token"]
    refused = await member.ask("GET", "/v1/me")
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/unauthenticated")


async def test_an_internal_token_of_another_service_is_refused(house: IdentityHouse) -> None:
    member = await house.member()
    exchanged = await house.exchange(member.session["access_token"], "ledger")
    assert exchanged.json()["expires_in"] == 60
    member.token = exchanged.json()["access_token"]
    assert (await member.ask("GET", "/v1/me")).status_code == 401


async def test_an_internal_token_is_not_exchanged_again(house: IdentityHouse) -> None:
    member = await house.member()
    refused = await house.exchange(member.token)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/exchange-refused")


async def test_an_expired_access_token_is_not_exchanged(house: IdentityHouse) -> None:
    member = await house.member()
    house.clock.advance(timedelta(seconds=601))
    assert (await house.exchange(member.session["access_token"])).status_code == 400


async def test_the_exchange_reads_a_form_too(house: IdentityHouse) -> None:
    member = await house.member()
    response = await house.as_service(
        "gateway",
        "POST",
        "/internal/token-exchange",
        data={
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": member.session["access_token"],
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": "market",
        },
    )
    assert response.status_code == 200
    assert response.json()["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"


@pytest.mark.parametrize("audience", ["treasury", "guildhall"])
async def test_the_exchange_is_for_services_that_exist(house: IdentityHouse, audience: str) -> None:
    member = await house.member()
    refused = await house.exchange(member.session["access_token"], audience)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/exchange-refused")


async def test_a_service_token_is_no_subject(house: IdentityHouse) -> None:
    refused = await house.exchange(house.keys["market"].token_for("identity"))
    assert refused.json()["type"] == "/problems/exchange-refused"


async def test_only_the_gateway_exchanges(house: IdentityHouse) -> None:
    refused = await house.as_service("market", "POST", "/internal/token-exchange", {})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-this-service")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"grant_type": "password"}'])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_malformed_exchange_is_refused(house: IdentityHouse, content: bytes, kind: str) -> None:
    refused = await house.as_service(
        "gateway", "POST", "/internal/token-exchange", content=content, headers={"content-type": kind}
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")


async def test_the_signing_keys_are_published_for_everybody(house: IdentityHouse) -> None:
    response = await house.get("/.well-known/jwks.json")
    [key] = response.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "Ed25519")
    assert "d" not in key
    assert "max-age" in response.headers["cache-control"]
