"""What every transport of the bus is held to. A transport's tests inherit the suite and give it a bus."""

from __future__ import annotations

from tests.chassis.bus.behaviour_of_failures import FailureBehaviour
from tests.chassis.bus.behaviour_of_order import OrderBehaviour
from tests.chassis.bus.behaviour_of_readers import ReaderBehaviour


class BusBehaviour(OrderBehaviour, ReaderBehaviour, FailureBehaviour):
    """Inherit it, and give the fixture `bus`, a `doubles.BusUnderTest`; conftest.py has the services."""
