"""The log of what has ended, as its readers get it: a page after a number, and how old its knowledge is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from chassis.peers import PeerUnavailable

if TYPE_CHECKING:
    from chassis.peers import Peers

PATH = "/internal/revocations"
_ANSWER_SECONDS = 2


class RevocationKind(StrEnum):
    """What ended for a member."""

    SESSION = "session"
    DEVICE_KEY = "device_key"
    MEMBERSHIP = "membership"
    RIGHTS = "rights"
    """Of a member in a union: those that they held by offices before a version."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """One entry. `subject` is the id of the session, the device key or the union; `until`: nothing that was
    given out before the entry is good any longer. `version` and `state` are those of a membership; of
    rights, the version that is good."""

    number: int
    kind: RevocationKind
    subject: str
    member_id: UUID
    until: datetime
    version: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class RevocationPage:
    """What ended after a number. `head` is the number of the newest entry, `next_after` where to read on.

    `waited_seconds`: so long after the question came the log was looked at last.
    """

    items: tuple[Revocation, ...]
    head: int
    next_after: int
    waited_seconds: float

    @property
    def is_last(self) -> bool:
        """Whether the reader has everything now."""
        return self.next_after >= self.head


class RevocationSource(Protocol):
    """Where the log is read: at identity, or in identity's own database."""

    async def read(self, after: int, wait_seconds: float) -> RevocationPage:
        """What ended after a number; where nothing did, waits for it. Raises PeerUnavailable."""
        ...


class PeerLog:
    """The log as identity answers it to the other processes."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def read(self, after: int, wait_seconds: float) -> RevocationPage:
        path = f"{PATH}?after={after}&wait_seconds={wait_seconds}&with_rights=true"
        try:
            async with asyncio.timeout(wait_seconds + _ANSWER_SECONDS):
                answer = await self._peers.call("identity", "GET", path)
        except TimeoutError as error:
            raise PeerUnavailable("identity", "the log of what has ended did not come") from error
        if not answer.ok:
            raise PeerUnavailable("identity", f"status {answer.status}")
        try:
            return _read_page(answer.body)
        except (KeyError, TypeError, ValueError) as error:
            raise PeerUnavailable("identity", "what it says of the log cannot be read") from error


_KNOWN_KINDS = frozenset(RevocationKind)


def _read_page(body: Any) -> RevocationPage:
    """Kinds of a later release are skipped."""
    return RevocationPage(
        items=tuple(
            Revocation(
                number=item["number"],
                kind=RevocationKind(item["kind"]),
                subject=item["subject"],
                member_id=UUID(item["member_id"]),
                until=datetime.fromisoformat(item["until"]),
                version=item["version"],
                state=item["state"],
            )
            for item in body["items"]
            if item["kind"] in _KNOWN_KINDS
        ),
        head=body["head"],
        next_after=body["next_after"],
        waited_seconds=body["waited_ms"] / 1_000,
    )
