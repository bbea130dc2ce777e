"""Identity's keys are fetched once in ten seconds at most, and what was known stays known in an outage."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chassis.auth.jwks_client import JwksClient, KeysUnavailable
from chassis.clock import ManualClock
from tests.chassis.auth.tokens import IDENTITY_KEY, MARKET_KEY, NOW, STRANGER_KEY


class Identity:
    """A JWK set that may be down."""

    def __init__(self) -> None:
        self.fetches_count = 0
        self.is_down = False
        self.keys: Any = [IDENTITY_KEY.jwk()]

    async def jwk_set(self) -> Mapping[str, Any]:
        self.fetches_count += 1
        await asyncio.sleep(0)
        if self.is_down:
            raise OSError("down")
        return {"keys": self.keys}


def joined() -> tuple[Identity, ManualClock, JwksClient]:
    identity, clock = Identity(), ManualClock(NOW)
    return identity, clock, JwksClient(identity.jwk_set, clock)


async def test_a_known_key_is_fetched_once() -> None:
    identity, _, client = joined()
    found = await asyncio.gather(*(client.key(IDENTITY_KEY.key_id) for _ in range(20)))
    assert all(key is not None and key.key_id == IDENTITY_KEY.key_id for key in found)
    assert identity.fetches_count == 1


async def test_unknown_keys_are_asked_for_once_in_ten_seconds() -> None:
    identity, clock, client = joined()
    await client.key(IDENTITY_KEY.key_id)
    for number in range(50):
        assert await client.key(f"unknown-{number}") is None
    assert identity.fetches_count == 1
    clock.advance(timedelta(seconds=10))
    for number in range(50):
        assert await client.key(f"unknown-{number}") is None
    assert identity.fetches_count == 2


async def test_a_new_key_is_found_after_the_pause() -> None:
    identity, clock, client = joined()
    await client.key(IDENTITY_KEY.key_id)
    identity.keys = [IDENTITY_KEY.jwk(), STRANGER_KEY.jwk()]
    assert await client.key(STRANGER_KEY.key_id) is None
    clock.advance(timedelta(seconds=10))
    assert await client.key(STRANGER_KEY.key_id) is not None


async def test_a_withdrawn_key_goes_within_five_minutes() -> None:
    identity, clock, client = joined()
    await client.key(IDENTITY_KEY.key_id)
    identity.keys = [STRANGER_KEY.jwk()]
    clock.advance(timedelta(seconds=299))
    assert await client.key(IDENTITY_KEY.key_id) is not None
    clock.advance(timedelta(seconds=1))
    assert await client.key(IDENTITY_KEY.key_id) is None


async def test_in_an_outage_known_keys_stay_and_unknown_ones_are_not_called_unknown() -> None:
    identity, clock, client = joined()
    await client.key(IDENTITY_KEY.key_id)
    identity.is_down = True
    clock.advance(timedelta(minutes=10))
    assert await client.key(IDENTITY_KEY.key_id) is not None
    with pytest.raises(KeysUnavailable):
        await client.key(STRANGER_KEY.key_id)
    assert identity.fetches_count == 2
    identity.is_down = False
    clock.advance(timedelta(seconds=10))
    assert await client.key(STRANGER_KEY.key_id) is None


@pytest.mark.parametrize("keys", [None, "x", [{}] * 65])
async def test_an_answer_that_is_no_key_set_counts_as_an_outage(keys: object) -> None:
    identity, _, client = joined()
    identity.keys = keys
    with pytest.raises(KeysUnavailable):
        await client.key(IDENTITY_KEY.key_id)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"crv": "Ed448"},
        {"crv": "X25519"},
        {"alg": "HS256"},
        {"use": "enc"},
        {"d": "c2VjcmV0"},
        {"x": "short"},
        {"x": None},
        {"kid": "another"},
        {"kid": MARKET_KEY.key_id},
    ],
)
async def test_keys_of_another_kind_are_left_out(spoilt: dict[str, Any]) -> None:
    identity, _, client = joined()
    identity.keys = [{**IDENTITY_KEY.jwk(), **spoilt}, STRANGER_KEY.jwk(), 7]
    assert await client.key(IDENTITY_KEY.key_id) is None
    assert await client.key(str(spoilt.get("kid"))) is None
    assert await client.key(STRANGER_KEY.key_id) is not None
