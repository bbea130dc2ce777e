"""One thing that the doctor saw."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """WELL, OFF and CHANGED are as somebody wants them; UNSAFE and BROKEN are to be mended."""

    WELL = "well"
    OFF = "off"
    CHANGED = "changed"
    UNSAFE = "unsafe"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is stable, for machines. `mend` says what to do; what is well needs none."""

    level: Level
    name: str
    says: str
    mend: str = ""

    @property
    def is_trouble(self) -> bool:
        return self.level in {Level.UNSAFE, Level.BROKEN}


def well_or(level: Level, name: str, *, holds: bool, well: str, ill: str, mend: str) -> Finding:
    """The one finding of a check that can only hold or not."""
    return Finding(Level.WELL, name, well) if holds else Finding(level, name, ill, mend)
