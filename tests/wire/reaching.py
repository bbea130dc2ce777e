"""Generated requests that get through: each operation with a member, ids and amounts that exist.

What schemathesis generates stays, but for what only a deployment can know. The state that an operation
uses up is made anew for each request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis

from tests.support.personas import Persona
from tests.wire.generated_requests import Generated

_NEVER_KNOWN = frozenset({"if-match", "origin", "guildhall-after"})
"""Headers that only fit by chance: of another version, of another site, of an event that was never told."""


@dataclass(slots=True)
class Known:
    """What a request needs to be answered with what it asks for. `member` None sends no token.

    `body`: fields that are set; one whose value is ABSENT is left out. `query` is sent instead of what
    was generated; `headers` beside it.
    """

    member: Persona | None
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None
    """Of a file, instead of what was generated."""


ABSENT = object()
Knowing = Callable[[], Awaitable[Known]]


@dataclass(slots=True)
class Reaching(Generated):
    """`knowing`: by the operation's label. `answers`: the statuses that each operation gave, in order."""

    knowing: Mapping[str, Knowing] = field(default_factory=dict[str, Knowing])
    answers: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    refusals: dict[str, str] = field(default_factory=dict[str, str])
    """The last refusal of an operation."""

    @property
    def unreached(self) -> list[str]:
        """Operations that answered no request with a 2xx."""
        return [label for label, seen in self.answers.items() if not any(200 <= one < 300 for one in seen)]

    def report(self) -> str:
        """A line for each operation that was not reached, with what it said."""
        lines = [f"{label}: {self.answers[label]} {self.refusals.get(label, '')}" for label in self.unreached]
        return "\n".join(lines) or f"every one of {len(self.answers)} operations answered a 2xx"

    def _try(self, operation: Any, examples: int, seed: int) -> None:
        self.answers[operation.label] = []
        strategy = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        self._run(operation.label, strategy, examples, seed)

    async def _send(self, case: schemathesis.Case[Any]) -> httpx.Response:
        label = case.operation.label
        known = await self.knowing[label]() if label in self.knowing else Known(None)
        self.member = known.member
        if known.member is not None:
            await known.member.get("/v1/me")  # a session that has not expired
        _fit(case, known)
        answer = await Generated._send(self, case)
        self.answers[label].append(answer.status_code)
        if answer.status_code >= 300:
            self.refusals[label] = answer.text[:300]
        return answer


def _fit(case: schemathesis.Case[Any], known: Known) -> None:
    """Put what is known in the place of what was generated."""
    case.path_parameters = {**(case.path_parameters or {}), **known.path}
    case.query = dict(known.query)
    case.cookies = {}
    kept = {name: value for name, value in (case.headers or {}).items() if name.lower() not in _NEVER_KNOWN}
    assert case.headers is not None
    case.headers.clear()
    case.headers.update({**kept, **known.headers})
    if known.content is not None:
        case.body = known.content
    if known.body:
        body = dict(case.body) if isinstance(case.body, Mapping) else {}
        body |= known.body
        case.body = {name: value for name, value in body.items() if value is not ABSENT}
