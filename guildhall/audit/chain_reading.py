"""The chain as the audit reads it: what the vaults' own logs and balances say, at finality."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from services.ledger.bridge.chain.errors import ChainUnavailable
from services.ledger.bridge.chain.node import Node
from services.ledger.bridge.chain.vault import ReleaseLog, Vaults
from services.ledger.bridge.domain.deposits import RawDeposit

_TIMEOUT_SECONDS = 20
_BLOCKS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """Where a node answers, and the chain that it has to be of."""

    url: str
    chain_id: int


@dataclass(frozen=True, slots=True)
class VaultReading:
    """One vault through the finalized block. `deposits` are by transaction hash and place in it."""

    finalized: int
    held: int
    deposits: dict[tuple[str, int], RawDeposit]
    releases: list[ReleaseLog]

    def held_at(self, block_number: int) -> int:
        """What it held after this block: a node may have forgotten old states, logs it keeps."""
        came = sum(log.amount for log in self.deposits.values() if log.block.number > block_number)
        went = sum(log.amount for log in self.releases if log.block_number > block_number)
        return self.held - came + went


class ChainReading:
    """Reads vaults. Raises ChainUnavailable."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._vaults = Vaults(node)

    async def vault(self, address: str) -> VaultReading:
        """Balance and logs of the same finalized block."""
        while True:
            finalized = await self._node.finalized()
            held = await (await self._vaults.at(address)).held()
            deposits: list[RawDeposit] = []
            releases: list[ReleaseLog] = []
            for first in range(0, finalized.number + 1, _BLOCKS_AT_ONCE):
                last = min(finalized.number, first + _BLOCKS_AT_ONCE - 1)
                deposits += await self._vaults.deposits([address], first, last)
                releases += await self._vaults.releases([address], first, last)
            if await self._node.finalized() == finalized:
                return VaultReading(finalized.number, held, _placed(deposits), releases)


def _placed(logs: Iterable[RawDeposit]) -> dict[tuple[str, int], RawDeposit]:
    placed: dict[tuple[str, int], RawDeposit] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for log in sorted(logs, key=lambda log: (log.block.number, log.log_index)):
        placed[log.transaction_hash, counts[log.transaction_hash]] = log
        counts[log.transaction_hash] += 1
    return placed


@asynccontextmanager
async def reading_chain(ledger_url: str, node: NodeAddress | None) -> AsyncGenerator[ChainReading | None]:
    """None where there is no node, it does not answer, or there is nothing on it to be read."""
    if node is None or not await _has_bridges(ledger_url):
        yield None
        return
    asked = Node(node.url, node.chain_id, _TIMEOUT_SECONDS)
    try:
        try:
            await asked.check()
            reading = ChainReading(asked)
        except ChainUnavailable:
            reading = None
        yield reading
    finally:
        await asked.close()


async def _has_bridges(ledger_url: str) -> bool:
    """What cannot be read here is told by whoever reads the databases."""
    try:
        connection: Any = await asyncpg.connect(ledger_url, timeout=10)
        try:
            return await connection.fetchval("SELECT EXISTS (SELECT FROM bridges WHERE state = 'open')")
        finally:
            await connection.close()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
