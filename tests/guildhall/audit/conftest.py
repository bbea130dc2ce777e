"""One small union for all audits of a session: everything that a promise speaks of has happened in it."""

from collections.abc import AsyncGenerator

import pytest

from tests.guildhall.audit.town import Town, build_town
from tests.support.deployment import whole_deployment
from tests.support.postgres import Databases

PATIENT: dict[str, dict[str, int]] = {
    **{service: {"intent_wait_ms": 20_000} for service in ("market", "funding")},
    "identity": {
        "recovery_delay_seconds": 1,
        "hearing_seconds": 1,
        "deletion_delay_seconds": 1,
        "deletion_pause_seconds": 1,
    },
}
"""Money has moved when a request is answered, however busy the machine is; a recovery is done soon."""


@pytest.fixture(scope="session")
async def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Town]:
    async with whole_deployment(databases, tmp_path_factory.mktemp("keys"), PATIENT) as deployment:
        yield await build_town(deployment)
