"""The books that the rules look at, and what a batch that is under way has changed in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.transfers import PostedBefore, Posting, RefusedBefore

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Books:
    """What the rules look at: the accounts that are named, and what contributors have in escrows (by escrow
    id and contributor's account id)."""

    accounts: Mapping[UUID, Account]
    contributions: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict[tuple[UUID, UUID], int])
    last_sequence: int = 0


class Draft:
    """What has changed since the batch began, and the way back to where a chain began."""

    def __init__(self, books: Books) -> None:
        self.earlier: dict[UUID, PostedBefore | RefusedBefore] = {}
        """Of the principal whose part it is."""
        self.contributions: dict[tuple[UUID, UUID], int] = dict(books.contributions)
        self.balances: dict[UUID, int] = {}
        self.last: dict[UUID, int] = {}
        self.moved: dict[tuple[UUID, UUID], int] = {}
        self.spent_acts: dict[tuple[str, str], UUID] = {}
        self.postings: list[Posting] = []
        self._before = books.last_sequence
        self._undo: list[Callable[[], object]] | None = None
        """None while no chain is under way: nothing is taken back then."""

    @property
    def next_sequence(self) -> int:
        return self._before + len(self.postings) + 1

    def put(self, held: dict[_Key, _Value], key: _Key, value: _Value) -> None:
        if self._undo is not None:
            was = partial(held.__setitem__, key, held[key]) if key in held else partial(held.pop, key)
            self._undo.append(was)
        held[key] = value

    def post(self, posting: Posting) -> None:
        self.postings.append(posting)
        if self._undo is not None:
            self._undo.append(self.postings.pop)

    def begin_chain(self) -> None:
        """What happens from here on can be taken back."""
        self._undo = []

    def end_chain(self, *, holds: bool) -> None:
        undo, self._undo = self._undo or [], None
        while undo and not holds:
            undo.pop()()
