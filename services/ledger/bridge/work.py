"""What a transaction is for: the call that it makes, and what its end means inside."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.membership import UnionView, find_union
from chassis.unit_of_work import UnitFactory
from services.ledger.bridge.chain.node import Node, Receipt
from services.ledger.bridge.chain.operator import Operator
from services.ledger.bridge.chain.token import creation_code
from services.ledger.bridge.chain.vault import Vault, Vaults
from services.ledger.bridge.domain.amounts import chain_amount, unit_of
from services.ledger.bridge.domain.states import TransactionKind
from services.ledger.bridge.store.bridges import find_bridge
from services.ledger.bridge.store.transactions import (
    Transaction,
    drop_nonce,
    lock_transaction,
    note_error,
    settle,
)
from services.ledger.bridge.store.withdrawals import find_withdrawal
from services.ledger.bridge.use_cases.move_withdrawal import note_paid, return_withdrawal
from services.ledger.bridge.use_cases.open_bridge import finish_opening
from services.ledger.store.assets import genesis_supply, supply_limit

ACTOR = "bridge:sender"


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: `to` is None for a deployment."""

    union: UnionView
    to: str | None
    data: str


class Work:
    """Knows openings and releases, so that the sender needs to know neither."""

    def __init__(self, units: UnitFactory, node: Node, operator: Operator) -> None:
        self._units = units
        self._node = node
        self._vaults = Vaults(node)
        self._operator = operator

    async def call_of(self, transaction: Transaction) -> Call:
        """Raises ChainUnavailable."""
        union, vault = await self._union_and_vault(transaction)
        if transaction.kind is TransactionKind.OPENING:
            async with self._units(ACTOR) as unit:
                raw = await unit.raw()
                # One that the release before asked for has no limit: its vault is given the genesis' supply.
                supply_minor = await supply_limit(raw, union.id) or await genesis_supply(
                    raw, union.id, union.token.symbol
                )
            scale = union.token.scale
            code = creation_code(union.slug, union.token.symbol, chain_amount(supply_minor, scale))
            data = await self._vaults.deployment(self._operator.address, unit_of(scale), code)
            return Call(union, None, data)
        assert vault is not None
        async with self._units(ACTOR) as unit:
            withdrawal = await find_withdrawal(await unit.raw(), union.id, transaction.id)
        assert withdrawal is not None
        amount = chain_amount(withdrawal.amount_minor, union.token.scale)
        return Call(union, vault.address, vault.release(withdrawal.id, withdrawal.recipient, amount))

    async def finish(
        self, transaction: Transaction, receipt: Receipt | None, transaction_hash: str | None
    ) -> None:
        """It ran, and that is final. Raises ChainUnavailable."""
        if transaction.kind is TransactionKind.RELEASE:
            await self._paid(transaction, transaction_hash)
            return
        assert receipt is not None and receipt.contract is not None
        vault = await self._vaults.at(receipt.contract)
        token = await vault.token()
        async with self._units(ACTOR) as unit:
            raw = await unit.raw()
            locked = await lock_transaction(raw, transaction.union_id, transaction.id)
            if locked is not None:
                await settle(raw, locked, is_done=True)
                await finish_opening(unit, locked.union_id, vault.address, token, receipt.block.number)

    async def give_up(self, transaction: Transaction, transaction_hash: str | None) -> None:
        """It ran and was refused, and that is final. An opening is tried anew; a withdrawal goes back, unless
        it was paid all the same."""
        if transaction.kind is TransactionKind.OPENING:
            async with self._units(ACTOR) as unit:
                raw = await unit.raw()
                locked = await lock_transaction(raw, transaction.union_id, transaction.id)
                if locked is not None:
                    await drop_nonce(raw, locked)
            return
        _, vault = await self._union_and_vault(transaction)
        assert vault is not None
        if await vault.is_released(transaction.id, at_finality=True):
            await self._paid(transaction, None)
        else:
            await self._return(transaction, f"reverted in {transaction_hash}")

    async def refused_before_sending(self, transaction: Transaction, reason: str) -> None:
        """The chain would refuse it as it stands. A withdrawal goes back only where nothing can pay it any
        more: nothing of ours was sent for it, and the node holds nothing of ours."""
        if transaction.kind is TransactionKind.RELEASE:
            _, vault = await self._union_and_vault(transaction)
            assert vault is not None
            if await vault.is_released(transaction.id, at_finality=True):
                await self._paid(transaction, None)
                return
            if not await vault.is_released(transaction.id, at_finality=False) and await self._is_idle():
                await self._return(transaction, reason)
                return
        async with self._units(ACTOR) as unit:
            await note_error(await unit.raw(), transaction, reason)

    async def _is_idle(self) -> bool:
        """Everything that the operator ever sent is final."""
        address = self._operator.address
        final = await self._node.nonces_used(address, at_finality=True)
        return final == await self._node.nonces_pending(address)

    async def _paid(self, transaction: Transaction, transaction_hash: str | None) -> None:
        union, _ = await self._union_and_vault(transaction)
        async with self._units(ACTOR) as unit:
            raw = await unit.raw()
            locked = await lock_transaction(raw, transaction.union_id, transaction.id)
            if locked is not None:
                await settle(raw, locked, is_done=True)
                await note_paid(unit, union, locked.id, transaction_hash)

    async def _return(self, transaction: Transaction, reason: str) -> None:
        union, _ = await self._union_and_vault(transaction)
        async with self._units(ACTOR) as unit:
            raw = await unit.raw()
            locked = await lock_transaction(raw, transaction.union_id, transaction.id)
            if locked is not None:
                await settle(raw, locked, is_done=False)
                await return_withdrawal(unit, union, locked.id, reason)

    async def _union_and_vault(self, transaction: Transaction) -> tuple[UnionView, Vault | None]:
        """The transaction's union, and its vault once there is one."""
        async with self._units(ACTOR) as unit:
            union = await find_union(unit, str(transaction.union_id))
            bridge = await find_bridge(await unit.raw(), transaction.union_id)
        assert union is not None and bridge is not None
        return union, None if bridge.vault is None else await self._vaults.at(bridge.vault)
