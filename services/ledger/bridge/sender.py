"""Sends what the bridge owes the chain. What is sent was written down before: a crash forgets nothing.

All attempts of a transaction share one nonce: at most one of them ever runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from chassis.clock import Clock
from chassis.membership import UnionView
from chassis.unit_of_work import UnitFactory
from services.ledger.bridge import metrics
from services.ledger.bridge.chain.errors import CallReverted, ChainUnavailable
from services.ledger.bridge.chain.node import Node, Receipt
from services.ledger.bridge.chain.operator import Operator
from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.sending import Fate, Observation, Step, next_step, raised_fees
from services.ledger.bridge.domain.states import TransactionKind
from services.ledger.bridge.store.transactions import (
    Attempt,
    Transaction,
    attempts_of,
    drop_nonce,
    lock_transaction,
    note_error,
    take_nonce,
    waiting_transactions,
    write_attempt,
)
from services.ledger.bridge.use_cases.move_withdrawal import note_sent
from services.ledger.bridge.work import Call, Work
from services.ledger.settings import LedgerSettings

logger = structlog.get_logger(__name__)
ACTOR = "bridge:sender"
GAS_MARGIN_BASIS_POINTS = 12_000


@dataclass(frozen=True, slots=True)
class _Look:
    """What the chain says of a transaction; `receipt` and `hash` are of the attempt that was mined."""

    fate: Fate
    receipt: Receipt | None = None
    hash: str | None = None


class Sender:
    """The operator's. Several processes may send side by side: what they write down decides."""

    def __init__(
        self, units: UnitFactory, clock: Clock, node: Node, operator: Operator, settings: LedgerSettings
    ) -> None:
        self._units = units
        self._clock = clock
        self._node = node
        self._operator = operator
        self._settings = settings
        self._work = Work(units, node, operator)

    async def send_on(self) -> None:
        """One step for each transaction that waits. Raises ChainUnavailable."""
        async with self._units(ACTOR) as unit:
            waiting = await waiting_transactions(
                await unit.raw(), self._node.chain_id, self._settings.bridge_transactions_at_once_max
            )
        metrics.waiting_transactions.set(len(waiting))
        if not waiting:
            return
        finalized = await self._node.finalized()
        for transaction in waiting:
            try:
                await self._advance(transaction, finalized)
            except ChainUnavailable as error:
                await self._note_error(transaction, str(error))
                raise

    async def _advance(self, transaction: Transaction, finalized: Block) -> None:
        call = await self._work.call_of(transaction)
        numbered = transaction if transaction.nonce is not None else await self._number(transaction, call)
        if numbered is None or numbered.nonce is None:
            return
        async with self._units(ACTOR) as unit:
            attempts = await attempts_of(await unit.raw(), numbered)
        look = await self._look_at(attempts, finalized)
        own = [attempt for attempt in attempts if attempt.nonce == numbered.nonce]
        used = await self._node.nonces_used(self._operator.address, at_finality=True)
        seen = Observation(
            attempts_count=len(own),
            fate=look.fate,
            nonce_is_spent=used > numbered.nonce,
            is_known=bool(own) and await self._node.knows(own[0].hash),
            age_seconds=self._age_seconds(own[0].signed_at) if own else 0,
        )
        match next_step(seen, self._settings.bridge_resend_seconds):
            case Step.SIGN:
                await self._sign(numbered, call, None)
            case Step.RAISE:
                await self._sign(numbered, call, own[0])
            case Step.REPEAT:
                await self._send(numbered, call.union, own[0])
            case Step.DONE:
                await self._work.finish(numbered, look.receipt, look.hash)
            case Step.FAILED:
                await self._work.give_up(numbered, look.hash)
            case Step.RENUMBER:
                await self._renumber(numbered)
            case Step.WAIT if own:
                await self._note_sent(numbered, call.union, own[0])
            case Step.WAIT:
                pass

    async def _number(self, transaction: Transaction, call: Call) -> Transaction | None:
        """A nonce for what would run; None where the chain refuses it, or says that it is done."""
        try:
            await self._node.gas_of(self._operator.call(call.to, call.data))
        except CallReverted as refusal:
            await self._work.refused_before_sending(transaction, refusal.reason)
            return None
        used = await self._node.nonces_used(self._operator.address, at_finality=False)
        async with self._units(ACTOR) as unit:
            raw = await unit.raw()
            locked = await lock_transaction(raw, transaction.union_id, transaction.id)
            if locked is None or locked.nonce is not None:
                return locked
            nonce = await take_nonce(raw, locked, self._operator.address, used)
            return replace(locked, nonce=nonce)

    async def _sign(self, transaction: Transaction, call: Call, before: Attempt | None) -> None:
        """Sign, write down, send: with a higher fee than the attempt before, where there is one."""
        fee_wei_max = self._settings.bridge_fee_wei_max
        market = await self._node.fees(fee_wei_max)
        raise_basis_points = self._settings.bridge_fee_raise_basis_points
        fees = market if before is None else raised_fees(before.fees, market, raise_basis_points, fee_wei_max)
        if fees is None:
            return
        assert transaction.nonce is not None
        signed = self._operator.sign(
            call.to,
            call.data,
            chain_id=self._node.chain_id,
            nonce=transaction.nonce,
            gas=await self._gas(call),
            fees=fees,
        )
        async with self._units(ACTOR) as unit:
            attempt = Attempt(
                number=transaction.attempts_count + 1,
                nonce=transaction.nonce,
                hash=signed.hash,
                signed=signed.signed,
                fees=fees,
                signed_at=unit.now,
            )
            is_ours = await write_attempt(await unit.raw(), transaction, attempt)
        if is_ours:
            await self._send(transaction, call.union, attempt)

    async def _gas(self, call: Call) -> int:
        """With a margin. What reverts now gets the limit: it has its nonce, and a gap stops the others."""
        most = self._settings.bridge_gas_max
        try:
            estimated = await self._node.gas_of(self._operator.call(call.to, call.data))
        except CallReverted:
            return most
        return min(most, estimated * GAS_MARGIN_BASIS_POINTS // 10_000)

    async def _send(self, transaction: Transaction, union: UnionView, attempt: Attempt) -> None:
        await self._node.send(attempt.signed)
        metrics.attempts_total.inc()
        await self._note_sent(transaction, union, attempt)

    async def _note_sent(self, transaction: Transaction, union: UnionView, attempt: Attempt) -> None:
        """Also what a crash forgot to note."""
        if transaction.kind is TransactionKind.RELEASE:
            async with self._units(ACTOR) as unit:
                await note_sent(unit, union, transaction.id, attempt.hash)

    async def _look_at(self, attempts: Sequence[Attempt], finalized: Block) -> _Look:
        """The attempt that was mined, whichever it is; it counts once its block is final."""
        for attempt in attempts:
            receipt = await self._node.receipt(attempt.hash)
            if receipt is None:
                continue
            is_final = (
                receipt.block.number <= finalized.number
                and await self._node.block(receipt.block.number) == receipt.block
            )
            if not is_final:
                return _Look(Fate.MINED)
            return _Look(Fate.DONE if receipt.succeeded else Fate.FAILED, receipt, attempt.hash)
        return _Look(Fate.UNSEEN)

    async def _renumber(self, transaction: Transaction) -> None:
        logger.warning("a nonce went to a transaction that is none of ours", nonce=transaction.nonce)
        async with self._units(ACTOR) as unit:
            raw = await unit.raw()
            locked = await lock_transaction(raw, transaction.union_id, transaction.id)
            if locked is not None and locked.nonce == transaction.nonce:
                await drop_nonce(raw, locked)

    async def _note_error(self, transaction: Transaction, error: str) -> None:
        async with self._units(ACTOR) as unit:
            await note_error(await unit.raw(), transaction, error)

    def _age_seconds(self, since: datetime) -> int:
        return int((self._clock.now() - since).total_seconds())
