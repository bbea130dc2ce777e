"""An answer of the public API, and the two ways in which there is none to work with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Unreachable(Exception):
    """No answer came: the request may or may not have had its effect."""

    def __init__(self, method: str, path: str, reason: str) -> None:
        super().__init__(f"{method} {path}: no answer ({reason})")
        self.reason = reason


class Refused(Exception):
    """The answer is a problem (RFC 9457)."""

    def __init__(self, answer: "Answer") -> None:
        super().__init__(answer.told())
        self.answer = answer

    @property
    def problem(self) -> str:
        return self.answer.problem


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body of an answer."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        return self.status < 400

    @property
    def is_waiting(self) -> bool:
        """Accepted, and its effect still to come."""
        return self.status == 202

    @property
    def is_stale(self) -> bool:
        """The service had not yet seen what this client did just before."""
        return self.headers.get("guildhall-stale") == "true"

    @property
    def events(self) -> tuple[str, ...]:
        """The events that the request published, as `type/id`."""
        header = self.headers.get("guildhall-event")
        return tuple(header.split(", ")) if header else ()

    @property
    def problem(self) -> str:
        """The name of the problem, such as `act-replayed`; empty for a good answer."""
        if self.is_ok:
            return ""
        try:
            return str(self.json()["type"]).removeprefix("/problems/")
        except (ValueError, KeyError, TypeError):
            return f"status-{self.status}"

    def json(self) -> Any:
        """The body's value; None for an empty one."""
        return json.loads(self.body) if self.body else None

    def checked(self) -> "Answer":
        """This answer, if it is good. Raises Refused."""
        if not self.is_ok:
            raise Refused(self)
        return self

    def told(self) -> str:
        """One line for people."""
        return f"{self.method} {self.path}: {self.status} {self.body.decode(errors='replace')[:500]}"
