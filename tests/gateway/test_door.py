"""Host names, headers, bodies and failures at the door; every refusal is a problem."""

import httpx
import pytest

from chassis.clock import ManualClock
from tests.gateway.door import PUBLIC_URL, Door, make_door

PATH = "/v1/unions/x/offers"


def refused(answer: httpx.Response, status: int, slug: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{slug}"
    assert answer.json()["status"] == status


async def test_a_host_that_is_not_ours_is_misdirected(door: Door) -> None:
    answer = await door.client(host="evil.example").get(PATH)
    refused(answer, 421, "wrong-host")
    assert PUBLIC_URL in answer.json()["detail"]
    assert door.service.asked == []


@pytest.mark.parametrize(
    "host", ["guild.example", "GUILD.example:8443", "localhost:9", "127.0.0.1", "[::1]:80"]
)
async def test_our_names_are_served_on_any_port(door: Door, host: str) -> None:
    answer = await door.client().get(PATH, headers={"host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["", "guild.example.evil.org", "evil@guild.example", "[::2]"])
async def test_names_that_only_look_like_ours_are_not_served(door: Door, host: str) -> None:
    refused(await door.client().get(PATH, headers={"host": host}), 421, "wrong-host")


async def test_headers_that_name_somebody_are_stripped(door: Door) -> None:
    headers = {
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil.example",
        "forwarded": "for=10.0.0.1",
        "x-real-ip": "10.0.0.1",
        "accept": "application/json",
    }
    await door.client().get(PATH, headers=headers)
    sent = {name for name, _ in door.service.asked[-1]["headers"]}
    assert not sent & {name.encode() for name in headers if name != "accept"}
    assert b"accept" in sent


async def test_the_members_token_does_not_go_on(door: Door) -> None:
    await door.client().get(PATH, headers={"authorization": "Bearer good"})
    [sent] = door.service.header(b"authorization")
    assert sent.startswith(b"Bearer market.") and sent.endswith(b".1")


async def test_no_state_of_the_server_goes_on(door: Door) -> None:
    await door.client().get(PATH)
    assert door.service.asked[-1]["state"] == {}


async def test_a_declared_body_over_the_limit_is_refused_before_it_is_read(clock: ManualClock) -> None:
    door = make_door(clock, request_body_max_bytes=10)
    refused(await door.client().post(PATH, content=b"x" * 11), 413, "body-too-large")
    assert door.service.asked == []
    assert (await door.client().post(PATH, content=b"x" * 10)).status_code == 200


async def test_security_headers_are_on_every_answer(door: Door) -> None:
    client = door.client()
    for answer in (await client.get(PATH), await client.get(PATH, headers={"host": "evil"})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers


async def test_https_is_demanded_where_it_is_offered(clock: ManualClock) -> None:
    door = make_door(clock, public_url="https://guild.example")
    assert "max-age" in (await door.client().get(PATH)).headers["strict-transport-security"]


async def test_what_says_nothing_of_caches_is_kept_by_none(door: Door) -> None:
    assert (await door.client().get(PATH)).headers["cache-control"] == "no-store"


async def test_what_a_service_says_of_caches_stands(door: Door) -> None:
    door.service.answer_headers = [(b"cache-control", b"public, max-age=60")]
    assert (await door.client().get(PATH)).headers.get_list("cache-control") == ["public, max-age=60"]


async def test_a_broken_service_is_a_500_that_tells_nothing(door: Door) -> None:
    door.service.fails = True
    answer = await door.client().get(PATH)
    refused(answer, 500, "internal-error")
    assert "broken" not in answer.text


async def test_a_service_that_is_not_here_is_not_found(door: Door) -> None:
    refused(await door.client().get("/v1/unions/x/journal"), 404, "not-found")


async def test_identity_is_told_whose_request_it_is_and_no_client_tells_it(door: Door) -> None:
    forged = {"guildhall-gateway": "forged", "guildhall-client-address": "10.9.9.9"}
    await door.client("198.51.100.7").post("/v1/auth/nonces", headers=forged)
    assert door.service.header(b"guildhall-gateway") == [b"gateway to identity"]
    assert door.service.header(b"guildhall-client-address") == [b"198.51.100.7"]
    await door.client("2001:db8:1:2::3").post("/v1/auth/nonces")
    assert door.service.header(b"guildhall-client-address") == [b"2001:db8:1:2::/64"]


async def test_a_direct_client_on_this_machine_has_no_address_to_count(door: Door) -> None:
    await door.client("127.0.0.1").post("/v1/auth/nonces")
    assert door.service.header(b"guildhall-gateway") == [b"gateway to identity"]
    assert door.service.header(b"guildhall-client-address") == []


async def test_other_services_are_told_nothing_of_it(door: Door) -> None:
    await door.client("198.51.100.7").get(PATH, headers={"guildhall-client-address": "10.9.9.9"})
    assert door.service.header(b"guildhall-gateway") == []
    assert door.service.header(b"guildhall-client-address") == []
