"""A union of its own for each test, in a deployment that may send to this machine."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from tests.flows.webhooks.tellers import Tellers
from tests.support.deployment import WholeDeployment


@pytest.fixture
async def union(deployment: WholeDeployment) -> AsyncGenerator[Tellers]:
    founder = await deployment.persona("founder")
    founded = await founder.act("POST", "/v1/unions", {"name": "Tellers", "purpose": "To tell."})
    assert founded.status_code == 201, founded.text
    await deployment.advance(timedelta(seconds=1))  # the founding itself is not told
    yield Tellers(founder, founded.json(), deployment)
    # What this test left failing is nothing to the next one.
    for one in (await founder.get(f"/v1/unions/{founded.json()['id']}/webhooks")).json()["items"]:
        await founder.act("DELETE", f"/v1/unions/{founded.json()['id']}/webhooks/{one['id']}")
