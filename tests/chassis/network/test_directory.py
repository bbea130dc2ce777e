"""Addresses are found anew, and looked at: what does not answer is out, what answers again is back in."""

import socket
from typing import Any

import pytest

from chassis.network.directory import Directory
from chassis.network.endpoints import Endpoint, Standing


async def _ready(_: Endpoint) -> Standing:
    return Standing.READY


def _directory(origin: str, looks: dict[str, Standing] | None = None) -> Directory:
    async def look(endpoint: Endpoint) -> Standing:
        return (looks or {}).get(endpoint.origin, Standing.READY)

    return Directory({"market": [origin]}, look, resolve_seconds=3_600, probe_seconds=3_600)


def _origins(directory: Directory) -> list[str]:
    return [endpoint.origin for endpoint in directory.of("market").all]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to; a name without addresses is not found."""
    known: dict[str, list[str]] = {}

    def found(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if not known.get(host):
            raise socket.gaierror("no such name")
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return known


async def test_a_name_of_several_addresses_means_all_of_them(names: dict[str, list[str]]) -> None:
    names["market"] = ["10.0.0.2", "10.0.0.1", "10.0.0.2"]
    directory = _directory("http://market:8000")
    await directory.resolve()
    assert _origins(directory) == ["http://10.0.0.1:8000", "http://10.0.0.2:8000"]


async def test_a_replica_that_was_added_is_found_and_one_that_was_taken_away_is_gone(
    names: dict[str, list[str]],
) -> None:
    names["market"] = ["10.0.0.1"]
    directory = _directory("http://market:8000")
    await directory.resolve()
    names["market"] = ["10.0.0.2", "10.0.0.3"]
    await directory.resolve()
    assert _origins(directory) == ["http://10.0.0.2:8000", "http://10.0.0.3:8000"]


async def test_while_a_name_is_not_found_the_addresses_stay(names: dict[str, list[str]]) -> None:
    names["market"] = ["10.0.0.1"]
    directory = _directory("http://market:8000")
    await directory.resolve()
    names.clear()
    await directory.resolve()
    assert _origins(directory) == ["http://10.0.0.1:8000"]


async def test_an_ipv6_address_is_written_in_brackets() -> None:
    directory = _directory("http://[::1]:8000")
    await directory.resolve()
    assert _origins(directory) == ["http://[::1]:8000"]


@pytest.mark.parametrize("standing", [Standing.UNREADY, Standing.DOWN])
async def test_what_is_not_ready_is_taken_out_and_back_in(standing: Standing) -> None:
    looks = {"http://127.0.0.1:1": standing}
    directory = _directory("http://127.0.0.1:1", looks)
    await directory.resolve()
    await directory.probe()
    assert directory.of("market").all[0].standing == standing
    looks.clear()
    await directory.probe()
    assert directory.of("market").all[0].standing == Standing.READY
