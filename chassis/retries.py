"""How often something is tried, and the pauses in between."""

from dataclasses import dataclass
from datetime import timedelta

FACTOR = 4
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Retries:
    """Pauses grow fourfold from `first_seconds` to at most `longest_seconds`."""

    tries_max: int
    first_seconds: int
    longest_seconds: int

    def pause(self, attempts_count: int, chance: float) -> timedelta:
        """After so many attempts (1 and up); `chance` in [0, 1) spreads it by a fifth either way."""
        grown = self.first_seconds * FACTOR ** min(attempts_count - 1, 16)
        return timedelta(seconds=min(grown, self.longest_seconds) * (1 + JITTER * (2 * chance - 1)))
