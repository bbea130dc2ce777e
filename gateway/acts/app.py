"""Asks every service for what a device signed to it, and identity for what certified the device."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.asgi_call import CollectedAnswer
from chassis.pages import cursor_fields, decode_cursor, encode_cursor
from chassis.problems import LIMIT_INVALID, METHOD_NOT_ALLOWED, NOT_FOUND, UNAVAILABLE, Problem
from gateway.acts.merging import merge
from gateway.gathering import TokenOf, ask, refusal
from gateway.routing import IDENTITY, device_acts_of

READING = frozenset({"GET", "HEAD"})
PAGE_ROWS, PAGE_ROWS_MAX = 50, 100
FORMAT = 1
"""Of the file of an act; `guildhall verify` reads it."""


class DeviceActs:
    """`/v1/me/devices/{device}/acts`, and one act below it."""

    def __init__(self, services: Mapping[str, ASGIApp], wait_seconds: float) -> None:
        self._services = services
        self._wait_seconds = wait_seconds

    async def answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: Sequence[tuple[bytes, bytes]],
        token_of: TokenOf,
    ) -> None:
        """For the member of these tokens. Raises Problem 400, 404, 405, 503."""
        if scope["method"] not in READING:
            raise Problem(METHOD_NOT_ALLOWED, {"allowed": "GET"}, {"Allow": "GET, HEAD"})
        asked = device_acts_of(scope["path"])
        assert asked is not None
        device, act = asked
        asking = _Asking(self._services, self._wait_seconds, headers, token_of, device)
        if act is None:
            made = await _listed(asking, scope)
        else:
            made = await _whole(asking, *act)
        await made(scope, receive, send)


class _Asking:
    """Questions about one device."""

    def __init__(
        self,
        services: Mapping[str, ASGIApp],
        wait_seconds: float,
        headers: Sequence[tuple[bytes, bytes]],
        token_of: TokenOf,
        device: str,
    ) -> None:
        self.services = services
        self._wait_seconds = wait_seconds
        self._headers = headers
        self._token_of = token_of
        self._device = device

    async def acts(self, service: str, below: str) -> CollectedAnswer | None:
        return await self._ask(service, f"/internal/me/devices/{self._device}/acts{below}")

    async def certificates(self, **wanted: object) -> CollectedAnswer | None:
        """Identity's, which says too whether the device is the member's."""
        return await self._ask(
            IDENTITY, f"/v1/me/devices/{self._device}/certificates?{urlencode({'limit': 1, **wanted})}"
        )

    async def _ask(self, service: str, path: str) -> CollectedAnswer | None:
        return await ask(self.services, service, path, self._headers, self._token_of, self._wait_seconds)


async def _listed(asking: _Asking, scope: Scope) -> Response:
    limit, cursor = _wanted(scope)
    query = urlencode({"limit": limit} | ({} if cursor is None else {"cursor": cursor}))
    own, *answers = await asyncio.gather(
        asking.certificates(), *(asking.acts(service, f"?{query}") for service in asking.services)
    )
    refused = refusal(own)
    if refused is not None:
        return refused
    answered = {
        service: orjson.loads(answer.content)
        for service, answer in zip(asking.services, answers, strict=True)
        if answer is not None and answer.status_code == 200
    }
    rows, last = merge(answered, limit)
    following = None if last is None else encode_cursor(last)
    made = JSONResponse(
        {"items": rows, "next_cursor": following, "missing": sorted(asking.services.keys() - answered)}
    )
    if following is not None:
        query = urlencode({"cursor": following, "limit": limit})
        made.headers["Link"] = f'<{scope["path"]}?{query}>; rel="next"'
    return made


def _wanted(scope: Scope) -> tuple[int, str | None]:
    """Limit and cursor as they were sent. Raises Problem 400."""
    sent = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    said = sent.get("limit", [str(PAGE_ROWS)])[-1]
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= PAGE_ROWS_MAX and len(said) < 9):
        raise Problem(LIMIT_INVALID, {"limit_max": PAGE_ROWS_MAX})
    cursor = sent.get("cursor", [None])[-1]
    if cursor is not None:
        cursor_fields(decode_cursor(cursor), int, str)
    return int(said), cursor


async def _whole(asking: _Asking, service: str, nonce: str) -> Response:
    """The act with what certified its device by then, for `guildhall verify`."""
    if service not in asking.services:
        raise Problem(NOT_FOUND)
    kept = await asking.acts(service, f"/{nonce}")
    refused = refusal(kept)
    if refused is not None:
        return refused
    act = _body(kept)
    certificates = await asking.certificates(until=act["stored_at"])
    refused = refusal(certificates)
    if refused is not None:
        return refused
    items = _body(certificates)["items"]
    file = {"kind": "act", "format": FORMAT, "act": act, "certificate": items[0] if items else None}
    name = f"act-{nonce}.json"
    return JSONResponse(file, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _body(answer: CollectedAnswer | None) -> dict[str, Any]:
    if answer is None or answer.status_code != 200:
        raise Problem(UNAVAILABLE, headers={"Retry-After": "1"})
    return orjson.loads(answer.content)
