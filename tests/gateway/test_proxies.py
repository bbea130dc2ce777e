"""Behind a proxy the real client is counted; nobody else's word about addresses is taken."""

import pytest

from chassis.address_ranges import read_networks
from chassis.clock import ManualClock
from gateway.proxies import client_address
from gateway.settings import GatewaySettings
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from tests.gateway.door import Door, make_door

PATH = "/v1/unions/x/offers"
PROXY, CLIENT, OTHER = "10.0.0.5", "203.0.113.7", "203.0.113.8"
TRUSTED = "10.0.0.0/8, 2001:db8::/32"


@pytest.fixture
def door(clock: ManualClock) -> Door:
    return make_door(clock, trusted_proxies=TRUSTED, requests_per_minute_per_address_max=2)


async def seen(door: Door, peer: str, *forwarded_for: str) -> str:
    headers = [("x-forwarded-for", line) for line in forwarded_for]
    answer = await door.client(peer).get(PATH, headers=headers)
    assert answer.status_code == 200
    return door.service.asked[-1]["client"][0]


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        (PROXY, [CLIENT], CLIENT),
        (PROXY, [f"{OTHER}, {CLIENT}"], CLIENT),
        (PROXY, [OTHER, CLIENT], CLIENT),
        (PROXY, [f"{CLIENT}, 10.1.2.3"], CLIENT),
        (PROXY, [f"{CLIENT}, 2001:db8::9"], CLIENT),
        (PROXY, ["::ffff:203.0.113.7"], CLIENT),
        (PROXY, ["10.1.2.3"], "10.1.2.3"),
        (PROXY, ["unknown"], PROXY),
        (PROXY, [f"{CLIENT}:443"], PROXY),
        (PROXY, [f"{CLIENT}, "], PROXY),
        (PROXY, [], PROXY),
        (OTHER, [CLIENT], OTHER),
        ("127.0.0.1", [CLIENT], "127.0.0.1"),
    ],
)
async def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(
    door: Door, peer: str, lines: list[str], client: str
) -> None:
    assert await seen(door, peer, *lines) == client


async def test_clients_behind_one_proxy_are_counted_apart(door: Door) -> None:
    async def status(client: str) -> int:
        return (await door.client(PROXY).get(PATH, headers={"x-forwarded-for": client})).status_code

    assert [await status(CLIENT) for _ in range(3)] == [200, 200, 429]
    assert await status(OTHER) == 200


async def test_a_direct_client_does_not_escape_by_naming_others(door: Door) -> None:
    answers = [
        await door.client(OTHER).get(PATH, headers={"x-forwarded-for": f"198.51.100.{number}"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_no_proxy_is_trusted_unless_it_is_named(clock: ManualClock) -> None:
    assert await seen(make_door(clock), PROXY, CLIENT) == PROXY


def test_without_proxies_the_peer_is_the_client() -> None:
    assert client_address("nowhere", [b"203.0.113.7"], read_networks(TRUSTED)) == "nowhere"


@pytest.mark.parametrize("networks", ["10.0.0.1/8", "everybody", "10.0.0.0/33"])
def test_a_wrong_network_stops_the_start(networks: str) -> None:
    with pytest.raises(StartRefused, match="GATEWAY_TRUSTED_PROXIES"):
        read_settings(
            GatewaySettings,
            None,
            trusted_proxies=networks,
            bus_url="x",
            service_key_file="x",
            service_keys_file="x",
        )
