"""A cache with a bound: of many entries the oldest go, of each only what is still in force is told."""

from datetime import datetime
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Values by key until their time; at most `entries_max` of them."""

    def __init__(self, entries_max: int) -> None:
        self._entries_max = entries_max
        self._entries: dict[bytes, tuple[datetime, Value]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: bytes, now: datetime) -> Value | None:
        """The value of this key, unless its time is over."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        until, value = entry
        if now < until:
            return value
        del self._entries[key]
        return None

    def put(self, key: bytes, value: Value, until: datetime) -> None:
        """Keep a value until a time; the oldest entry makes room."""
        self._entries.pop(key, None)
        while len(self._entries) >= self._entries_max:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = (until, value)
