"""What clients of the ledger were told of each id, held against itself and against the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import asyncpg

from services.ledger.domain.rights import Code, PrincipalKind, named_principal
from services.ledger.domain.transfers import Flag

Said = TypeVar("Said")
Key = tuple[UUID, UUID]
"""The principal, and the id that it chose."""

FLAGS = {
    "linked": Flag.LINKED,
    "balancing_debit": Flag.BALANCING_DEBIT,
    "balancing_credit": Flag.BALANCING_CREDIT,
}
DONE = {"posted", "exists"}
REPEATS = ("exists", "id_already_failed", "cancelled")
"""How the answers begin that tell of an id what it was answered before."""
LEDGER = named_principal(PrincipalKind.LEDGER).id
_STORED = """
SELECT t.principal_id, t.id, d.id AS debit_account, c.id AS credit_account, t.amount_minor, t.code, t.flags,
       p.timeout_seconds, p.pending_id
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
LEFT JOIN transfer_particulars p ON (p.union_id, p.sequence) = (t.union_id, t.sequence)
WHERE t.principal_id <> $1
"""


class Content(NamedTuple):
    """A transfer as it was asked for, with what it moved."""

    debit_account: UUID
    credit_account: UUID
    code: str
    flags: int
    timeout_seconds: int | None
    pending_id: UUID | None
    moved_minor: int


def content_of(asked: Mapping[str, Any], moved_minor: int) -> Content:
    flags = sum(flag for name, flag in FLAGS.items() if asked.get(name))
    pending = asked.get("pending_id")
    return Content(
        UUID(asked["debit_account"]),
        UUID(asked["credit_account"]),
        asked["code"],
        flags,
        asked.get("timeout_seconds"),
        None if pending is None else UUID(pending),
        moved_minor,
    )


@dataclass(slots=True)
class Told:
    """By id what was said of it; `contradictions`: what was said otherwise before."""

    results: Counter[str] = field(default_factory=Counter[str])
    contradictions: list[str] = field(default_factory=list[str])
    posted: dict[Key, Content] = field(default_factory=dict[Key, Content])
    refused: dict[Key, str] = field(default_factory=dict[Key, str])
    moved: dict[Key, int] = field(default_factory=dict[Key, int])
    """Of ids that were said to be posted, whatever was asked: the amount."""
    _news: set[Key] = field(default_factory=set[Key])
    """Ids of which it was said that they were posted, or refused, now."""

    def hear(self, principal_id: UUID, asked: Sequence[Mapping[str, Any]], answers: Sequence[Any]) -> None:
        for transfer, answer in zip(asked, answers, strict=True):
            key, result = (principal_id, UUID(answer["id"])), answer["result"]
            self.results[result] += 1
            if UUID(transfer["id"]) != key[1]:
                self.contradictions.append(f"{transfer['id']} was answered as {key[1]}")
            if result in DONE:
                self._keep(self.posted, key, content_of(transfer, int(answer["minor"])))
            self._hear_of_id(key, answer)
            if not result.startswith(REPEATS):
                self._hear_news(key, result)
        self._hear_chains(asked, answers)

    def hear_cancellations(self, principal_id: UUID, answers: Sequence[Any]) -> None:
        for answer in answers:
            self.results[f"cancellation: {answer['result']}"] += 1
            self._hear_of_id((principal_id, UUID(answer["id"])), answer)

    def _hear_chains(self, asked: Sequence[Mapping[str, Any]], answers: Sequence[Any]) -> None:
        """All of a chain is posted or nothing: no client sends a part of one elsewhere as it is."""
        chain: list[str] = []
        for transfer, answer in zip(asked, answers, strict=True):
            chain.append(answer["result"])
            if not transfer.get("linked"):
                if len({result in DONE for result in chain}) > 1:
                    self.contradictions.append(f"the chain that ends with {answer['id']} is {chain}")
                chain = []

    def _hear_of_id(self, key: Key, answer: Any) -> None:
        if answer["minor"] is not None:
            self._keep(self.moved, key, int(answer["minor"]))
        else:
            self._keep(self.refused, key, answer["first_result"] or answer["result"])

    def _hear_news(self, key: Key, result: str) -> None:
        if key in self._news:
            self.contradictions.append(f"{key} is {result} for the second time")
        self._news.add(key)

    def _keep(self, said: dict[Key, Said], key: Key, now: Said) -> None:
        if said.setdefault(key, now) != now:
            self.contradictions.append(f"{key} was {said[key]} and is {now}")

    async def faults(self, url: str) -> list[str]:
        """What the rows say otherwise; every request was answered in the end."""
        connection = await asyncpg.connect(url)
        try:
            rows = await connection.fetch(_STORED, LEDGER)
            burnt = await connection.fetch("SELECT principal_id, id, result FROM refused_transfers")
        finally:
            await connection.close()
        stored = {(row["principal_id"], row["id"]): _content_of_row(row) for row in rows}
        refused = {(row["principal_id"], row["id"]): row["result"] for row in burnt}
        faults = [*self.contradictions]
        if len(stored) != len(rows):
            faults.append("an id is posted twice")
        faults += [f"{key} is posted and refused" for key in stored.keys() & refused.keys()]
        faults += [
            f"{key} was told as {content}, is {stored.get(key)}"
            for key, content in self.posted.items()
            if stored.get(key) != content
        ]
        moved = {key: content.moved_minor for key, content in stored.items()}
        for told, kept in ((self.moved, moved), (self.refused, refused)):
            differing = {key for key in told.keys() | kept.keys() if told.get(key) != kept.get(key)}
            faults += [f"{key} was told as {told.get(key)}, is {kept.get(key)}" for key in differing]
        return faults


def _content_of_row(row: Any) -> Content:
    return Content(
        row["debit_account"],
        row["credit_account"],
        Code(row["code"]).word,
        row["flags"],
        row["timeout_seconds"],
        row["pending_id"],
        row["amount_minor"],
    )
