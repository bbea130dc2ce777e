"""Every event is declared whole."""

import importlib
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest

from events import declaration as declaring
from events import notices
from events.catalogue import CATALOGUE
from events.declaration import Audience, Declaration, Event, EventClass, StateEvent
from events.schemas_generator import SCHEMAS_FOLDER
from tests.tidy.laws.declarations import events_of, half_declared, misplaced
from tests.tidy.source_tree import ROOT, SourceFile, sources

PUBLISHERS = sorted(
    path.stem
    for path in (ROOT / "events").glob("*.py")
    if path.stem
    not in {"__init__", "declaration", "catalogue", "notices", "schemas_generator", "visibility", "asyncapi"}
)
HERE = __name__.rsplit(".", 1)[-1]


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_events_are_declared_whole(publisher: str) -> None:
    events = events_of(importlib.import_module(f"events.{publisher}"))
    assert events
    assert list(half_declared(events, CATALOGUE, SCHEMAS_FOLDER)) == []


def test_the_base_classes_declare_nothing_themselves() -> None:
    assert {event.__name__ for event in events_of(declaring)} == {"Event", "StateEvent"}
    assert {event.__name__ for event in events_of(notices)} == {"NoticeRequested"}


def _declared(**changed: object) -> Declaration:
    given: dict[str, object] = {
        "type": "planted",
        "publisher": HERE,
        "event_class": EventClass.FACT,
        "key": ("union_id",),
        "audience": Audience.UNION,
        "retention_days": 14,
        **changed,
    }
    return Declaration(**given)  # pyright: ignore[reportArgumentType]


class Undeclared(Event):
    union_id: UUID


class OfAnotherPublisher(Event):
    declaration: ClassVar[Declaration] = _declared(publisher="market")
    union_id: UUID


class Keyless(Event):
    declaration: ClassVar[Declaration] = _declared(key=())


class KeyedByNothing(Event):
    declaration: ClassVar[Declaration] = _declared(key=("member_id",))


class KeyedByAChoice(Event):
    declaration: ClassVar[Declaration] = _declared(key=("member_id",))
    member_id: UUID | None = None


class StateWithoutVersion(Event):
    declaration: ClassVar[Declaration] = _declared(event_class=EventClass.STATE, retention_days=None)
    union_id: UUID


class FactForEver(Event):
    declaration: ClassVar[Declaration] = _declared(retention_days=None)
    union_id: UUID


class StateForAWhile(StateEvent):
    declaration: ClassVar[Declaration] = _declared(event_class=EventClass.STATE)
    union_id: UUID


class NamesNobody(Event):
    declaration: ClassVar[Declaration] = _declared(audience=Audience.MEMBERS_NAMED)
    union_id: UUID


class ScopedElsewhere(Event):
    declaration: ClassVar[Declaration] = _declared(key=("member_id",))
    union_id: UUID
    member_id: UUID


class Whole(Event):
    declaration: ClassVar[Declaration] = _declared()
    union_id: UUID


@pytest.mark.parametrize(
    "event",
    [
        Undeclared, OfAnotherPublisher, Keyless, KeyedByNothing, KeyedByAChoice, StateWithoutVersion,
        FactForEver, StateForAWhile, NamesNobody, ScopedElsewhere,
    ],
)  # fmt: skip
def test_a_half_declared_event_is_seen(event: type[Event], tmp_path: Path) -> None:
    (tmp_path / "planted.json").touch()
    assert len(list(half_declared([event], {"planted": event}, tmp_path))) == 1


def test_an_event_without_catalogue_or_schema_is_seen(tmp_path: Path) -> None:
    assert len(list(half_declared([Whole], {}, tmp_path))) == 2
    (tmp_path / "planted.json").touch()
    assert list(half_declared([Whole], {"planted": Whole}, tmp_path)) == []


def test_every_event_is_written_by_its_publisher_and_by_nobody_else() -> None:
    # The assembly is not built yet: until then nothing but tests says that a decision passed.
    assert list(misplaced(sources("services", "gateway", "chassis", "guildhall"), CATALOGUE)) == [
        "events.assembly.DecisionPassed is written by nobody"
    ]


def test_an_event_that_is_misplaced_or_never_written_is_seen() -> None:
    paid = "from events.market import AgreementPaid\n"
    foreign = SourceFile(
        "services/ledger/use_cases/post_entry.py", f"{paid}AgreementPaid(union_id=union_id)\n"
    )
    own = SourceFile(
        "services/market/use_cases/move_agreement.py", f"{paid}AgreementPaid(union_id=union_id)\n"
    )
    catalogue = {"agreement.paid": CATALOGUE["agreement.paid"]}
    assert len(list(misplaced([foreign], catalogue))) == 1
    assert list(misplaced([], catalogue)) == ["events.market.AgreementPaid is written by nobody"]
    assert list(misplaced([own], catalogue)) == []
