"""Notices by push: sealed for one browser, where somebody is signed in, and nowhere else."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.services.identity.notices.conftest import Telling
from tests.services.identity.recovery.lost import (
    GUARDIANS,
    RECOVERIES,
    Asker,
    handle_of,
    pass_delay,
    sign_in_again,
)
from tests.support.browser_push import PushBrowser, padded, unpadded
from tests.support.receiver import answer, receiving


def read_token(authorization: str, public_key: str) -> dict[str, Any]:
    """The claims of a token that is signed by this key (RFC 8292)."""
    fields = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    assert fields["k"] == public_key
    head, claims, signature = fields["t"].split(".")
    signed = padded(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(public_key))
    halves = int.from_bytes(signed[:32]), int.from_bytes(signed[32:])
    key.verify(encode_dss_signature(*halves), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(padded(claims))


def test_the_browser_of_the_tests_reads_the_example_of_the_standard() -> None:
    """RFC 8291, section 5 and appendix A."""
    private = int.from_bytes(padded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    browser = PushBrowser(ec.derive_private_key(private, ec.SECP256R1()), padded("BTBZMqHH6r4Tts7J_aSIgg"))
    sealed = urlsafe_b64decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.read(sealed) == b"When I grow up, I want to be a watermelon"


async def test_a_browser_is_told_what_it_alone_can_read(telling: Telling) -> None:
    async with receiving(answer(201)) as service:
        await telling.subscribe(service.url)
        await telling.happens()
        assert await telling.gathered() == 1
    (got,) = service.got
    told = telling.browser.told(got.body)
    assert (told["title"], told["tag"]) == ("Guild of Heralds", "notices")
    assert "bids for your gig" in told["text"] and told["url"].startswith("https://guild.example/unions/")
    assert got.headers["content-encoding"] == "aes128gcm" and int(got.headers["ttl"]) == 86_400
    claims = read_token(got.headers["authorization"], (await telling.channels())["push_key"])
    assert claims["sub"] == "mailto:operator@guild.example"
    assert claims["aud"] == "http://127.0.0.1"
    shown = (await telling.channels())["push"]
    assert [(one["is_this"], one["fault"], one["told_at"] is None) for one in shown] == [(True, None, False)]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(telling: Telling, status: int) -> None:
    async with receiving(answer(status)) as service:
        await telling.subscribe(service.url)
        await telling.happens()
        await telling.gathered()
    assert (await telling.channels())["push"] == []


async def test_a_service_that_fails_is_tried_again(telling: Telling) -> None:
    async with receiving(answer(503), answer(201)) as service:
        await telling.subscribe(service.url)
        await telling.happens()
        await telling.gathered()
        assert (await telling.channels())["push"][0]["fault"] == "the push service answered 503"
        assert await telling.send_due(telling.house.settings.notice_gather * 2) == 1
    assert len(service.got) == 2
    assert (await telling.channels())["push"][0]["fault"] is None


async def test_where_nobody_is_signed_in_any_more_nobody_is_told(telling: Telling) -> None:
    async with receiving(answer(201)) as service:
        await telling.subscribe(service.url)
        ended = await telling.member.ask("DELETE", "/v1/auth/sessions/current")
        assert ended.status_code == 204, ended.text
        await telling.happens()
        assert await telling.gathered() == 0
    assert service.got == []
    assert await telling.house.rows("SELECT 1 FROM notice_addresses") == []


async def test_the_same_browser_tells_the_next_member_alone(telling: Telling) -> None:
    async with receiving(answer(201)) as service:
        await telling.subscribe(service.url)
        other = await telling.house.member()
        put = await other.act("PUT", "/v1/me/push-subscription", telling.browser.subscription(service.url))
        assert put.status_code == 204
        await telling.happens()
        assert await telling.gathered() == 0
    assert (await telling.channels())["push"] == []


async def test_a_subscription_is_ended_and_repeated(telling: Telling) -> None:
    async with receiving(answer(201)) as service:
        for _ in range(2):
            await telling.subscribe(service.url)
        assert len((await telling.channels())["push"]) == 1
        for _ in range(2):
            assert (await telling.member.act("DELETE", "/v1/me/push-subscription")).status_code == 204
        await telling.happens()
        assert await telling.gathered() == 0


@pytest.mark.parametrize(
    ("changed", "status", "problem"),
    [
        ({"endpoint": "http://push.example/x"}, 400, "push-url-refused"),
        ({"endpoint": "https://10.0.0.1/x"}, 400, "push-url-refused"),
        ({"endpoint": "https://push.example/" + "x" * 2_000}, 400, "push-url-refused"),
        ({"keys": {"p256dh": unpadded(b"\4" + b"\1" * 64), "auth": unpadded(b"1" * 16)}}, 422, None),
        ({"keys": {"p256dh": "AAAA", "auth": unpadded(b"1" * 16)}}, 422, None),
        ({"keys": {"p256dh": "not base64!", "auth": unpadded(b"1" * 15)}}, 422, None),
    ],
)
async def test_what_no_browser_says_is_refused(
    telling: Telling, changed: dict[str, Any], status: int, problem: str | None
) -> None:
    body = telling.browser.subscription("https://push.example/x") | changed
    put = await telling.member.act("PUT", "/v1/me/push-subscription", body)
    assert put.status_code == status, put.text
    assert problem is None or put.json()["type"].endswith(f"/{problem}")
    assert (await telling.channels())["push"] == []


async def test_where_a_lock_has_just_ended_the_session_its_member_is_told_all_the_same(
    telling: Telling,
) -> None:
    house, member = telling.house, telling.member
    guardians = [await house.member() for _ in range(2)]
    named = {"guardians": [handle_of(each) for each in guardians], "threshold": 2}
    await member.act("PUT", GUARDIANS, named)
    await pass_delay(house)
    await sign_in_again(member, *guardians)
    async with receiving(answer(201), answer(201)) as service:
        await telling.subscribe(service.url)
        tag = (await member.ask("GET", "/v1/me/notice-choice")).headers["etag"]
        choice = {"language": "en", "zone": "UTC", "digest_at": "07:00"}
        chosen = await member.ask("PUT", "/v1/me/notice-choice", choice, **{"if-match": tag})
        assert chosen.status_code == 200, chosen.text
        recovery = await Asker(house).begin(handle_of(member))
        assert await telling.send_due() == 1, "at once, whatever they chose"
        for guardian in guardians:
            await guardian.act("PUT", f"{RECOVERIES}/{recovery['id']}/vote", {"approves": True})
        assert await telling.send_due() == 1
    told = [telling.browser.told(got.body) for got in service.got]
    assert told[0]["title"] == "Your account"
    assert "locked your account" in told[1]["text"]
    assert told[1]["url"] == "https://guild.example/me"
