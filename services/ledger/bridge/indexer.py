"""Reads what is final on the chain: block after block, back past a fork, every deposit once."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from chassis.membership import find_union
from chassis.unit_of_work import UnitFactory
from services.ledger.bridge import metrics
from services.ledger.bridge.chain.errors import ChainUnavailable
from services.ledger.bridge.chain.node import Node
from services.ledger.bridge.chain.vault import Vaults
from services.ledger.bridge.domain.blocks import Block, last_common, next_range
from services.ledger.bridge.domain.deposits import numbered
from services.ledger.bridge.store.bridges import (
    Bridge,
    keep_block,
    kept_blocks,
    open_bridges,
    rewind,
)
from services.ledger.bridge.store.deposits import vanished_count
from services.ledger.bridge.use_cases.credit_deposits import credit_deposits
from services.ledger.settings import LedgerSettings

logger = structlog.get_logger(__name__)
ACTOR = "bridge:indexer"


class Indexer:
    """One chain's. Several processes may read it side by side: each block of a vault has its effect once."""

    def __init__(self, units: UnitFactory, node: Node, settings: LedgerSettings) -> None:
        self._units = units
        self._node = node
        self._vaults = Vaults(node)
        self._settings = settings

    async def read_on(self) -> int:
        """Read what has become final, as far as one round goes; returns how many credited deposits the
        chain no longer has. Raises ChainUnavailable."""
        finalized = await self._node.finalized()
        metrics.finalized_block.set(finalized.number)
        await self._leave_forks(finalized)
        async with self._units(ACTOR) as unit:
            bridges = await open_bridges(
                await unit.raw(), self._node.chain_id, self._settings.bridge_vaults_at_once_max
            )
        if bridges:
            await self._read_logs(bridges, finalized)
        async with self._units(ACTOR) as unit:
            return await vanished_count(await unit.raw(), self._node.chain_id)

    async def _leave_forks(self, finalized: Block) -> None:
        """Where the newest kept block is not the chain's any more, go back to the last one that is."""
        async with self._units(ACTOR) as unit:
            kept = await kept_blocks(await unit.raw(), self._node.chain_id)
        if not kept or await self._is_present(kept[-1], finalized):
            return
        present: dict[int, str] = {}
        for block in reversed(kept):
            if await self._is_present(block, finalized):
                present[block.number] = block.hash
                break
        common = last_common(kept, present)
        logger.warning("the chain has left what was read", read=kept[-1].number, back_to=common)
        metrics.rewinds_total.inc()
        async with self._units(ACTOR) as unit:
            await rewind(await unit.raw(), self._node.chain_id, common)

    async def _is_present(self, kept: Block, finalized: Block) -> bool:
        if kept.number > finalized.number:
            return False
        found = await self._node.block(kept.number)
        return found == kept

    async def _read_logs(self, bridges: Sequence[Bridge], finalized: Block) -> None:
        """The vaults that are furthest behind, together: mostly that is all of them."""
        before = bridges[0].indexed_number
        reached = next_range(before, finalized.number, self._settings.bridge_blocks_at_once_max)
        metrics.indexed_block.set(before)
        if reached is None:
            return
        together = [bridge for bridge in bridges if bridge.indexed_number == before]
        first, last = reached
        end = await self._node.block(last)
        raw_logs = await self._vaults.deposits([str(bridge.vault) for bridge in together], first, last)
        if end is None or await self._node.block(last) != end:
            raise ChainUnavailable("the chain changed while it was read")
        logs = numbered(raw_logs)
        for bridge in together:
            async with self._units(ACTOR) as unit:
                union = await find_union(unit, str(bridge.union_id))
                assert union is not None
                own = [log for log in logs if log.vault == bridge.vault]
                if await credit_deposits(unit, union, own, before, last):
                    await keep_block(
                        await unit.raw(), self._node.chain_id, end, self._settings.bridge_blocks_kept_max
                    )
        metrics.indexed_block.set(last)
