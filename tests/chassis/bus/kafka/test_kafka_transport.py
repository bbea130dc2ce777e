"""The kafka transport under the behaviour suite, on a real broker, and what is its own."""

from __future__ import annotations

import pytest

from tests.chassis.bus.behaviour import BusBehaviour

pytestmark = pytest.mark.slow


class TestKafkaTransport(BusBehaviour):
    """Everything that the bus promises."""
