"""Open a union's bridge: asked for by the founder, carried out by the sender, open at finality."""

from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.bridge.domain.states import BridgeState, TransactionKind
from services.ledger.bridge.store.bridges import Bridge, find_bridge, note_contracts, request_bridge
from services.ledger.bridge.store.transactions import write_transaction
from services.ledger.domain.accounts import AccountKind, union_account_id
from services.ledger.store.accounts import NewAccount, load_accounts, open_accounts
from services.ledger.store.assets import limit_supply
from services.ledger.use_cases.open_books import lock_books


async def open_bridge(unit: UnitOfWork, union: UnionView, chain_id: int, member_id: UUID) -> Bridge:
    """The bridge as it stands; asking again changes nothing. The vault is given what is out now, and no more
    may be out from then on."""
    raw = await unit.raw()
    await lock_books(unit, union)
    if await request_bridge(raw, union.id, chain_id, member_id, unit.now):
        issuance = union_account_id(union.id, AccountKind.ISSUANCE)
        supply_minor = -(await load_accounts(raw, union.id, [issuance]))[issuance].balance_minor
        await limit_supply(raw, union.id, supply_minor, unit.now)
        account = NewAccount(union_account_id(union.id, AccountKind.BRIDGE), AccountKind.BRIDGE)
        await open_accounts(raw, union.id, union.token.symbol, [account], unit.now)
        await write_transaction(raw, union.id, union.id, TransactionKind.OPENING, chain_id, unit.now)
        unit.record_act(
            "open the bridge",
            "bridge",
            {"chain_id": chain_id},
            union_id=union.id,
            charter_version=union.charter_version,
        )
    found = await find_bridge(raw, union.id)
    assert found is not None
    return found


async def finish_opening(unit: UnitOfWork, union_id: UUID, vault: str, token: str, block_number: int) -> None:
    """The contracts are final on the chain."""
    raw = await unit.raw()
    bridge = await find_bridge(raw, union_id)
    assert bridge is not None and bridge.state is BridgeState.OPENING
    await note_contracts(raw, union_id, vault, token, block_number, unit.now)
    unit.record_act(
        "rule: the contracts are final",
        "bridge",
        {"vault": vault, "token": token, "block_number": block_number},
        union_id=union_id,
        on_behalf_of=str(bridge.requested_by),
    )
