"""The machine: what is missing on it, and what is off for that."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator

from guildhall.doctor.finding import Finding, Level

_PROGRAMS = (
    ("node", "the devnet chain beside an embedded Guildhall", "install Node 20 or newer"),
    ("java", "a Kafka broker on this machine", "install Java 17 or newer, or name brokers elsewhere"),
    ("mvn", "fetching the Kafka broker", "install Maven, or name brokers elsewhere"),
)
_MODULES = (("coincurve", "fast wallet signatures", "use a Python that coincurve has a wheel for"),)


def machine_findings() -> Iterator[Finding]:
    """What needs nothing but a look at the machine."""
    for program, purpose, mend in _PROGRAMS:
        yield _finding(program, shutil.which(program) is not None, purpose, mend)
    for module, purpose, mend in _MODULES:
        yield _finding(module, importlib.util.find_spec(module) is not None, purpose, mend)


def _finding(name: str, is_there: bool, purpose: str, mend: str) -> Finding:
    if is_there:
        return Finding(Level.WELL, f"machine.{name}", f"{name} is there, for {purpose}")
    return Finding(Level.OFF, f"machine.{name}", f"{name} is missing: {purpose}", mend)
