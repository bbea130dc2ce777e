"""Funding on databases of its own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chassis.clock import ManualClock
from services.funding.app import create_app
from services.funding.settings import FundingSettings
from tests.services.escrow_house import House, open_house
from tests.support.postgres import DatabaseMaker


@pytest.fixture
async def funding(fresh_database: DatabaseMaker, clock: ManualClock, tmp_path: Path) -> AsyncGenerator[House]:
    database = await fresh_database("funding")
    limits = {"open_projects_per_member": 2, "pledges_per_project": 5, "intent_wait_ms": 1_500}
    async with open_house(
        "funding", FundingSettings, create_app, database, tmp_path, clock, **limits
    ) as house:
        yield house
