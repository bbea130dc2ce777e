"""Every operation of the document answers a generated request with what it is there for: a 2xx."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest

from guildhall.devnet.launcher import CHAIN_ID, Devnet, keep_devnet
from guildhall.devnet.operator_key import operator_key
from tests.guildhall.audit.conftest import PATIENT
from tests.guildhall.audit.town import Town, build_town
from tests.support.chain import running_devnet
from tests.support.deployment import WholeDeployment, whole_deployment
from tests.support.postgres import Databases
from tests.wire.known_business_payments import knowing_business_payments
from tests.wire.known_businesses import MANY, knowing_businesses
from tests.wire.known_charters import knowing_charters
from tests.wire.known_crossing import knowing_the_chain
from tests.wire.known_exclusion import HEARD_SOON
from tests.wire.known_notices import TELLING
from tests.wire.known_offices import knowing_offices
from tests.wire.known_operators import knowing_operators
from tests.wire.known_recovery import RECOVERING
from tests.wire.known_village import knowing
from tests.wire.reaching import Reaching

EXAMPLES = 3
UNHURRIED = {"requests_per_minute_per_member_max": 1_000_000}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Generator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as running:
        yield running


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, devnet: Devnet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[WholeDeployment]:
    """Beside a chain whose blocks come by themselves."""
    folder = tmp_path_factory.mktemp("keys")
    key_file = folder / "bridge-operator.key"
    devnet.fund(operator_key(key_file))
    node = {"eth_rpc_url": devnet.url, "eth_chain_id": CHAIN_ID}
    bridge = {
        **node,
        "bridge_key_file": key_file,
        "bridge_poll_ms": 50,
    }
    overrides: dict[str, dict[str, Any]] = {
        **PATIENT,
        "ledger": bridge,
        "identity": TELLING | RECOVERING | HEARD_SOON | MANY | node,
        "gateway": UNHURRIED,
    }
    async with whole_deployment(databases, folder, overrides) as made:
        keeping = asyncio.create_task(keep_devnet(devnet))
        yield made
        keeping.cancel()


@pytest.fixture(scope="module")
async def town(deployment: WholeDeployment) -> Town:
    return await build_town(deployment)


@pytest.fixture(scope="module")
async def document(deployment: WholeDeployment) -> dict[str, Any]:
    return (await deployment.http.get("/openapi.json")).json()


async def test_every_operation_answers_a_2xx(
    deployment: WholeDeployment, town: Town, devnet: Devnet, document: dict[str, Any]
) -> None:
    known = {
        **knowing(town),
        **knowing_charters(town),
        **knowing_offices(town),
        **knowing_businesses(town),
        **knowing_business_payments(town),
        **knowing_operators(town),
        **knowing_the_chain(town, devnet),
    }
    sender = Reaching(deployment, asyncio.get_running_loop(), knowing=known)
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
