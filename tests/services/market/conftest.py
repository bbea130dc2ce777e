"""The market on databases of its own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chassis.clock import ManualClock
from services.market.app import create_app
from services.market.settings import MarketSettings
from tests.services.escrow_house import House, open_house
from tests.support.postgres import DatabaseMaker


@pytest.fixture
async def market(fresh_database: DatabaseMaker, clock: ManualClock, tmp_path: Path) -> AsyncGenerator[House]:
    database = await fresh_database("market")
    limits = {"open_offers_per_member": 3, "open_bids_per_member": 2, "intent_wait_ms": 1_500}
    limits |= {"photos_per_offer_max_count": 3, "file_max_bytes": 20_000, "file_daily_max_bytes": 50_000}
    limits |= {"image_pixels_max_count": 40_000}
    async with open_house("market", MarketSettings, create_app, database, tmp_path, clock, **limits) as house:
        yield house
