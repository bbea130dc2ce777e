"""What every chapter tells its part with: people who sign in, act once, and outlast a server that is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from guildhall.client import Answer, Connections, DeviceKey, Refused, Session, Unreachable, Wallet, sign_in
from guildhall.demo.following import Following
from guildhall.demo.record import Record
from guildhall.demo.scale import Scale
from guildhall.demo.seed import Seed

AT_ONCE_MAX = 24
PAGE = 200
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.05
PAUSE_MAX_SECONDS = 1.0
Item = TypeVar("Item")
Done = TypeVar("Done")


class StoryBroken(Exception):
    """The server gave an answer that the story does not know how to go on from."""


class ActRefused(StoryBroken):
    """An act was refused; `problem` is the slug."""

    def __init__(self, name: str, answer: Answer) -> None:
        super().__init__(f"{name}: {answer.told()}")
        self.problem = answer.problem


@dataclass(slots=True)
class Person:
    """One of the members: keys from the seed, a session once signed in, ids as they become known."""

    number: int
    wallet: Wallet
    device: DeviceKey
    session: Session | None = None
    member_id: str = ""
    account_id: str = ""

    @property
    def name(self) -> str:
        return f"person-{self.number}"


@dataclass(slots=True)
class Story:
    """The story's state: who there is, what is recorded, and where it is told to."""

    url: str
    season: int
    scale: Scale
    seed: Seed
    record: Record
    connections: Connections
    people: list[Person]
    following: Following
    console: Console
    started_at: float = field(default_factory=time.monotonic)
    requests_count: int = 0
    union: dict[str, Any] = field(default_factory=dict[str, Any])
    refused: list[str] = field(default_factory=list[str])
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_MAX))

    @property
    def founder(self) -> Person:
        return self.people[0]

    @property
    def union_path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    def money(self, minor: int) -> dict[str, str]:
        return {"asset": self.union["token"]["symbol"], "minor": str(minor)}

    async def act(
        self,
        person: Person,
        name: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        signed: bool = True,
        keep: Sequence[str] = ("id",),
        may_refuse: Sequence[str] = (),
    ) -> Any:
        """Do it once, however often the story is begun: what is recorded is not asked again.

        Kept in the record: the fields `keep` of the answer, or the slug of a refusal in `may_refuse`.
        """
        if name in self.record:
            return self.record.answer(name)
        self.record.begin(name)
        key = self.seed.key_of(name) if method == "POST" else None
        answer = await self.send(person, method, path, body, signed=signed, key=key)
        if not answer.is_ok:
            if answer.problem not in may_refuse:
                raise ActRefused(name, answer)
            self.refused.append(f"{name}: {answer.problem}")
            kept: Any = {"refused": answer.problem}
        else:
            told = answer.json() or {}
            kept = {field_name: told[field_name] for field_name in keep if field_name in told}
        self.record.acknowledge(name, kept)
        return kept

    async def send(
        self,
        person: Person,
        method: str,
        path: str,
        body: Any = None,
        *,
        signed: bool = False,
        key: str | None = None,
    ) -> Answer:
        """As the person; see `answered`."""

        async def ask() -> Answer:
            session = person.session or await self.sign_in(person)
            return await session.request(method, path, body, act=signed, idempotency_key=key)

        return await self.answered(f"{method} {path}", ask)

    async def answered(self, what: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask until there is a definite answer: outages, limits and waiting intents are waited out."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = PAUSE_SECONDS
        while True:
            reason = ""
            try:
                async with self._gate:
                    self.requests_count += 1
                    answer = await ask()
                if not _is_unfinished(answer):
                    return answer
                reason = answer.told()
            except Unreachable as error:
                reason = str(error)
            except Refused as error:
                if error.answer.status < 500 and error.answer.status != 429:
                    raise
                reason = str(error)
            if time.monotonic() > deadline:
                raise StoryBroken(f"{what} has no definite answer: {reason}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_SECONDS)

    async def read(self, person: Person, path: str) -> Any:
        """The body of a GET that must succeed."""
        answer = await self.send(person, "GET", path)
        if not answer.is_ok:
            raise StoryBroken(answer.told())
        return answer.json()

    async def read_all(self, person: Person, path: str) -> list[Any]:
        """The items of a list, page by page to its end."""
        first = f"{path}{'&' if '?' in path else '?'}limit={PAGE}"
        items: list[Any] = []
        following = first
        while True:
            page = await self.read(person, following)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            following = f"{first}&cursor={page['next_cursor']}"

    async def sign_in(self, person: Person) -> Session:
        """Sign in with the person's own wallet and device key."""
        self.requests_count += 2
        person.session = await sign_in(self.connections, person.wallet, person.device)
        person.member_id = person.session.member_id
        return person.session

    async def each(
        self, title: str, items: Iterable[Item], work: Callable[[Item], Awaitable[Done]]
    ) -> list[Done]:
        """Do the work of all items side by side, with a bar; the first failure ends the chapter."""
        listed = list(items)
        label = TextColumn("  {task.description:<34}")
        columns = (label, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=not self.console.is_terminal) as progress:
            bar = progress.add_task(title, total=len(listed))

            async def one(item: Item) -> Done:
                done = await work(item)
                progress.advance(bar)
                return done

            waiting = iter(listed)
            results: dict[int, Done] = {}
            numbered = enumerate(waiting)

            async def worker() -> None:
                for place, item in numbered:
                    results[place] = await one(item)

            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE_MAX, len(listed))):
                    group.create_task(worker())
        return [results[place] for place in range(len(listed))]

    def chapter(self, title: str) -> None:
        elapsed = time.monotonic() - self.started_at
        self.console.print(f"[bold]{title}[/bold]  [dim]{elapsed:.0f} s[/dim]")


def _is_unfinished(answer: Answer) -> bool:
    if answer.is_waiting or answer.status == 429 or answer.status >= 500:
        return True
    return answer.problem == "request-in-progress"
