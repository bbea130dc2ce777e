"""Every event is declared whole: class, key, audience and retention, in the catalogue, with its schema."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from events.declaration import Audience, Declaration, Event, EventClass, StateEvent
from tests.tidy.source_tree import SourceFile, calls


def events_of(module: ModuleType) -> list[type[Event]]:
    """The events that a module declares."""
    return [
        event
        for _, event in inspect.getmembers(module, inspect.isclass)
        if issubclass(event, Event) and event.__module__ == module.__name__
    ]


def half_declared(
    declared: Iterable[type[Event]], catalogue: Mapping[str, type[Event]], schemas: Path
) -> Iterator[str]:
    """What is missing or contradictory, by the event's class name."""
    for event in declared:
        declaration: object = getattr(event, "declaration", None)
        if not isinstance(declaration, Declaration):
            yield f"{event.__name__} declares nothing"
            continue
        for what in _gaps(event, declaration):
            yield f"{event.__name__} {what}"
        if catalogue.get(declaration.type) is not event:
            yield f"{event.__name__} is not in the catalogue"
        if not (schemas / declaration.schema_file).exists():
            yield f"{event.__name__} has no schema file"


def _gaps(event: type[Event], declaration: Declaration) -> Iterator[str]:
    fields = event.model_fields
    is_state = declaration.event_class is EventClass.STATE
    if event.__module__.rsplit(".", 1)[-1] != declaration.publisher:
        yield "is declared in another publisher's module"
    if not declaration.key:
        yield "has no key"
    for name in (*declaration.key, *declaration.named):
        if name not in fields or not fields[name].is_required():
            yield f"keys or names members by {name}, which it does not always carry"
    if is_state != issubclass(event, StateEvent):
        yield "carries a version if and only if it is a state: it does not"
    if is_state != (declaration.retention_days is None):
        yield "has a retention that does not fit its class"
    if (declaration.audience is Audience.MEMBERS_NAMED) != bool(declaration.named):
        yield "names members if and only if they are its audience: it does not"
    if "union_id" in fields and declaration.key[:1] != ("union_id",):
        yield "is scoped to a union and its key does not begin with it"


WRITING = ".of_rows"
"""The method of an event that writes it without a model of each part."""


def misplaced(files: Iterable[SourceFile], catalogue: Mapping[str, type[Event]]) -> Iterator[str]:
    """Events that nobody writes, and those that another service than their publisher writes."""
    publishers = {
        f"{event.__module__}.{event.__name__}": event.declaration.publisher for event in catalogue.values()
    }
    written: set[str] = set()
    for file in files:
        for call, called in calls(file):
            name = called.removesuffix(WRITING)
            if name in publishers:
                written.add(name)
                if not file.is_under(f"services/{publishers[name]}"):
                    yield f"{file.path}:{call.lineno} writes {name}, which is another's"
    yield from (f"{name} is written by nobody" for name in sorted(publishers.keys() - written))
