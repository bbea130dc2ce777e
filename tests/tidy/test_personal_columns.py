"""Personal data: every column that could hold words about somebody goes with them, or says why it stays."""

import importlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import ARRAY, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.erasure import PersonalData
from chassis.migrations import ServiceSchema
from chassis.tables import chassis_metadata
from tests.tidy.source_tree import services

SERVICES = [path.name for path in services() if (path / "store" / "tables.py").exists()]


def _schema(service: str) -> ServiceSchema:
    return importlib.import_module(f"services.{service}.store.tables").SCHEMA


def _tables(service: str) -> list[Table]:
    module = importlib.import_module(f"services.{service}.store.tables")
    found = {id(value): value for value in vars(module).values() if isinstance(value, MetaData)}
    return [table for metadata in (*found.values(), chassis_metadata) for table in metadata.tables.values()]


def unsaid(personal: PersonalData, tables: list[Table]) -> Iterator[str]:
    """Columns on neither side, and what the list names that is not there."""
    erased = {(one.table, column) for one in personal.erased for column in one.becomes}
    changed = {one.table for one in personal.erased if one.becomes}
    gone = {one.table for one in personal.erased} - changed
    known: set[str] = set()
    for table in tables:
        known |= {table.name} | {f"{table.name}.{column.name}" for column in table.columns}
        for column in table.columns:
            holds_words = isinstance(column.type, Text | LargeBinary | JSONB | ARRAY)
            is_said = (table.name, column.name) in erased or table.name in gone
            is_kept = table.name in personal.stays or f"{table.name}.{column.name}" in personal.stays
            if holds_words and not is_said and not is_kept:
                yield f"{table.name}.{column.name} is on neither side"
    named = {one.table for one in personal.erased} | {f"{table}.{column}" for table, column in erased}
    yield from (f"there is no {name}" for name in sorted((named | set(personal.stays)) - known))


@pytest.mark.parametrize("service", SERVICES)
def test_every_column_goes_or_says_why_it_stays(service: str) -> None:
    schema = _schema(service)
    assert schema.personal is not None, "a service says what it keeps of persons"
    assert list(unsaid(schema.personal, _tables(service))) == []


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "identity"])
def test_every_table_is_exported_or_says_why_not(service: str) -> None:
    """Of identity, which gathers them, its own tests say so."""
    exported = _schema(service).exported
    assert exported is not None, "a service gives members what it keeps of them"
    own = {table.name for table in _tables(service)} - set(chassis_metadata.tables)
    shown_otherwise = {"transfers"} if service == "ledger" else set[str]()
    assert exported.parts.keys() & exported.left_out.keys() == set()
    assert (exported.parts.keys() | exported.left_out.keys()) - shown_otherwise == own | {"signed_acts"}


def test_what_is_forgotten_is_seen() -> None:
    personal = _schema("identity").personal
    assert personal is not None
    tables = _tables("identity")
    fewer = replace(personal, erased=personal.erased[1:])
    assert "recovery_votes" not in " ".join(unsaid(fewer, tables)), "it holds no words, ids alone"
    without = replace(personal, erased=tuple(one for one in personal.erased if one.table != "handles"))
    assert list(unsaid(without, tables)) == ["handles.handle is on neither side"]
    more = replace(personal, stays={**personal.stays, "invented": "for no reason"})
    assert list(unsaid(more, tables)) == ["there is no invented"]
