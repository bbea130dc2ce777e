"""Open a union's books: its journal, its asset, its accounts and the genesis, once."""

from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView, ask_union, find_union
from chassis.peers import Peers
from chassis.unit_of_work import UnitOfWork
from events.ledger import AssetIssued
from services.ledger.domain.accounts import (
    LEDGER_NAMESPACE,
    UNION_KINDS,
    AccountKind,
    member_account_id,
    union_account_id,
)
from services.ledger.domain.errors import UnionNotInLedger
from services.ledger.domain.genesis import charter_number, genesis_plan, split_genesis
from services.ledger.domain.journal import Head
from services.ledger.domain.reasons import Reason
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.accounts import NewAccount, open_accounts
from services.ledger.store.assets import issue_asset
from services.ledger.store.journal import lock_head, open_journal
from services.ledger.use_cases.await_vesting import founders_plan, wait_for_step
from services.ledger.use_cases.post_entry import head_after, post_entry


async def lock_books(unit: UnitOfWork, union: UnionView) -> Head:
    """The union's head, locked; its books are opened first when they are not.

    Raises ParameterMissing, SharesDoNotAddUp, SupplyOutOfBounds.
    """
    head = await lock_head(await unit.raw(), union.id)
    return head if head is not None else await open_books(unit, union)


async def open_books(unit: UnitOfWork, union: UnionView) -> Head:
    """Issue the union's whole supply by its charter's shares. Opening them again changes nothing."""
    raw = await unit.raw()
    plan = genesis_plan(union.parameters)
    split = split_genesis(plan)
    if not await open_journal(raw, union.id):
        return await head_after(unit, union.id)
    await issue_asset(raw, union.id, union.token, plan.supply_minor, unit.now)
    accounts = [NewAccount(union_account_id(union.id, kind), kind) for kind in UNION_KINDS]
    vesting = founders_plan(union)
    kinds = (AccountKind.MEMBER, AccountKind.VESTING) if vesting.span else (AccountKind.MEMBER,)
    founders = [
        NewAccount(member_account_id(union.id, union.founder_id, kind), kind, union.founder_id)
        for kind in kinds
    ]
    await open_accounts(raw, union.id, union.token.symbol, [*accounts, *founders], unit.now)
    shares = (
        (union_account_id(union.id, AccountKind.TREASURY), split.treasury_minor, "treasury"),
        (founders[-1].id, split.founder_minor, "founder"),
        (union_account_id(union.id, AccountKind.EARLY_MEMBERS), split.early_members_minor, "early_members"),
    )
    reasons: dict[UUID, Reason] = {}
    batch: list[TransferRequest] = []
    for account_id, share_minor, whose in shares:
        if not share_minor:
            continue
        request = TransferRequest(
            id=derived_id(LEDGER_NAMESPACE, str(union.id), Code.GENESIS.word, str(account_id)),
            debit_account=union_account_id(union.id, AccountKind.ISSUANCE),
            credit_account=account_id,
            asset=union.token.symbol,
            amount_minor=share_minor,
            code=Code.GENESIS.word,
        )
        batch.append(request)
        basis_points = charter_number(union.parameters, f"{whose}_share_basis_points")
        reasons[request.id] = Reason(
            {"supply_minor": plan.supply_minor, "share_basis_points": basis_points, "whose": whose}
        )
    await post_entry(unit, union, await head_after(unit, union.id), LEDGER, batch, reasons=reasons)
    if vesting.span:
        await wait_for_step(unit, union.id, vesting.next_due(0))
    unit.publish(
        AssetIssued(
            union_id=union.id,
            asset=union.token.symbol,
            scale=union.token.scale,
            supply_minor=plan.supply_minor,
            issued_at=unit.now,
        )
    )
    unit.record_act(
        "charter: genesis",
        f"assets/{union.token.symbol}",
        {"supply_minor": str(plan.supply_minor), "transfers_count": len(batch)},
        union_id=union.id,
        charter_version=union.charter_version,
    )
    return await head_after(unit, union.id)


async def known_union(unit: UnitOfWork, peers: Peers, union_id: UUID) -> UnionView:
    """The union, asked of identity when its event has not come yet; raises UnionNotInLedger."""
    union = await find_union(unit, str(union_id)) or await ask_union(unit, peers, str(union_id))
    if union is None:
        raise UnionNotInLedger(union_id)
    return union
