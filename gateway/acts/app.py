"""Asks every service for what a device signed to it, and identity for what certified the device."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from chassis.asgi_call import CollectedAnswer
from chassis.device_acts.positions import position_of
from chassis.pages import decode_cursor, encode_cursor
from chassis.problems import LIMIT_INVALID, NOT_FOUND, UNAVAILABLE, Problem
from gateway.acts.merging import merge
from gateway.gathering import Asking, refusal, refuse_writing
from gateway.routing import IDENTITY, device_acts_of

PAGE_ROWS, PAGE_ROWS_MAX = 50, 100
FORMAT = 1
"""Of the file of an act; `guildhall verify` reads it."""


async def answer_device_acts(asking: Asking, scope: Scope) -> Response:
    """`/v1/me/devices/{device}/acts`, and one act below it. Raises Problem 400, 404, 405, 503."""
    refuse_writing(scope)
    asked = device_acts_of(scope["path"])
    assert asked is not None
    device, act = asked
    about = _AboutDevice(asking, device)
    return await _listed(about, scope) if act is None else await _whole(about, *act)


@dataclass(frozen=True, slots=True)
class _AboutDevice:
    """Questions about one device."""

    asking: Asking
    device: str

    async def acts(self, service: str, below: str) -> CollectedAnswer | None:
        return await self.asking.ask(service, f"/internal/me/devices/{self.device}/acts{below}")

    async def certificates(self, **wanted: object) -> CollectedAnswer | None:
        """Identity's, which says too whether the device is the member's."""
        query = urlencode({"limit": 1, **wanted})
        return await self.asking.ask(IDENTITY, f"/v1/me/devices/{self.device}/certificates?{query}")


async def _listed(about: _AboutDevice, scope: Scope) -> Response:
    services = about.asking.services
    limit, cursor = _wanted(scope)
    query = urlencode({"limit": limit} | ({} if cursor is None else {"cursor": cursor}))
    own, *answers = await asyncio.gather(
        about.certificates(), *(about.acts(service, f"?{query}") for service in services)
    )
    refused = refusal(own)
    if refused is not None:
        return refused
    answered = {
        service: orjson.loads(answer.content)
        for service, answer in zip(services, answers, strict=True)
        if answer is not None and answer.status_code == 200
    }
    rows, last = merge(answered, limit)
    following = None if last is None else encode_cursor(last)
    made = JSONResponse(
        {"items": rows, "next_cursor": following, "missing": sorted(services.keys() - answered)}
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
        position_of(decode_cursor(cursor))
    return int(said), cursor


async def _whole(about: _AboutDevice, service: str, nonce: str) -> Response:
    """The act with what certified its device by then, for `guildhall verify`."""
    if service not in about.asking.services:
        raise Problem(NOT_FOUND)
    kept = await about.acts(service, f"/{nonce}")
    refused = refusal(kept)
    if refused is not None:
        return refused
    act = _body(kept)
    certificates = await about.certificates(until=act["stored_at"])
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
