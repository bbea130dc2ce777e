"""Tests of the bus."""

import pytest

pytest.register_assert_rewrite(
    "tests.chassis.bus.behaviour_of_order",
    "tests.chassis.bus.behaviour_of_readers",
    "tests.chassis.bus.behaviour_of_failures",
)
