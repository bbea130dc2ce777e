"""Figures are told to the networks of the setting alone, and never through a proxy."""

import pytest
from starlette.requests import Request

from chassis.address_ranges import read_networks
from chassis.settings import METRICS_NETWORKS
from chassis.telemetry.metrics import metrics


async def _status(address: str | None, networks: str, *headers: tuple[bytes, bytes]) -> int:
    client = (address, 1) if address is not None else None
    scope = {"type": "http", "method": "GET", "path": "/metrics", "headers": list(headers), "client": client}
    return (await metrics(Request(scope), read_networks(networks))).status_code


@pytest.mark.parametrize(
    ("address", "networks", "status"),
    [
        ("127.0.0.1", METRICS_NETWORKS, 200),
        ("::1", METRICS_NETWORKS, 200),
        ("::ffff:127.0.0.1", METRICS_NETWORKS, 200),
        ("10.1.2.3", METRICS_NETWORKS, 404),
        ("10.1.2.3", "10.0.0.0/8", 200),
        ("127.0.0.1", "10.0.0.0/8", 404),
        ("127.0.0.1", "", 404),
        ("unknown", METRICS_NETWORKS, 404),
        (None, METRICS_NETWORKS, 404),
    ],
)
async def test_who_is_told(address: str | None, networks: str, status: int) -> None:
    assert await _status(address, networks) == status


@pytest.mark.parametrize("name", [b"forwarded", b"x-forwarded-for", b"x-real-ip"])
async def test_what_came_through_a_proxy_is_not_told(name: bytes) -> None:
    assert await _status("127.0.0.1", METRICS_NETWORKS, (name, b"127.0.0.1")) == 404
