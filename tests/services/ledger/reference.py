"""What the ledger has to answer, in few words: one transfer after the other, a chain tried on a copy.

It shares no rule with the ledger: accounts are names, results are texts, time is a number of seconds, and
there is nothing but members, the treasury, a business, payments with their fees, burning, holds, mandates
and freezes.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

LIMIT = 2**62
TREASURY, ISSUANCE, BUSINESS = "treasury", "issuance", "business"
ASSETS = {"GLD"}
OWN_CODES = {"pay", "hold", "burn"}
"""What the debited member asks for; all else the credited one does."""
NAMES = {"hold": {"timeout"}, "hold_post": {"hold"}, "hold_void": {"hold"}, "mandate_pay": {"mandate"}}
"""What only transfers of a code have."""
WEEK = 7 * 24 * 60 * 60
HOLDS_MAX = 4
FEE_PERCENT, FEE_MAX = 1, 1_000_000
WITH_FEE = {"pay", "hold_post", "mandate_pay", "business_pay"}
PAID = {TREASURY, BUSINESS}
"""What is paid beside members."""
STOPPED = {"pay", "hold", "mandate_pay", "burn"}


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
    timeout: int | None = None
    hold: int | None = None
    mandate: int | None = None

    @property
    def named(self) -> dict[str, int]:
        """What it has of that which only some codes have."""
        held = {"timeout": self.timeout, "hold": self.hold, "mandate": self.mandate}
        return {name: value for name, value in held.items() if value is not None}

    @property
    def flags(self) -> tuple[bool, bool, bool]:
        return (self.linked, self.balancing_debit, self.balancing_credit)


Told = tuple[str, str | None, int | None]
"""Result, first result, what was moved."""


@dataclass
class Held:
    """A hold of a member, by its id: `end` is `pending`, or how it ended."""

    payee: int | str | None
    amount: int
    until: int
    end: str = "pending"


@dataclass
class Given:
    """A mandate of a member: `used` of the cap in the period that began at `since`."""

    payee: int
    cap: int
    every: int
    until: int
    since: int
    used: int = 0
    revoked: bool = False


@dataclass
class Reference:
    """Balances by account, and by (member, id) what was answered: (asked, moved) or the refusal's name; holds
    and mandates by (member, id)."""

    balances: dict[int | str, int]
    now: int = 0
    holds: dict[tuple[int, int], Held] = field(default_factory=dict[tuple[int, int], Held])
    mandates: dict[tuple[int, int], Given] = field(default_factory=dict[tuple[int, int], Given])
    frozen_until: dict[int, int] = field(default_factory=dict[int, int])
    limits: dict[int, int] = field(default_factory=dict[int, int])
    """Of the business' hires."""
    spent: dict[int, int] = field(default_factory=dict[int, int])
    spent_ids: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
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

    def spend(self, member: int, asked: Asked) -> Told | str:
        """A payment of the business, by its manager or by a hire within their limit."""
        limit = self.limits.get(member)
        if limit is not None:
            left = limit - self.spent.get(member, 0)
            if asked.amount > left and (member, asked.id) not in self.spent_ids:
                return "spending-limit-reached"
        if (member, asked.id) in self.answered:
            return self._again(member, asked)
        to_themselves = limit is not None and asked.credit == member
        fault = self._fault(member, asked, for_business=True, to_themselves=to_themselves)
        if fault is not None:
            self.answered[member, asked.id] = fault
            return fault, None, None
        told = self._move(member, asked)
        self.spent[member] = self.spent.get(member, 0) + asked.amount
        self.spent_ids.add((member, asked.id))
        return told

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
                self.__dict__.update(trial.__dict__)
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
        return self._move(member, asked)

    def _move(self, member: int, asked: Asked) -> Told:
        moved = self._movable(asked)
        if asked.code == "hold":
            self.holds[member, asked.id] = Held(asked.credit, moved, self.now + (asked.timeout or 0))
        if asked.code in ("hold_post", "hold_void"):
            self._held(asked).end = asked.code
        if asked.code == "mandate_pay":
            given = self.mandates[asked.debit, asked.mandate]  # type: ignore[index]
            given.used = self._used(given) + moved
            given.since = self._period(given)
        if asked.code not in ("hold", "hold_void"):
            self.balances[asked.debit] -= moved  # type: ignore[index]
            self.balances[asked.credit] += moved  # type: ignore[index]
        if asked.code in WITH_FEE and asked.credit != TREASURY:
            fee = min(moved * FEE_PERCENT // 100, FEE_MAX)
            self.balances[asked.credit] -= fee  # type: ignore[index]
            self.balances[TREASURY] += fee
        self.answered[member, asked.id] = (asked, moved)
        return "posted", None, moved

    def reserved(self, member: int | str | None) -> int:
        """In holds of the member that are pending now."""
        mine = [held for (payer, _), held in self.holds.items() if payer == member]
        return sum(held.amount for held in mine if held.end == "pending" and held.until > self.now)

    def expected(self, member: int | str) -> int:
        mine = [held for held in self.holds.values() if held.payee == member]
        return sum(held.amount for held in mine if held.end == "pending" and held.until > self.now)

    def _held(self, asked: Asked) -> Held:
        return self.holds[asked.debit, asked.hold]  # type: ignore[index]

    def _period(self, given: Given) -> int:
        while given.since + given.every <= self.now:
            given.since, given.used = given.since + given.every, 0
        return given.since

    def _used(self, given: Given) -> int:
        self._period(given)
        return given.used

    def _fault(  # noqa: PLR0911 - one return for each fault
        self, member: int, asked: Asked, *, for_business: bool = False, to_themselves: bool = False
    ) -> str | None:
        faults = {
            "debit_account_not_found": asked.debit not in self.balances,
            "credit_account_not_found": asked.credit not in self.balances,
            "debit_account_frozen": asked.code in STOPPED
            and self.frozen_until.get(asked.debit, 0) > self.now,  # type: ignore[arg-type]
            "accounts_the_same": asked.debit == asked.credit,
            "assets_differ": asked.asset not in ASSETS,
            "amount_zero": asked.amount == 0,
            "code_not_permitted": (asked.code == "business_pay") != for_business
            or asked.code not in {*OWN_CODES, *NAMES, "business_pay"}
            or (isinstance(asked.debit, str) and not for_business)
            or (asked.code == "burn") != (asked.credit == ISSUANCE)
            or (asked.code not in {"pay", "business_pay"} and asked.credit in PAID),
            "particulars_do_not_fit": not asked.named.keys() <= NAMES.get(asked.code, set()),
            "debit_not_permitted": asked.code in OWN_CODES and asked.debit != member,
            "credit_not_permitted": to_themselves
            or (asked.code not in OWN_CODES and not for_business and asked.credit != member),
        }
        for name, holds in faults.items():
            if holds:
                return name
        if asked.code in ("hold_post", "hold_void"):
            return self._fault_of_end(asked)
        pending = sum(
            payer == member and held.end == "pending" and held.until > self.now
            for (payer, _), held in self.holds.items()
        )
        if asked.code == "hold" and not 1 <= (asked.timeout or 0) <= WEEK:
            return "timeout_invalid"
        if asked.code == "mandate_pay" and (fault := self._fault_of_mandate(asked)):
            return fault
        if asked.code == "hold" and pending >= HOLDS_MAX:
            return "holds_exceeded"
        there, moved = self._there(asked), self._movable(asked)
        if self.balances[asked.credit] + max(moved, 1) > LIMIT:  # type: ignore[index]
            return "overflow"
        return "insufficient_funds" if moved < 1 or moved > there else None

    def _fault_of_end(self, asked: Asked) -> str | None:
        held = self.holds.get((asked.debit, asked.hold))  # type: ignore[arg-type]
        if held is None or held.payee != asked.credit:
            return "pending_not_found"
        if held.end != "pending":
            return {"hold_post": "pending_already_posted", "hold_void": "pending_already_voided"}[held.end]
        moved = self._movable(asked)
        if held.until <= self.now:
            return "pending_expired"
        if moved > held.amount:
            return "amount_above_pending"
        return "amount_below_pending" if asked.code == "hold_void" and moved < held.amount else None

    def _fault_of_mandate(self, asked: Asked) -> str | None:
        given = self.mandates.get((asked.debit, asked.mandate))  # type: ignore[arg-type]
        if given is None or given.payee != asked.credit or given.revoked:
            return "mandate_missing"
        if given.until <= self.now:
            return "mandate_expired"
        return "mandate_exceeded" if self._used(given) + self._movable(asked) > given.cap else None

    def _there(self, asked: Asked) -> int:
        """What the debit account can spend; of what ends a hold, what is held."""
        held = self.holds.get((asked.debit, asked.hold)) if asked.hold is not None else None  # type: ignore[arg-type]
        if held is not None:
            return held.amount
        return self.balances[asked.debit] - self.reserved(asked.debit)  # type: ignore[index]

    def _movable(self, asked: Asked) -> int:
        most = asked.amount
        if asked.balancing_debit:
            most = min(most, self._there(asked))
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
        if asked.named != first.named:
            name = "exists_with_different_particulars"
        if asked.flags != first.flags:
            name = "exists_with_different_flags"
        if asked.code != first.code:
            name = "exists_with_different_code"
        if (asked.debit, asked.credit) != (first.debit, first.credit):
            name = "exists_with_different_accounts"
        if asked.amount < moved or (asked.amount > moved and not is_capped):
            name = "exists_with_different_amount"
        return name, None, moved
