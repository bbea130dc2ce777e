"""Signing keys one after the other: whatever signs is taken, from before its time until its tokens end."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.auth.key_ring import KeyRing, LaterKey, read_ring, write_ring
from chassis.auth.keys import KeyFileWrong, SigningKey
from tests.chassis.auth.tokens import IDENTITY_KEY, private_key

BEGUN = datetime(2027, 3, 1, 12, tzinfo=UTC)
LIFE = timedelta(minutes=10)
OVERLAP = LIFE + timedelta(minutes=1)
KEYS = [SigningKey.of(private_key(number)) for number in range(20, 28)]


def after(minutes: float) -> datetime:
    return BEGUN + timedelta(minutes=minutes)


def ids(keys: object) -> list[int]:
    assert isinstance(keys, list)
    every = [IDENTITY_KEY, *KEYS]
    return [every.index(key) for key in keys]


@pytest.mark.parametrize(
    ("minutes", "signing", "published"),
    [
        (-1, 0, [0, 1]),
        (0, 1, [0, 1]),
        (10.9, 1, [0, 1]),
        (11, 1, [1]),
    ],
)
def test_the_next_key_is_published_before_it_signs_and_the_last_one_after(
    minutes: float, signing: int, published: list[int]
) -> None:
    ring = KeyRing(IDENTITY_KEY, (LaterKey(KEYS[0], BEGUN),), OVERLAP)
    assert ids([ring.signing(after(minutes))]) == [signing]
    assert ids(ring.published(after(minutes))) == published


def test_a_key_in_wrong_hands_is_withdrawn_with_all_before_it() -> None:
    ring = KeyRing(
        IDENTITY_KEY, (LaterKey(KEYS[0], after(-5)), LaterKey(KEYS[1], BEGUN, at_once=True)), OVERLAP
    )
    assert ids(ring.published(after(-1))) == [0, 1, 2]
    assert ids(ring.published(BEGUN)) == [2]


@given(
    begins=st.lists(st.integers(0, 60), max_size=8),
    signed=st.integers(-5, 90),
    later=st.integers(0, int(LIFE.total_seconds())),
)
def test_a_token_is_taken_for_its_whole_life(begins: list[int], signed: int, later: int) -> None:
    keys = zip(KEYS, sorted(begins), strict=False)
    ring = KeyRing(IDENTITY_KEY, tuple(LaterKey(key, after(begin)) for key, begin in keys), OVERLAP)
    at = after(signed)
    assert ring.signing(at) in ring.published(at + timedelta(seconds=later))
    assert ring.published(after(1_000)) == [ring.signing(after(1_000))]


def test_a_ring_is_read_as_it_was_written() -> None:
    later = [LaterKey(KEYS[1], after(9), at_once=True), LaterKey(KEYS[0], BEGUN)]
    read = read_ring(write_ring(later))
    assert [(one.key.key_id, one.signs_from, one.at_once) for one in read] == [
        (KEYS[0].key_id, BEGUN, False),
        (KEYS[1].key_id, after(9), True),
    ]
    assert read[0].key.secret == KEYS[0].secret


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 2},
        {"keys": None},
        {"keys": [7]},
        {"keys": [{"signs_from": "2027-03-01T12:00:00", "at_once": False, "private_key": "x"}]},
        {"keys": [{"signs_from": "then", "at_once": False, "private_key": "x"}]},
    ],
)
def test_what_is_no_ring_is_refused(changed: dict[str, object]) -> None:
    good = orjson.loads(write_ring([LaterKey(KEYS[0], BEGUN)]))
    with pytest.raises(KeyFileWrong):
        read_ring(orjson.dumps(good | changed))
    for content in (b"{", b"[]", b"null"):
        with pytest.raises(KeyFileWrong):
            read_ring(content)


def test_more_keys_than_a_set_may_have_are_refused() -> None:
    with pytest.raises(KeyFileWrong, match="fewer than 64"):
        read_ring(write_ring([LaterKey(KEYS[0], BEGUN)] * 64))
