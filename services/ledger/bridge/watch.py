"""The loop beside the requests: reads the chain, sends to it, and says when it cannot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from chassis.service import Chassis
from services.ledger.bridge import metrics
from services.ledger.bridge.chain.errors import CallReverted, ChainUnavailable
from services.ledger.bridge.store.bridges import is_bridged
from services.ledger.settings import LedgerSettings

logger = structlog.get_logger(__name__)


class BridgeWatch:
    """One process' view of the chain. Without a bridge it asks the node nothing, and web3 is not imported."""

    def __init__(self, settings: LedgerSettings) -> None:
        self._settings = settings
        self._failing_since: datetime | None = None
        self._reason = ""
        self._now: datetime | None = None
        self._vanished_count = 0
        self._round = _Round(settings)

    def faults(self) -> list[str]:
        """What a reader of /readyz should know; empty when the bridge gets on."""
        found: list[str] = []
        if self._failing_since is not None and self._now is not None:
            lasting = self._now - self._failing_since
            if lasting >= timedelta(seconds=self._settings.bridge_stuck_seconds):
                found.append(f"bridge: stuck for {lasting.total_seconds():.0f} s: {self._reason}")
        if self._vanished_count:
            found.append(f"bridge: {self._vanished_count} credited deposits are not on the chain any more")
        return found

    def failure(self) -> str | None:
        """Why the newest round failed; None where it did not."""
        return None if self._failing_since is None else self._reason

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled."""
        try:
            while True:
                await self.look(chassis)
                await asyncio.sleep(self._settings.bridge_poll_ms / 1_000)
        finally:
            await self.close()

    async def close(self) -> None:
        await self._round.close()

    async def look(self, chassis: Chassis) -> None:
        """One round; its failures are kept for `faults` and pass by themselves."""
        self._now = chassis.clock.now()
        try:
            self._vanished_count = await self._round.go(chassis)
        except Exception as error:
            self._reason = str(error) or repr(error)
            if self._failing_since is None:
                self._failing_since = self._now
                is_expected = isinstance(error, ChainUnavailable | CallReverted | OSError)
                logger.warning("the chain is not read", reason=self._reason, exc_info=not is_expected)
        else:
            if self._failing_since is not None:
                logger.warning("the chain is read again")
            self._failing_since = None
        metrics.stuck.set(1 if self.faults() else 0)


class _Round:
    """What one round needs, made when the first bridge is asked for."""

    def __init__(self, settings: LedgerSettings) -> None:
        self._settings = settings
        self._parts: _Parts | None = None

    async def go(self, chassis: Chassis) -> int:
        """The number of credited deposits that have vanished. Raises ChainUnavailable."""
        if self._parts is None:
            if not await is_bridged(chassis.database.hot_reads()):
                return 0
            self._parts = await asyncio.to_thread(_Parts, chassis, self._settings)
        parts = self._parts
        await parts.node.check()
        vanished_count = await parts.indexer.read_on()
        await parts.sender.send_on()
        return vanished_count

    async def close(self) -> None:
        if self._parts is not None:
            await self._parts.node.close()


class _Parts:
    """The node, the indexer and the sender; made in a thread, as the libraries of the chain load slowly."""

    def __init__(self, chassis: Chassis, settings: LedgerSettings) -> None:
        from services.ledger.bridge.chain.node import Node
        from services.ledger.bridge.chain.operator import Operator
        from services.ledger.bridge.indexer import Indexer
        from services.ledger.bridge.sender import Sender

        assert settings.eth_rpc_url is not None and settings.bridge_key_file is not None
        self.node = Node(
            settings.eth_rpc_url.get_secret_value(), settings.eth_chain_id, settings.bridge_rpc_seconds
        )
        operator = Operator(settings.bridge_key_file)
        self.indexer = Indexer(chassis.unit, self.node, settings)
        self.sender = Sender(chassis.unit, chassis.clock, self.node, operator, settings)
