"""How many streams may be open at once: in all, and of one member or address."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from chassis.problems import Problem
from gateway.live.problems import TOO_MANY_STREAMS

RETRY_AFTER = {"Retry-After": "10"}


class StreamSlots:
    """Counts open streams of this process."""

    def __init__(self, in_all_max: int) -> None:
        self._in_all_max = in_all_max
        self._in_all_count = 0
        self._counts: dict[str, int] = {}

    @contextmanager
    def taken(self, counted_as: str | None, each_max: int) -> Generator[None]:
        """A slot while entered; `counted_as` None takes one of all alone. Raises Problem 429."""
        if self._in_all_count >= self._in_all_max:
            raise Problem(TOO_MANY_STREAMS, {"limit": self._in_all_max, "per": "here"}, RETRY_AFTER)
        count = 0 if counted_as is None else self._counts.get(counted_as, 0)
        if counted_as is not None and count >= each_max:
            raise Problem(TOO_MANY_STREAMS, {"limit": each_max, "per": "for you"}, RETRY_AFTER)
        self._in_all_count += 1
        if counted_as is not None:
            self._counts[counted_as] = count + 1
        try:
            yield
        finally:
            self._in_all_count -= 1
            if counted_as is not None:
                self._counts[counted_as] -= 1
                if not self._counts[counted_as]:
                    del self._counts[counted_as]
