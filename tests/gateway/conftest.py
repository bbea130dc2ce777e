"""Fixtures of the gateway's tests."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from chassis.clock import ManualClock
from tests.gateway.door import Door, make_door, unconnected_services


@pytest.fixture
def door(clock: ManualClock) -> Door:
    return make_door(clock)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FastAPI]:
    clock = ManualClock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    return unconnected_services(tmp_path_factory.mktemp("keys"), clock)
