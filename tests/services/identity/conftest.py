"""Identity on a real PostgreSQL: one application for the whole session, its clock moved forward alone."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from chassis.auth.service_keys import ServiceKeys, provision_service_keys
from chassis.bus.transport import Transport
from chassis.clock import ManualClock
from chassis.ids import IdSource
from chassis.peers import PeerTransports
from chassis.service import Chassis, Surroundings
from services.identity.app import create_app
from services.identity.settings import IdentitySettings
from tests.services.identity.house import IdentityHouse
from tests.support.postgres import Databases

PUBLIC_URL = "https://guild.example"
SERVICES = ("identity", "gateway", "market", "ledger")


class OtherServices:
    """Identity asks them for a member's export alone; another call would fail the test.

    `given`: by service what it answers; the others have nothing.
    """

    def __init__(self) -> None:
        self.given: dict[str, httpx.Response] = {}

    def client(self, service: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.MockTransport(partial(self._answer, service)), base_url=f"http://{service}"
        )

    def _answer(self, service: str, request: httpx.Request) -> httpx.Response:
        assert re.fullmatch(r"/internal/members/[0-9a-f-]{36}/export", request.url.path), (
            f"identity called {service}: {request.url}"
        )
        return self.given.get(service) or httpx.Response(200, json={"parts": []})


@asynccontextmanager
async def identity_house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, **changed: Any
) -> AsyncGenerator[IdentityHouse]:
    """`changed`: settings."""
    folder: Path = tmp_path_factory.mktemp("identity-keys")
    keys_file = provision_service_keys(folder, SERVICES)
    database = await databases.fresh("identity")
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    others = OtherServices()
    surroundings = Surroundings(
        clock, IdSource(clock), cast("PeerTransports", others), cast("Transport", object())
    )
    given: dict[str, Any] = {
        "public_url": PUBLIC_URL,
        "database_url": database.url,
        "owner_database_url": database.owner_url,
        "bus_url": database.url,
        "service_key_file": folder / "identity.pem",
        "service_keys_file": keys_file,
        "files_folder": folder / "files",
        "address_requests_max": 5,
        "unions_per_founder_max": 3,
        "invitations_per_member_max": 3,
        "invitation_uses_max": 1_000,
    }
    settings = IdentitySettings.model_validate(given | changed)
    app = create_app(settings, surroundings)
    keys = {name: ServiceKeys.load(name, folder / f"{name}.pem", keys_file, clock) for name in SERVICES}
    made = IdentityHouse(app, settings, clock, keys, database, others.given)
    yield made
    await made.close()
    chassis: Chassis = app.state.chassis
    await chassis.database.close()
    await databases.drop(database)


@pytest.fixture(scope="session")
async def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[IdentityHouse]:
    async with identity_house(databases, tmp_path_factory) as made:
        yield made
