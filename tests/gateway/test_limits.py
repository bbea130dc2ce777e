"""Requests are counted by member, and by address where no good token says whose they are."""

from datetime import timedelta

import pytest

from chassis.clock import ManualClock
from gateway.limits import address_scope
from tests.gateway.door import Door, make_door

PATH = "/v1/unions/x/offers"
ELSEWHERE = "203.0.113.7"


@pytest.fixture
def door(clock: ManualClock) -> Door:
    return make_door(clock, requests_per_minute_per_address_max=3, requests_per_minute_per_member_max=5)


async def statuses(door: Door, count: int, address: str = ELSEWHERE, **headers: str) -> list[int]:
    return [(await door.client(address).get(PATH, headers=headers)).status_code for _ in range(count)]


async def test_an_address_is_limited_and_told_when_to_come_back(door: Door) -> None:
    assert await statuses(door, 3) == [200] * 3
    door.clock.advance(timedelta(seconds=20))
    answer = await door.client(ELSEWHERE).get(PATH)
    assert answer.status_code == 429
    assert answer.json()["type"] == "/problems/too-many-requests"
    assert answer.json()["limit_per_minute"] == 3
    assert answer.headers["retry-after"] == "40"
    door.clock.advance(timedelta(seconds=40))
    assert await statuses(door, 1) == [200]


async def test_every_answer_says_what_is_left(door: Door) -> None:
    door.clock.advance(timedelta(seconds=15))
    answer = await door.client(ELSEWHERE).get(PATH)
    assert answer.headers["ratelimit"] == '"minute";r=2;t=45'


async def test_addresses_are_counted_apart(door: Door) -> None:
    assert await statuses(door, 4) == [200, 200, 200, 429]
    assert await statuses(door, 1, "203.0.113.8") == [200]


async def test_the_addresses_of_one_ipv6_network_count_together(door: Door) -> None:
    assert await statuses(door, 2, "2001:db8:1:2::1") == [200, 200]
    assert await statuses(door, 2, "2001:db8:1:2:ffff::9") == [200, 429]
    assert await statuses(door, 1, "2001:db8:1:3::1") == [200]


def test_an_ipv4_address_in_ipv6_clothes_is_itself() -> None:
    assert address_scope("::ffff:203.0.113.7") == address_scope("203.0.113.7")
    assert address_scope("no address") == "unknown"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_direct_clients_on_this_machine_are_left_out(door: Door, address: str) -> None:
    assert await statuses(door, 5, address) == [200] * 5


async def test_what_a_proxy_on_this_machine_forwards_is_counted(door: Door) -> None:
    forwarded = {"x-forwarded-for": "203.0.113.7"}
    assert await statuses(door, 4, "127.0.0.1", **forwarded) == [200, 200, 200, 429]


async def test_loopback_is_counted_where_the_setting_says_so(clock: ManualClock) -> None:
    door = make_door(clock, requests_per_minute_per_address_max=1, limit_direct_loopback=True)
    assert await statuses(door, 2, "127.0.0.1") == [200, 429]


async def test_a_member_is_limited_by_all_their_tokens_together_at_every_address(door: Door) -> None:
    door.identity.tokens["second"] = "member-1"
    assert await statuses(door, 3, authorization="Bearer good") == [200] * 3
    assert await statuses(door, 3, "203.0.113.9", authorization="Bearer second") == [200, 200, 429]
    assert await statuses(door, 1, authorization="Bearer other") == [200]


async def test_guessing_tokens_is_limited_by_address_before_identity_is_asked(door: Door) -> None:
    guesses = [(await statuses(door, 1, authorization=f"Bearer guess-{number}"))[0] for number in range(5)]
    assert guesses == [401, 401, 401, 429, 429]
    assert len(door.identity.asked) == 3


async def test_a_full_window_counts_newcomers_together(clock: ManualClock) -> None:
    door = make_door(clock, requests_per_minute_per_address_max=2, limited_scopes_max_count=1)
    assert await statuses(door, 1, "203.0.113.1") == [200]
    crowd = [(await statuses(door, 1, f"203.0.113.{number}"))[0] for number in range(2, 5)]
    assert crowd == [200, 200, 429]
    assert await statuses(door, 1, "203.0.113.1") == [200]
