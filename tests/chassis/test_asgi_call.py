"""A call inside the process: what the application sees, what the caller gets, and how failures show."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.asgi_call import InProcessClient, call


async def _echo(request: Request) -> Response:
    body = await request.body()
    told = {
        "method": request.method,
        "path": request.url.path,
        "query": request.url.query,
        "host": request.headers.get("host"),
        "length": request.headers.get("content-length"),
        "named": request.headers.get("x-named"),
        "body": body.decode(),
    }
    return JSONResponse(told, 201, {"X-Answered": "Yes"})


async def _broken(_: Request) -> Response:
    raise RuntimeError("a mistake")


async def _slow(_: Request) -> Response:
    await asyncio.sleep(60)
    return Response()


@pytest.fixture
def client() -> InProcessClient:
    methods = ["GET", "POST", "PUT", "DELETE"]
    routes = [
        Route("/broken", _broken),
        Route("/slow", _slow),
        Route("/{rest:path}", _echo, methods=methods),
    ]
    return InProcessClient(Starlette(routes=routes), "ledger")


async def test_the_application_sees_the_request_as_it_was_sent(client: InProcessClient) -> None:
    answer = await client.request("POST", "/a/b?c=d", content=b"{}", headers={"X-Named": "me"})
    assert (answer.status_code, answer.headers["x-answered"]) == (201, "Yes")
    assert orjson.loads(answer.content) == {
        "method": "POST",
        "path": "/a/b",
        "query": "c=d",
        "host": "ledger",
        "length": "2",
        "named": "me",
        "body": "{}",
    }


@pytest.mark.parametrize(("method", "length"), [("GET", None), ("DELETE", None), ("POST", "0"), ("PUT", "0")])
async def test_an_empty_body_has_a_length_where_a_body_is_expected(
    client: InProcessClient, method: str, length: str | None
) -> None:
    answer = await client.request(method, "/a")
    assert orjson.loads(answer.content)["length"] == length


async def test_a_failure_in_the_application_is_its_500(client: InProcessClient) -> None:
    assert (await client.request("GET", "/broken")).status_code == 500


async def test_an_application_that_fails_without_an_answer_is_the_callers_failure() -> None:
    async def app(*_: object) -> None:
        raise RuntimeError("a mistake")

    with pytest.raises(RuntimeError, match="a mistake"):
        await call(app, "GET", "/", [])


async def test_an_answer_that_takes_too_long_is_a_timeout(client: InProcessClient) -> None:
    with pytest.raises(TimeoutError):
        await client.request("GET", "/slow", timeout=0.05)
