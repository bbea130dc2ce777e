"""What no client should send, to every operation: refused as a problem, never a failure."""

import asyncio
import re
from typing import Any

import pytest

from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

DEPLOYMENT_SETTINGS = {"gateway": {"requests_per_minute_per_member_max": 1_000_000}}
IN_A_PATH = ["%00", "%ff%fe", "a%00b", "%F0%9F%92%A9", "-1", "9" * 40, "x" * 4_000, "..%2f..", "%27--", "%0a"]
QUERIES = [
    "limit=0",
    "limit=99999999999999999999",
    "limit=-1",
    "cursor=x",
    "cursor=%00",
    "cursor=" + "A" * 600,
    "cursor=WyJ4Il0",
    "cursor=WzFd",
    "cursor=WzksOSw5XQ",
    "cursor=WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDBd",
    "search=%00&leader=%00&state=%00&version=99999999999999999999",
    "%ff=%ff&limit=%ff",
]
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"[" * 5_000),
    ("application/json", b"null"),
    ("application/json", b'{"a": 1e999999}'),
    ("application/json", b'{"name": "\\ud800", "purpose": "\\u0000"}'),
    ("application/json", b'{"a": ' + b"9" * 5_000 + b"}"),
    ("text/plain", b"hello"),
    ("application/x-www-form-urlencoded", b"a=b"),
    ("multipart/form-data", b"no boundary"),
    ("application/json; charset=utf-16", b"{}"),
    ("\xff", b"{}"),
]


@pytest.fixture(scope="module")
async def founder(deployment: WholeDeployment) -> Persona:
    founder = await deployment.persona("founder")
    body = {"name": "Testers", "purpose": "We test.", "slug": "testers"}
    assert (await founder.act("POST", "/v1/unions", body)).status_code == 201
    return founder


@pytest.fixture(scope="module")
async def document(deployment: WholeDeployment) -> dict[str, Any]:
    return (await deployment.http.get("/openapi.json")).json()


async def ask(
    deployment: WholeDeployment,
    founder: Persona,
    method: str,
    path: str,
    content: bytes = b"",
    kind: str = "",
) -> str | None:
    """What was wrong with the answer; None for a good refusal (or for what was no fault after all)."""
    signed = founder.device.sign(
        method=method,
        target_uri=f"{deployment.public_url}{path}",
        body=content,
        created_seconds=int(deployment.clock.now().timestamp()),
    )
    headers = {name.encode(): value.encode() for name, value in signed.items()}
    headers[b"authorization"] = f"Bearer {founder.session['access_token']}".encode()
    headers[b"accept"] = b"application/json"  # a stream of events would not end
    if kind:
        headers[b"content-type"] = kind.encode("latin-1")
    answer = await deployment.http.request(method, path, content=content, headers=list(headers.items()))
    if answer.status_code >= 500:
        return f"{method} {path[:120]} {kind} {content[:40]!r}: {answer.status_code}"
    if answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
        return f"{method} {path[:120]}: no problem but {answer.headers['content-type']}"
    return None


async def faults_of(questions: list[Any]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(questions), 16):
        answers = await asyncio.gather(*questions[start : start + 16])
        found += [fault for fault in answers if fault is not None]
    return found


async def test_hostile_paths(deployment: WholeDeployment, founder: Persona, document: dict[str, Any]) -> None:
    questions = [
        ask(deployment, founder, method.upper(), _filled(path, name, value))
        for path, item in document["paths"].items()
        for method in item
        for name in re.findall(r"{(\w+)}", path)
        for value in IN_A_PATH
    ]
    assert await faults_of(questions) == []


async def test_hostile_queries(
    deployment: WholeDeployment, founder: Persona, document: dict[str, Any]
) -> None:
    questions = [
        ask(deployment, founder, "GET", f"{_filled(path, '', '')}?{query}")
        for path, item in document["paths"].items()
        if "get" in item and item["get"]["parameters"]
        for query in QUERIES
    ]
    assert await faults_of(questions) == []


async def test_hostile_bodies(
    deployment: WholeDeployment, founder: Persona, document: dict[str, Any]
) -> None:
    questions = [
        ask(deployment, founder, method.upper(), _filled(path, "", ""), content, kind)
        for path, item in document["paths"].items()
        for method in item
        if "requestBody" in item[method]
        for kind, content in BODIES
    ]
    assert await faults_of(questions) == []


@pytest.mark.parametrize("key", [b"", b" ", b"\xff", b"x" * 129, b"a b", b"x" * 5_000])
async def test_hostile_idempotency_keys(deployment: WholeDeployment, founder: Persona, key: bytes) -> None:
    headers = [
        (b"authorization", f"Bearer {founder.session['access_token']}".encode()),
        (b"idempotency-key", key),
    ]
    body = {"title": "x", "price": {"asset": "GLD", "minor": "1"}}
    answer = await deployment.http.post("/v1/unions/testers/offers", json=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


def _filled(path: str, name: str, value: str) -> str:
    """The path with one value in it; the union is ours, everything else unknown."""
    known = {"union": "testers", name: value}
    return re.sub(r"{(\w+)}", lambda found: known.get(found[1], "0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"), path)
