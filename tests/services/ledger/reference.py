"""What the ledger has to answer, in few words: one transfer after the other, a chain tried on a copy.

It shares no rule with the ledger: accounts are names, results are texts, and there is nothing but members,
the treasury and the code `pay`.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

LIMIT = 2**62
TREASURY = "treasury"
ASSETS = {"GLD"}


@dataclass(frozen=True)
class Asked:
    """One transfer of a member's batch. Accounts: the members' numbers, the treasury, or nobody's (None)."""

    id: int
    debit: int | str | None
    credit: int | str | None
    amount: int
    asset: str = "GLD"
    code: str = "pay"
    linked: bool = False
    balancing_debit: bool = False
    balancing_credit: bool = False

    @property
    def flags(self) -> tuple[bool, bool, bool]:
        return (self.linked, self.balancing_debit, self.balancing_credit)


Told = tuple[str, str | None, int | None]
"""Result, first result, what was moved."""


@dataclass
class Reference:
    """Balances by account, and by (member, id) what was answered: (asked, moved) or the refusal's name."""

    balances: dict[int | str, int]
    answered: dict[tuple[int, int], tuple[Asked, int] | str] = field(
        default_factory=dict[tuple[int, int], "tuple[Asked, int] | str"]
    )

    def post(self, member: int, batch: list[Asked]) -> list[Told]:
        told: list[Told] = []
        chain: list[Asked] = []
        for asked in batch:
            chain.append(asked)
            if not asked.linked:
                told += self._together(member, chain, None)
                chain = []
        return told + self._together(member, chain, "linked_chain_open") if chain else told

    def _together(self, member: int, chain: list[Asked], fault: str | None) -> list[Told]:
        culprit = len(chain) - 1
        if fault is None:
            trial = deepcopy(self)
            told: list[Told] = []
            for culprit, asked in enumerate(chain):  # noqa: B007 - read below
                told.append(trial._single(member, asked))
                if told[-1][0] not in ("posted", "exists"):
                    fault = told[-1][0]
                    break
            else:
                self.balances, self.answered = trial.balances, trial.answered
                return told
        told = []
        for place, asked in enumerate(chain):
            if (member, asked.id) in self.answered:
                told.append(self._again(member, asked))
            else:
                reason = fault if place == culprit else "linked_transfer_failed"
                self.answered[member, asked.id] = reason
                told.append((reason, None, None))
        return told

    def _single(self, member: int, asked: Asked) -> Told:
        if (member, asked.id) in self.answered:
            return self._again(member, asked)
        fault = self._fault(member, asked)
        if fault is not None:
            return fault, None, None
        moved = self._movable(asked)
        self.balances[asked.debit] -= moved  # type: ignore[index]
        self.balances[asked.credit] += moved  # type: ignore[index]
        self.answered[member, asked.id] = (asked, moved)
        return "posted", None, moved

    def _fault(self, member: int, asked: Asked) -> str | None:
        faults = {
            "debit_account_not_found": asked.debit not in self.balances,
            "credit_account_not_found": asked.credit not in self.balances,
            "accounts_the_same": asked.debit == asked.credit,
            "assets_differ": asked.asset not in ASSETS,
            "amount_zero": asked.amount == 0,
            "code_not_permitted": asked.code != "pay" or asked.debit == TREASURY,
            "debit_not_permitted": asked.debit != member,
        }
        for name, holds in faults.items():
            if holds:
                return name
        there, moved = self.balances[asked.debit], self._movable(asked)  # type: ignore[index]
        if self.balances[asked.credit] + max(moved, 1) > LIMIT:  # type: ignore[index]
            return "overflow"
        return "insufficient_funds" if moved < 1 or moved > there else None

    def _movable(self, asked: Asked) -> int:
        most = asked.amount
        if asked.balancing_debit:
            most = min(most, self.balances[asked.debit])  # type: ignore[index]
        if asked.balancing_credit:
            most = min(most, LIMIT - self.balances[asked.credit])  # type: ignore[index]
        return most

    def _again(self, member: int, asked: Asked) -> Told:
        before = self.answered[member, asked.id]
        if isinstance(before, str):
            return "id_already_failed", before, None
        first, moved = before
        is_capped = asked.balancing_debit or asked.balancing_credit
        name = "exists"
        if asked.flags != first.flags:
            name = "exists_with_different_flags"
        if asked.code != first.code:
            name = "exists_with_different_code"
        if (asked.debit, asked.credit) != (first.debit, first.credit):
            name = "exists_with_different_accounts"
        if asked.amount < moved or (asked.amount > moved and not is_capped):
            name = "exists_with_different_amount"
        return name, None, moved
