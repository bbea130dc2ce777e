"""What the gateway reads of a request's headers, and which of them go on to a service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.types import Scope

from chassis.client_address import ADDRESS_HEADER, VOUCHER_HEADER
from chassis.problems import UNAUTHENTICATED, Problem

STRIPPED = frozenset(
    {
        b"authorization",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"forwarded",
        b"x-real-ip",
    }
)
VOUCHER, ADDRESS = VOUCHER_HEADER.encode(), ADDRESS_HEADER.encode()
VOUCHED = frozenset({VOUCHER, ADDRESS})
"""The gateway's own word to identity: a client's is dropped."""


@dataclass(slots=True)
class RequestHeaders:
    """What the gateway acts on, and `kept`: the headers that go on to the service."""

    host: bytes = b""
    authorization: bytes = b""
    declared_bytes: int = 0
    forwarded: bool = False
    forwarded_for: list[bytes] = field(default_factory=list[bytes])
    kept: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> RequestHeaders:
    request = RequestHeaders()
    for header in headers:
        name, value = header
        if name == b"authorization":
            request.authorization = value
        elif name in VOUCHED:
            continue
        elif name in STRIPPED:
            request.forwarded = True
            if name == b"x-forwarded-for":
                request.forwarded_for.append(value)
        else:
            if name == b"host":
                request.host = value
            elif name == b"content-length" and value.isdigit():
                request.declared_bytes = int(value)
            request.kept.append(header)
    return request


def address_of(scope: Scope) -> str:
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else "unknown"


def bearer_of(authorization: bytes) -> bytes:
    if authorization[:7].lower() != b"bearer ":
        raise Problem(
            UNAUTHENTICATED,
            {"reason": "the Authorization header is no bearer token"},
            {"WWW-Authenticate": 'Bearer realm="guildhall"'},
        )
    return authorization[7:].strip()


def host_name(host: bytes) -> bytes:
    """The host without its port, lower case."""
    if host.startswith(b"["):
        return host.split(b"]", 1)[0].lower() + b"]"
    return host.split(b":", 1)[0].lower()
