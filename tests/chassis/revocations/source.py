"""A log as a follower reads it, which a test writes, cuts off and slows down."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from chassis.peers import PeerUnavailable
from chassis.revocations.log import Revocation, RevocationKind, RevocationPage

MEMBER, UNION = UUID(int=1), UUID(int=2)
UNTIL = datetime(2027, 3, 1, 13, tzinfo=UTC)


class WrittenLog:
    """Holds entries; waits as identity does."""

    def __init__(self, page_max: int = 2) -> None:
        self.entries: list[Revocation] = []
        self.reads: list[tuple[int, float]] = []
        self.is_away = False
        self.answer_takes_seconds = 0.0
        self._page_max = page_max

    def end(self, kind: RevocationKind, subject: str, version: int = 0, state: str = "") -> None:
        number = len(self.entries) + 1
        self.entries.append(Revocation(number, kind, subject, MEMBER, UNTIL, version, state))

    async def read(self, after: int, wait_seconds: float) -> RevocationPage:
        self.reads.append((after, wait_seconds))
        await asyncio.sleep(self.answer_takes_seconds)
        if self.is_away:
            raise PeerUnavailable("identity", "it is away")
        if len(self.entries) == after:
            await asyncio.sleep(wait_seconds)
        head = len(self.entries)
        items = tuple(self.entries[after : after + self._page_max])
        is_whole = after + len(items) >= head
        return RevocationPage(items, head, head if is_whole else items[-1].number, wait_seconds)
