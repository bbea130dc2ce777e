"""A member's token becomes one for one service: once a minute, once for many, never when it is refused."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from chassis.clock import ManualClock
from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from tests.gateway.door import Door, make_door, session_of

PATH = "/v1/unions/x/offers"


async def ask(door: Door, token: str = "good", path: str = PATH) -> httpx.Response:
    return await door.client().get(path, headers={"authorization": f"Bearer {token}"})


async def test_a_token_is_exchanged_once_for_a_service(door: Door) -> None:
    for path in (PATH, PATH, "/v1/me", "/v1/me"):
        assert (await ask(door, path=path)).status_code == 200
    assert door.identity.asked == [("good", "market"), ("good", "identity")]


async def test_requests_at_once_wait_for_one_exchange(door: Door) -> None:
    answers = await asyncio.gather(*(ask(door) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(door.identity.asked) == 1


async def test_a_token_is_exchanged_anew_before_the_old_one_ends(door: Door) -> None:
    await ask(door)
    door.clock.advance(timedelta(seconds=49))
    await ask(door)
    assert len(door.identity.asked) == 1
    door.clock.advance(timedelta(seconds=1))
    await ask(door)
    assert len(door.identity.asked) == 2
    assert door.service.header(b"authorization")[0].endswith(b".2")


async def test_a_refused_token_is_a_401_with_a_challenge(door: Door) -> None:
    answer = await ask(door, "bad")
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert "the session has ended" in answer.json()["detail"]
    assert door.service.asked == []


async def test_a_refusal_is_kept_for_some_seconds(door: Door) -> None:
    for _ in range(3):
        await ask(door, "bad")
    assert len(door.identity.asked) == 1
    door.clock.advance(timedelta(seconds=10))
    await ask(door, "bad")
    assert len(door.identity.asked) == 2


async def test_many_bad_tokens_push_no_good_one_out(clock: ManualClock) -> None:
    door = make_door(clock, exchange_cache_max_count=2)
    await ask(door)
    for number in range(10):
        await ask(door, f"bad-{number}")
    before = len(door.identity.asked)
    await ask(door)
    assert len(door.identity.asked) == before


async def test_the_cache_is_bounded(clock: ManualClock) -> None:
    door = make_door(clock, exchange_cache_max_count=1)
    for token in ("good", "other", "good"):
        await ask(door, token)
    assert len(door.identity.asked) == 3


async def test_without_identity_a_new_token_waits_and_a_known_one_goes_on(door: Door) -> None:
    await ask(door)
    door.identity.is_away = True
    assert (await ask(door)).status_code == 200
    answer = await ask(door, "other")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    door.identity.is_away = False
    assert (await ask(door, "other")).status_code == 200


@pytest.mark.parametrize("header", ["Basic Zm9vOmJhcg==", "good", "bearer"])
async def test_what_is_no_bearer_token_is_a_401(door: Door, header: str) -> None:
    answer = await door.client().get(PATH, headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert door.identity.asked == []


async def test_an_ended_session_is_refused_at_once_whatever_identity_says(door: Door) -> None:
    assert (await ask(door)).status_code == 200
    door.identity.is_away = True
    _end(door, RevocationKind.SESSION, str(session_of("good")))
    answer = await ask(door)
    assert (answer.status_code, answer.json()["reason"]) == (401, "the session has ended")
    assert len(door.service.asked) == 1


async def test_the_sessions_of_a_revoked_device_key_are_refused_at_once(door: Door) -> None:
    assert (await ask(door, "other")).status_code == 200
    _end(door, RevocationKind.DEVICE_KEY, "device of other")
    assert (await ask(door, "other")).status_code == 401
    assert (await ask(door)).status_code == 200


def _end(door: Door, kind: RevocationKind, subject: str) -> None:
    until = door.clock.now() + timedelta(minutes=11)
    entry = Revocation(1, kind, subject, UUID(int=1), until)
    door.revocations.view.take(RevocationPage((entry,), 1, 1, 0), time.monotonic())
