"""What fits the document and what does not is answered as the document says: no 5xx, nothing undeclared."""

import asyncio
import copy
from typing import Any

import pytest

from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona
from tests.wire.generated_requests import Generated

DEPLOYMENT_SETTINGS = {
    "gateway": {"requests_per_minute_per_member_max": 1_000_000},
}


@pytest.fixture(scope="module")
async def document(deployment: WholeDeployment) -> dict[str, Any]:
    answer = await deployment.http.get("/openapi.json")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="module")
async def founder(deployment: WholeDeployment) -> Persona:
    founder = await deployment.persona("founder")
    founded = await founder.act(
        "POST", "/v1/unions", {"name": "Testers", "purpose": "We test.", "slug": "testers"}
    )
    assert founded.status_code == 201, founded.text
    return founder


async def test_generated_requests_without_a_token(
    deployment: WholeDeployment, document: dict[str, Any], founder: Persona
) -> None:
    sender = Generated(deployment, asyncio.get_running_loop(), known={"union": "testers"})
    await asyncio.to_thread(sender.try_all, document, 2, 1, slice(0, None, 6))
    assert not sender.faults, sender.said()
    assert sender.statuses.get(200) and sender.statuses.get(401)


async def test_generated_requests_of_a_founder(
    deployment: WholeDeployment, document: dict[str, Any], founder: Persona
) -> None:
    sender = Generated(deployment, asyncio.get_running_loop(), founder, {"union": "testers"})
    await asyncio.to_thread(sender.try_all, document, 3, 1, slice(3, None, 6))
    assert not sender.faults, sender.said()
    assert sender.statuses.get(422) and sender.statuses.get(404)


async def test_an_answer_that_is_not_declared_is_seen(
    deployment: WholeDeployment, document: dict[str, Any]
) -> None:
    narrow = copy.deepcopy(document)
    narrow["paths"] = {"/v1/me": {"get": narrow["paths"]["/v1/me"]["get"]}}
    del narrow["paths"]["/v1/me"]["get"]["responses"]["401"]
    sender = Generated(deployment, asyncio.get_running_loop())
    await asyncio.to_thread(sender.try_all, narrow, 1)
    assert "GET /v1/me 401" in sender.faults


async def test_an_answer_of_another_form_than_declared_is_seen(
    deployment: WholeDeployment, document: dict[str, Any]
) -> None:
    # One of their own: what was generated before may have ended the founder's.
    somebody = await deployment.persona("somebody")
    founded = await somebody.act("POST", "/v1/unions", {"name": "Listed", "purpose": "To be listed."})
    assert founded.status_code == 201, founded.text
    narrow = copy.deepcopy(document)
    narrow["paths"] = {"/v1/unions": {"get": narrow["paths"]["/v1/unions"]["get"]}}
    narrow["components"]["schemas"]["UnionView"]["properties"]["name"] = {"type": "integer"}
    sender = Generated(deployment, asyncio.get_running_loop())
    await asyncio.to_thread(sender.try_all, narrow, 4)
    assert "GET /v1/unions 200" in sender.faults


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "known"), [(2, {"union": "testers"}), (3, {})])
async def test_many_generated_requests_of_a_founder(
    deployment: WholeDeployment,
    document: dict[str, Any],
    founder: Persona,
    seed: int,
    known: dict[str, str],
) -> None:
    sender = Generated(deployment, asyncio.get_running_loop(), founder, known)
    await asyncio.to_thread(sender.try_all, document, 8, seed)
    assert not sender.faults, sender.said()


@pytest.mark.slow
async def test_many_generated_requests_without_a_token(
    deployment: WholeDeployment, document: dict[str, Any], founder: Persona
) -> None:
    sender = Generated(deployment, asyncio.get_running_loop(), known={"union": "testers"})
    await asyncio.to_thread(sender.try_all, document, 3, 4)
    assert not sender.faults, sender.said()
