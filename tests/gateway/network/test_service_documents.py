"""The documents of the services come over the network; one that is away takes nothing from the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from fastapi import FastAPI

from chassis.asgi_call import InProcessClient
from gateway import service_documents
from gateway.service_documents import ServiceDocuments


@dataclass
class Ways:
    """The ways to the services; those in `away` do not answer, those in `wrong` answer nonsense."""

    services: dict[str, FastAPI]
    away: set[str] = field(default_factory=set[str])
    wrong: set[str] = field(default_factory=set[str])
    asked: list[str] = field(default_factory=list[str])

    def client(self, service: str) -> Any:
        self.asked.append(service)
        if service in self.away:
            raise OSError("away")
        if service in self.wrong:
            broken = FastAPI(openapi_url=None)
            return InProcessClient(broken, service)
        return InProcessClient(self.services[service], service)


@pytest.fixture
def ways(services: dict[str, FastAPI]) -> Ways:
    return Ways(services)


def _documents(ways: Ways, kept_seconds: float = 300) -> ServiceDocuments:
    return ServiceDocuments(ways.services, ways, "http://guild.example", "1", kept_seconds)


async def test_all_are_merged_and_asked_once(ways: Ways) -> None:
    documents = _documents(ways)
    merged = await documents.merged()
    assert "/v1/unions/{union}/offers" in merged["paths"] and "/v1/me" in merged["paths"]
    assert await documents.merged() is merged
    assert sorted(ways.asked) == sorted(ways.services)


@pytest.mark.parametrize("how", ["away", "wrong"])
async def test_one_that_gives_none_does_not_break_the_document_for_the_rest(
    ways: Ways, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    getattr(ways, how).add("market")
    monkeypatch.setattr(service_documents, "ASKED_AGAIN_SECONDS", 0)
    documents = _documents(ways)
    assert "/v1/unions/{union}/offers" not in (await documents.merged())["paths"]
    assert "/v1/me" in (await documents.merged())["paths"]
    assert "offer-not-found" not in await documents.problems()
    getattr(ways, how).clear()
    assert "/v1/unions/{union}/offers" in (await documents.merged())["paths"]
    assert "offer-not-found" in await documents.problems()


async def test_one_that_is_away_for_a_while_keeps_its_part(ways: Ways) -> None:
    documents = _documents(ways, kept_seconds=0)
    await documents.merged()
    ways.away.add("market")
    assert "/v1/unions/{union}/offers" in (await documents.merged())["paths"]


async def test_one_that_is_away_is_not_asked_with_every_request(ways: Ways) -> None:
    ways.away.add("market")
    documents = _documents(ways)
    await documents.merged()
    await documents.merged()
    assert ways.asked.count("market") == 1


async def test_a_new_form_of_a_document_is_taken_over(ways: Ways) -> None:
    documents = _documents(ways, kept_seconds=0)
    before = await documents.merged()
    assert await documents.merged() is before, "what has not changed is not merged again"
    other = FastAPI(generate_unique_id_function=lambda route: route.name)

    @other.get("/v1/unions/{union}/market/news")
    async def news() -> None: ...

    ways.services = {**ways.services, "market": other}
    after = await documents.merged()
    assert "/v1/unions/{union}/market/news" in after["paths"]
    assert "/v1/unions/{union}/offers" not in after["paths"]


async def test_the_catalogue_has_what_services_chassis_and_hop_may_answer(ways: Ways) -> None:
    known = await _documents(ways).problems()
    for slug in ("offer-not-found", "not-found", "wrong-host", "body-too-slow", "length-unreadable"):
        assert slug in known
    told = orjson.loads((await ways.client("market").request("GET", "/openapi.json")).content)[
        "x-guildhall-problems"
    ]
    offer = next(kind for kind in told if kind["slug"] == "offer-not-found")
    assert (known["offer-not-found"].status, known["offer-not-found"].title) == (404, offer["title"])
