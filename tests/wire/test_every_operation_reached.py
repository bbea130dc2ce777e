"""Every operation of the document answers a generated request with what it is there for: a 2xx."""

import asyncio
from typing import Any

import pytest

from tests.guildhall.audit.conftest import PATIENT
from tests.guildhall.audit.town import Town, build_town
from tests.support.deployment import WholeDeployment
from tests.wire.known_village import knowing
from tests.wire.reaching import Reaching

DEPLOYMENT_SETTINGS = {**PATIENT, "gateway": {"requests_per_minute_per_member_max": 1_000_000}}
EXAMPLES = 3
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def town(deployment: WholeDeployment) -> Town:
    return await build_town(deployment)


@pytest.fixture(scope="module")
async def document(deployment: WholeDeployment) -> dict[str, Any]:
    return (await deployment.http.get("/openapi.json")).json()


async def test_every_operation_answers_a_2xx(
    deployment: WholeDeployment, town: Town, document: dict[str, Any]
) -> None:
    sender = Reaching(deployment, asyncio.get_running_loop(), knowing=knowing(town))
    await asyncio.to_thread(sender.try_all, document, EXAMPLES)
    print(sender.report())
    assert sender.unreached == [], sender.report()
    assert not sender.faults, sender.said()
    assert sorted(sender.answers) == sorted(sender.knowing), "known and no operation, or the other way round"


async def test_an_operation_that_only_refuses_is_reported(
    deployment: WholeDeployment, town: Town, document: dict[str, Any]
) -> None:
    narrow = {**document, "paths": {path: document["paths"][path] for path in ("/v1/me", "/v1/unions")}}
    sender = Reaching(deployment, asyncio.get_running_loop())
    await asyncio.to_thread(sender.try_all, narrow, 1)
    assert sender.unreached == ["GET /v1/me", "PATCH /v1/me", "POST /v1/unions"]
    assert "GET /v1/me: [401]" in sender.report()
