"""What is prepared answers as FastAPI does, and runs each dependency once."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

import httpx
import orjson
import pytest
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from chassis.auth.declarations import BearerScheme, without_declarations
from chassis.prepared import Prepared, prepared_handler
from chassis.problems import NOT_FOUND, Problem, install_problem_handlers

LIKE_FASTAPI, PREPARED = "/fastapi", "/prepared"
GOOD = {"id": "0195e0c2-7000-7000-8000-000000000001", "count": 2}
GOOD_CONTENT = orjson.dumps(GOOD)
ran: list[str] = []


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID
    count: int


class _PreparedRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        by_fastapi = super().get_route_handler()
        return prepared_handler(without_declarations(self.dependant), by_fastapi, embeds_body=False)


async def place_of_path(request: Request, place: Annotated[int, Path(ge=1)]) -> int:
    ran.append("place")
    if place == 404:
        raise Problem(NOT_FOUND)
    return place


Place = Annotated[int, Depends(place_of_path)]


async def doubled(place: Place, _: Annotated[None, Depends(BearerScheme(auto_error=False))]) -> int:
    ran.append("doubled")
    return place * 2


async def put(place: Place, twice: Annotated[int, Depends(doubled)], body: Body) -> Response:
    ran.append("put")
    return Response(f"{place} {twice} {body.id} {body.count}", status_code=201)


async def get(request: Request, twice: Annotated[int, Depends(doubled)]) -> Response:
    return Response(f"{request.method} {twice}")


async def listed(place: Place, limit: Annotated[int, Query()] = 1) -> Response:
    return Response(f"{place} {limit}")


async def modelled(place: Place) -> Body:
    return Body(id=UUID(int=place), count=place)


def made() -> FastAPI:
    app = FastAPI()
    for prefix, kind in ((LIKE_FASTAPI, APIRoute), (PREPARED, _PreparedRoute)):
        router = APIRouter(prefix=prefix, route_class=kind)
        router.put("/{place}")(put)
        router.get("/{place}")(get)
        app.include_router(router)
    install_problem_handlers(app, {})
    return app


@pytest.mark.parametrize(
    ("place", "content", "media_type"),
    [
        ("3", GOOD_CONTENT, "application/json"),
        (
            "3",
            GOOD_CONTENT,
            "application/json; charset=utf-8",
        ),
        ("3", GOOD_CONTENT, "text/plain"),
        ("3", b'{"id": "0195e0c2-7000-7000-8000-000000000001", "count": NaN}', "application/json"),
        ("3", b'{"id": "0195e0c2-7000-7000-8000-000000000001", "count": "x", "more": 1}', "application/json"),
        ("3", b'{"id": "0195', "application/json"),
        ("3", b"null", "application/json"),
        ("3", b"", "application/json"),
        ("3", b"\xff", "application/json"),
        ("0", GOOD_CONTENT, "application/json"),
        ("0", b'{"count": 2}', "application/json"),
        ("x", b"", "application/json"),
        ("404", GOOD_CONTENT, "application/json"),
        ("404", b'{"count": "x"}', "application/json"),
    ],
)
async def test_it_answers_as_fastapi_does(place: str, content: bytes, media_type: str) -> None:
    transport = httpx.ASGITransport(app=made())
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        answers = [
            await client.put(f"{prefix}/{place}", content=content, headers={"content-type": media_type})
            for prefix in (LIKE_FASTAPI, PREPARED)
        ]
        assert len({answer.status_code for answer in answers}) == 1
        assert len({answer.content for answer in answers}) == 1
        shown = [await client.get(f"{prefix}/{place}") for prefix in (LIKE_FASTAPI, PREPARED)]
        assert len({(answer.status_code, answer.content) for answer in shown}) == 1


async def test_each_dependency_runs_once_and_in_order() -> None:
    ran.clear()
    transport = httpx.ASGITransport(app=made())
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        answer = await client.put(f"{PREPARED}/3", json=GOOD)
    assert (answer.status_code, answer.text) == (201, f"3 6 {GOOD['id']} 2")
    assert ran == ["place", "doubled", "put"]


@pytest.mark.parametrize(
    ("endpoint", "is_prepared"), [(put, True), (get, True), (listed, False), (modelled, False)]
)
def test_what_reads_more_or_returns_a_model_stays_fastapis(
    endpoint: Callable[..., Any], is_prepared: bool
) -> None:
    dependant = without_declarations(APIRoute("/{place}", endpoint).dependant)
    assert (Prepared.of(dependant, embeds_body=False) is not None) is is_prepared


def test_a_scheme_that_was_not_left_out_is_not_prepared() -> None:
    assert Prepared.of(APIRoute("/{place}", get).dependant, embeds_body=False) is None
