"""Read a union's supply: what its charter planned beside what the journal says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import AccountKind, member_account_id, union_account_id
from services.ledger.domain.errors import UnionNotInLedger
from services.ledger.domain.genesis import (
    SUPPLY_LIMIT_MINOR,
    GenesisSplit,
    charter_number,
    genesis_plan,
    split_genesis,
)
from services.ledger.domain.grants import GrantFormula, grant_formula
from services.ledger.domain.supply import SupplyPolicy, supply_policy
from services.ledger.domain.vesting import VestingPlan
from services.ledger.store.accounts import load_accounts
from services.ledger.store.assets import genesis_supply, supply_limit
from services.ledger.store.effects import issued_by_decisions
from services.ledger.store.grants import taken_ever
from services.ledger.store.reasons import decisions_of
from services.ledger.store.statements import lines_from
from services.ledger.use_cases.await_vesting import founders_plan


@dataclass(frozen=True, slots=True)
class SupplyLook:
    """Amounts are minor units; `released_minor`: of the founder's share, `pool_minor`: the early members'."""

    policy: SupplyPolicy
    genesis_minor: int
    issued_minor: int
    supply_minor: int
    limit_minor: int
    split: GenesisSplit
    vesting: VestingPlan
    released_minor: int
    formula: GrantFormula
    grants_count: int
    grants_per_day: int
    pool_minor: int

    @property
    def burned_minor(self) -> int:
        return self.genesis_minor + self.issued_minor - self.supply_minor


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """A transfer out of the issuance account, or, negative, back into it."""

    sequence: int
    time: datetime
    code: str
    amount_minor: int
    supply_after_minor: int
    decision_id: UUID | None


async def read_supply(unit: UnitOfWork, union: UnionView) -> SupplyLook:
    """Raises UnionNotInLedger."""
    raw = await unit.raw()
    issuance = union_account_id(union.id, AccountKind.ISSUANCE)
    pool = union_account_id(union.id, AccountKind.EARLY_MEMBERS)
    locked = member_account_id(union.id, union.founder_id, AccountKind.VESTING)
    accounts = await load_accounts(raw, union.id, [issuance, pool, locked])
    if issuance not in accounts:
        raise UnionNotInLedger(union.id)
    vesting = founders_plan(union)
    limit_minor = SUPPLY_LIMIT_MINOR
    policy = supply_policy(union.parameters)
    genesis_minor = await genesis_supply(raw, union.id, union.token.symbol)
    if policy is SupplyPolicy.FIXED:
        limit_minor = genesis_minor
    vault_minor = await supply_limit(raw, union.id)
    return SupplyLook(
        policy=policy,
        genesis_minor=genesis_minor,
        issued_minor=await issued_by_decisions(raw, union.id),
        supply_minor=-accounts[issuance].balance_minor,
        limit_minor=limit_minor if vault_minor is None else min(limit_minor, vault_minor),
        split=split_genesis(genesis_plan(union.parameters)),
        vesting=vesting,
        released_minor=vesting.total_minor - (accounts[locked].balance_minor if locked in accounts else 0),
        formula=grant_formula(union.parameters),
        grants_count=await taken_ever(raw, union.id),
        grants_per_day=charter_number(union.parameters, "joining_grants_per_day"),
        pool_minor=accounts[pool].balance_minor,
    )


async def supply_changes(
    unit: UnitOfWork, union: UnionView, place: tuple[int, int] | None, limit: int
) -> tuple[Sequence[SupplyChange], tuple[int, int] | None]:
    """At most `limit`, the newest first, and where it goes on: (sequence, supply after it).

    Raises UnionNotInLedger.
    """
    raw = await unit.raw()
    issuance_id = union_account_id(union.id, AccountKind.ISSUANCE)
    issuance = (await load_accounts(raw, union.id, [issuance_id])).get(issuance_id)
    if issuance is None:
        raise UnionNotInLedger(union.id)
    sequence, supply_minor = place or (issuance.last_sequence, -issuance.balance_minor)
    lines = await lines_from(raw, union.id, issuance.number, sequence, limit)
    decisions = await decisions_of(raw, union.id, [line.sequence for line in lines])
    changes: list[SupplyChange] = []
    for line in lines:
        issued_minor = -line.amount_minor
        decision_id = decisions.get(line.sequence)
        changes.append(
            SupplyChange(line.sequence, line.time, line.code, issued_minor, supply_minor, decision_id)
        )
        supply_minor -= issued_minor
    return changes, (lines[-1].previous, supply_minor) if lines and lines[-1].previous else None
