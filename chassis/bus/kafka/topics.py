"""Which topic an event type is in: one of states and one of facts for each publisher of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.declaration import EventClass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from events.declaration import Event

_NAMES = {EventClass.STATE: "states", EventClass.FACT: "facts"}


@dataclass(frozen=True, slots=True)
class Topic:
    """`name` is `<prefix>.<publisher>.<class>`; `retention_days`: the longest, None for states."""

    name: str
    publisher: str
    event_class: EventClass
    types: frozenset[str]
    retention_days: int | None

    @property
    def is_states(self) -> bool:
        return self.event_class is EventClass.STATE


class Topics:
    """All topics of a catalogue. `by_name` is in the order of the names."""

    def __init__(self, prefix: str, catalogue: Mapping[str, type[Event]]) -> None:
        self.prefix = prefix
        kinds: dict[tuple[str, EventClass], set[str]] = {}
        for event_type, event in catalogue.items():
            declaration = event.declaration
            kinds.setdefault((declaration.publisher, declaration.event_class), set()).add(event_type)
        made = [
            Topic(
                name=f"{prefix}.{publisher}.{_NAMES[event_class]}",
                publisher=publisher,
                event_class=event_class,
                types=frozenset(types),
                retention_days=max(
                    (catalogue[name].declaration.retention_days or 0 for name in types), default=0
                )
                or None,
            )
            for (publisher, event_class), types in kinds.items()
        ]
        self.by_name = {topic.name: topic for topic in sorted(made, key=lambda topic: topic.name)}
        self._of_type = {name: topic for topic in made for name in topic.types}

    def of(self, event_type: str) -> Topic:
        """KeyError for a type that is not in the catalogue."""
        return self._of_type[event_type]

    def of_all(self, types: Collection[str] | None) -> list[Topic]:
        """Those that hold these types, or all; unknown types are in none."""
        if types is None:
            return list(self.by_name.values())
        names = {self._of_type[name].name for name in types if name in self._of_type}
        return [topic for name, topic in self.by_name.items() if name in names]

    def group(self, group: str) -> str:
        """The consumer group's name on the cluster."""
        return f"{self.prefix}.{group}"
