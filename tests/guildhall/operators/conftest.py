"""The services of the deployment once more, as an operator's command has them beside it."""

from collections.abc import AsyncGenerator

import pytest

from chassis.bus.postgres import PostgresTransport
from chassis.ids import IdSource
from guildhall.embedded.deployment import DatabaseUrls, DeploymentPlan
from guildhall.events.operated import Operated, operated
from guildhall.postgres.roles import BUS
from tests.support.deployment import WholeDeployment


@pytest.fixture
async def house(deployment: WholeDeployment) -> AsyncGenerator[Operated]:
    plan = DeploymentPlan(
        databases={name: DatabaseUrls(of.url, of.owner_url) for name, of in deployment.databases.items()},
        keys_folder=deployment.chassis("market").settings.service_keys_file.parent,
        public_url=deployment.public_url,
        clock=deployment.clock,
    )
    ids = IdSource(plan.clock)
    bus = PostgresTransport(plan.databases[BUS].url, plan.clock, ids.new(), look_ms=50)
    async with operated(plan, bus, ids) as made:
        yield made
