"""Questions of the same kind, of requests that come at the same time, are put to the database as one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Key = TypeVar("Key")
Answer = TypeVar("Answer")

AT_ONCE_MAX = 500


class Gathered(Generic[Key, Answer]):
    """Whoever comes while an answer is under way is asked for in the next question, with all others.

    Nothing waits for company, and nobody gets the answer to a question that was put before they came. `ask`
    answers each key, in order; what it raises, all get for whom it was asked.
    """

    def __init__(self, ask: Callable[[Sequence[Key]], Awaitable[Sequence[Answer]]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[Key, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all(), name="gathered questions")
        return await answer

    async def _ask_all(self) -> None:
        asked: list[tuple[Key, asyncio.Future[Answer]]] = []
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:AT_ONCE_MAX], self._waiting[AT_ONCE_MAX:]
                await self._ask_together(asked)
        finally:
            self._asking = None
            for _, future in (*asked, *self._waiting):
                future.cancel()  # of one that is done it changes nothing

    async def _ask_together(self, asked: Sequence[tuple[Key, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._ask([key for key, _ in asked])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            for _, future in asked:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answer)
