"""The client on a real socket: where it connects to, what it never follows, what it does not wait for."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chassis.egress.client import EgressClient, EgressFailed, EgressLimits, UrlRefused
from tests.support.receiver import receiving

OK = b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\nX-Told: yes\r\n\r\n"


@asynccontextmanager
async def client(
    *, loopback_allowed: bool = True, timeout_seconds: float = 2
) -> AsyncGenerator[EgressClient]:
    made = EgressClient(EgressLimits(timeout_seconds, 1_024, 4, loopback_allowed))
    try:
        yield made
    finally:
        await made.close()


async def test_an_answer_is_its_status_and_headers() -> None:
    async with receiving(OK) as receiver, client() as sender:
        answer = await sender.post(receiver.url, b"{}", {"webhook-id": "1"})
        again = await sender.post(receiver.url, b"{}", {})
    assert (answer.status, answer.headers["x-told"], again.status) == (204, "yes", 204)
    assert receiver.got[0].headers["webhook-id"] == "1"
    assert "cookie" not in receiver.got[1].headers, "no cookie is kept"


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with receiving(OK) as inside:
        lead = f"HTTP/1.1 307 Elsewhere\r\nLocation: {inside.url}\r\nContent-Length: 0\r\n\r\n".encode()
        async with receiving(lead) as outside, client() as sender:
            assert (await sender.post(outside.url, b"{}", {})).status == 307
        assert inside.got == []


async def test_loopback_is_refused_where_it_is_not_opened() -> None:
    async with receiving(OK) as receiver, client(loopback_allowed=False) as sender:
        for url in (receiver.url, f"https://127.0.0.1:{receiver.port}/", f"https://[::1]:{receiver.port}/"):
            with pytest.raises(UrlRefused):
                await sender.post(url, b"{}", {})
        assert receiver.got == []


def _resolving(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> None:
    """The system's answers to the loop's questions, one after the other."""
    left = list(rounds)

    async def getaddrinfo(_: object, host: str, port: int, **more: Any) -> list[Any]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", getaddrinfo)


async def test_a_name_of_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(OK) as receiver, client(loopback_allowed=False) as sender:
        _resolving(monkeypatch, ["127.0.0.1", "10.0.0.1"])
        with pytest.raises(EgressFailed, match="no public address"):
            await sender.post(f"https://rebinding.example:{receiver.port}/", b"{}", {})
        assert receiver.got == []


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name is asked for once: what it stands for a moment later changes nothing."""
    connected: list[str] = []
    async with client(loopback_allowed=False, timeout_seconds=0.3) as sender:
        opened = sender._socket  # pyright: ignore[reportPrivateUsage]

        def noted(address: Any) -> socket.socket:
            connected.append(address[4][0])
            return opened(address)

        monkeypatch.setattr(sender, "_socket", noted)
        _resolving(monkeypatch, ["203.0.114.9"], ["127.0.0.1"])
        with pytest.raises(EgressFailed):
            await sender.post("https://rebinding.example:8443/", b"{}", {})
    assert connected == ["203.0.114.9"]


async def test_a_resolver_that_lets_a_private_address_through_is_stopped_at_the_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving(OK) as receiver, client(loopback_allowed=False) as sender:
        monkeypatch.setattr(sender._resolver, "_loopback_allowed", True)  # pyright: ignore[reportPrivateUsage]
        _resolving(monkeypatch, ["127.0.0.1"])
        with pytest.raises(EgressFailed):
            await sender.post(f"https://rebinding.example:{receiver.port}/", b"{}", {})
        assert receiver.got == []


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async with receiving(silent) as receiver, client(timeout_seconds=0.2) as sender:
        with pytest.raises(EgressFailed, match=r"within 0\.2 seconds"):
            await sender.post(receiver.url, b"{}", {})


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    written = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"400\r\n" + b"a" * 1_024 + b"\r\n")
            await writer.drain()
            written += 1_024
            await asyncio.sleep(0)

    async with receiving(endless) as receiver, client() as sender:
        assert (await sender.post(receiver.url, b"{}", {})).status == 200
    assert written < 50_000_000


@pytest.mark.parametrize(
    "answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"]
)
async def test_what_is_no_answer_is_a_failure(answer: bytes) -> None:
    async with receiving(answer) as receiver, client() as sender:
        with pytest.raises(EgressFailed):
            await sender.post(receiver.url, b"{}", {})


async def test_a_closed_port_and_an_unknown_name_are_failures() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with client() as sender:
        with pytest.raises(EgressFailed, match="no connection"):
            await sender.post(f"http://127.0.0.1:{port}/", b"{}", {})
        with pytest.raises(EgressFailed, match=r"not known|connection"):
            await sender.post("https://does-not-exist.invalid/", b"{}", {})
