"""The audit's own list of what is append-only has every table that a service says is."""

import importlib

import pytest

from chassis.tables import APPEND_ONLY_TABLES
from guildhall.audit.roles import APPEND_ONLY, EVERYWHERE


@pytest.mark.parametrize("service", APPEND_ONLY)
def test_the_second_list_has_every_table_of_the_first(service: str) -> None:
    schema = importlib.import_module(f"services.{service}.store.tables").SCHEMA
    assert set(APPEND_ONLY[service]) == set(schema.append_only_tables)
    assert set(EVERYWHERE) == set(APPEND_ONLY_TABLES)
