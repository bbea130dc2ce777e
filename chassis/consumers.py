"""The registry of what a service does with the events of others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from events.declaration import Event

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """What one event type is read as and given to: one event at a time, or all neighbours at once."""

    event_type: type[Event]
    handle: Callable[[UnitOfWork, Sequence[Any]], Awaitable[None]]
    takes_many: bool


class Consumers:
    """A group's handlers, one for each event type; types without one are skipped.

    A handler runs in the transaction that records the event in the inbox, so its effect happens once. It
    must not call another service for its effect (that is an intent), and a handler of a *state* event must
    leave what it has alone when the event's `version` is not greater: compaction and late repeats may bring
    an older version after a newer one.

        consumers = Consumers("market")

        @consumers.on(MembershipState)
        async def keep_membership(unit: UnitOfWork, event: MembershipState) -> None: ...

    A new type in a group that has already run gets only what comes after; name a new group to begin anew.
    """

    def __init__(self, group: str) -> None:
        self.group = group
        self._subscribers: dict[str, Subscriber] = {}

    def on(
        self, event_type: type[E]
    ) -> Callable[[Callable[[UnitOfWork, E], Awaitable[None]]], Callable[[UnitOfWork, E], Awaitable[None]]]:
        """Register a handler that takes one event."""

        def register(
            handler: Callable[[UnitOfWork, E], Awaitable[None]],
        ) -> Callable[[UnitOfWork, E], Awaitable[None]]:
            async def take_one(unit: UnitOfWork, events: Sequence[E]) -> None:
                await handler(unit, events[0])

            self._add(Subscriber(event_type, take_one, takes_many=False))
            return handler

        return register

    def on_many(
        self, event_type: type[E]
    ) -> Callable[
        [Callable[[UnitOfWork, Sequence[E]], Awaitable[None]]],
        Callable[[UnitOfWork, Sequence[E]], Awaitable[None]],
    ]:
        """Register a handler that takes neighbouring events of a batch in order, for set-wise statements."""

        def register(
            handler: Callable[[UnitOfWork, Sequence[E]], Awaitable[None]],
        ) -> Callable[[UnitOfWork, Sequence[E]], Awaitable[None]]:
            self._add(Subscriber(event_type, handler, takes_many=True))
            return handler

        return register

    def _add(self, subscriber: Subscriber) -> None:
        name = subscriber.event_type.declaration.type
        if name in self._subscribers:
            raise ValueError(f"group {self.group} has two handlers of {name}")
        self._subscribers[name] = subscriber

    @property
    def subscribers(self) -> Mapping[str, Subscriber]:
        return self._subscribers

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._subscribers)
