"""What wallets hold of a token, asked of the deployment's node by `eth_call`, which changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.network.constructor_calls import ConstructorCalls, NodeOfAnotherChain, Question, StateMissing
from services.identity.admission.domain.errors import ChainNotAsked, HistoryMissing
from services.identity.domain.admission_rule import Way

if TYPE_CHECKING:
    from services.identity.settings import IdentitySettings

FINALIZED = "finalized"
GAS_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A way that is so, at the finalized block of this number."""

    way: Way
    block_number: int


@dataclass(frozen=True, slots=True)
class _Held:
    block_number: int
    balance: int


class TokenNode:
    """Asks the node of one chain, so many questions at once."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._held_blocks = settings.token_held_blocks_count
        self._node = ConstructorCalls(
            settings.eth_rpc_url,
            chain_id=settings.eth_chain_id,
            seconds=settings.token_look_seconds,
            at_once_max=settings.token_looks_at_once_max,
            about="a balance",
        )

    async def look(self, ways: Sequence[Way], wallets: Sequence[str]) -> Sequence[Seen]:
        """The ways of these for which one of the wallets (addresses) holds enough at the finalized block, and
        held it a setting's blocks before. No transaction is open meanwhile.

        Raises ChainNotAsked, HistoryMissing, NodeUnavailable.
        """
        seen: list[Seen] = []
        try:
            async with asyncio.timeout(self._node.seconds):
                for way in ways:
                    at = await self._seen(way, wallets)
                    seen += [] if at is None else [Seen(way, at)]
        except TimeoutError:
            raise self._node.late() from None
        return seen

    async def _seen(self, way: Way, wallets: Sequence[str]) -> int | None:
        """All wallets are looked at together, and those that hold enough together once more, before."""
        held = await self._all_held(way, [(wallet, FINALIZED) for wallet in wallets])
        if failed := _first_failure(held):
            raise failed
        enough = [
            (wallet, now.block_number)
            for wallet, now in zip(wallets, held, strict=True)
            if isinstance(now, _Held) and now.balance >= way.minimum and now.block_number >= self._held_blocks
        ]
        if self._held_blocks == 0 or not enough:
            return enough[0][1] if enough else None
        before = [(wallet, hex(number - self._held_blocks)) for wallet, number in enough]
        held = await self._all_held(way, before)
        for (_, number), then in zip(enough, held, strict=True):
            if isinstance(then, _Held) and then.balance >= way.minimum:
                return number
        if failed := _first_failure(held):
            raise failed
        return None

    async def _all_held(self, way: Way, places: Sequence[tuple[str, str]]) -> Sequence[_Held | BaseException]:
        """Of each wallet and block, or why not: one that fails leaves no other unfinished."""
        looks = (self._held(way, wallet, block) for wallet, block in places)
        return await asyncio.gather(*looks, return_exceptions=True)

    async def _held(self, way: Way, wallet: str, block: str) -> _Held:
        """Raises ChainNotAsked, HistoryMissing, NodeUnavailable."""
        if not self._node.has_node or way.chain_id != self._node.chain_id:
            reason = no_node_of(way.chain_id, self._node.chain_id, self._node.has_node)
            raise ChainNotAsked(way.chain_id, reason)
        question = Question(
            "BalanceAnswer", ("address", "address"), (way.contract, wallet), words_count=3, gas_max=GAS_MAX
        )
        try:
            block_number, balance = await self._node.ask(question, block)
        except NodeOfAnotherChain as error:
            raise ChainNotAsked(way.chain_id, error.reason) from None
        except StateMissing:
            if block == FINALIZED:
                raise self._node.silent("it has no state of the finalized block") from None
            raise HistoryMissing(self._held_blocks) from None
        return _Held(block_number, balance)


def no_node_of(chain_id: int, asked_chain_id: int, has_node: bool) -> str:
    """Why a chain is not asked, for people."""
    if not has_node:
        return "ETH_RPC_URL names no node"
    return f"its node is of chain {asked_chain_id} (ETH_CHAIN_ID), not of {chain_id}"


def _first_failure(held: Sequence[_Held | BaseException]) -> BaseException | None:
    return next((one for one in held if isinstance(one, BaseException)), None)
