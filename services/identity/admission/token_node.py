"""What wallets hold of a token, asked of the deployment's node by `eth_call`, which changes nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from chain.artifacts import artifact
from chassis.network.json_rpc import RpcNode, RpcRefused, RpcUnavailable
from services.identity.admission.domain.errors import ChainNotAsked, HistoryMissing
from services.identity.domain.admission_rule import Way

if TYPE_CHECKING:
    from services.identity.settings import IdentitySettings

logger = structlog.get_logger(__name__)

FINALIZED = "finalized"
GAS_MAX = 2_000_000
_WORD_BYTES = 32
_ANSWER = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


class TokenNodeUnavailable(OSError):
    """The node gave no answer that can be used: nothing is decided, as in any outage."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A way that is so, at the finalized block of this number."""

    way: Way
    block_number: int


@dataclass(frozen=True, slots=True)
class _Held:
    chain_id: int
    block_number: int
    balance: int


class TokenNode:
    """Asks the node of one chain, so many questions at once."""

    def __init__(self, settings: IdentitySettings) -> None:
        url = settings.eth_rpc_url
        self._chain_id = settings.eth_chain_id
        self._held_blocks = settings.token_held_blocks_count
        self._seconds = settings.token_look_seconds
        self._turns = asyncio.Semaphore(settings.token_looks_at_once_max)
        self._node = None if url is None else RpcNode(url.get_secret_value(), self._seconds)

    async def look(self, ways: Sequence[Way], wallets: Sequence[str]) -> Sequence[Seen]:
        """The ways of these for which one of the wallets (addresses) holds enough at the finalized block, and
        held it a setting's blocks before. No transaction is open meanwhile.

        Raises ChainNotAsked, HistoryMissing, TokenNodeUnavailable.
        """
        seen: list[Seen] = []
        try:
            async with asyncio.timeout(self._seconds):
                for way in ways:
                    at = await self._seen(way, wallets)
                    seen += [] if at is None else [Seen(way, at)]
        except TimeoutError:
            raise _silent(f"no answer within {self._seconds:g} seconds") from None
        return seen

    async def _seen(self, way: Way, wallets: Sequence[str]) -> int | None:
        for wallet in wallets:
            now = await self._held(way, wallet, FINALIZED)
            if now.balance < way.minimum:
                continue
            before = now.block_number - self._held_blocks
            if before < 0:
                continue
            try:
                then = now if before == now.block_number else await self._held(way, wallet, hex(before))
            except RpcRefused:
                raise HistoryMissing(self._held_blocks) from None
            if then.balance >= way.minimum:
                return now.block_number
        return None

    async def _held(self, way: Way, wallet: str, block: str) -> _Held:
        """Raises ChainNotAsked, TokenNodeUnavailable; RpcRefused for a block that is named by its number."""
        if self._node is None or way.chain_id != self._chain_id:
            raise ChainNotAsked(
                way.chain_id, no_node_of(way.chain_id, self._chain_id, self._node is not None)
            )
        data = await asyncio.to_thread(_question, way.contract, wallet)
        try:
            async with self._turns:
                answer = await self._node.ask("eth_call", {"data": data, "gas": hex(GAS_MAX)}, block)
        except RpcUnavailable as error:
            if isinstance(error, RpcRefused) and block != FINALIZED:
                raise
            raise _silent(str(error)) from None
        held = _read(answer)
        if held.chain_id != self._chain_id:
            reason = f"ETH_RPC_URL is a node of chain {held.chain_id}, ETH_CHAIN_ID says {self._chain_id}"
            raise ChainNotAsked(way.chain_id, reason)
        return held


def no_node_of(chain_id: int, asked_chain_id: int, has_node: bool) -> str:
    """Why a chain is not asked, for people."""
    if not has_node:
        return "ETH_RPC_URL names no node"
    return f"its node is of chain {asked_chain_id} (ETH_CHAIN_ID), not of {chain_id}"


def _question(contract: str, holder: str) -> str:
    """The creation code of chain/BalanceAnswer.vy with its arguments; eth_abi takes its time to load."""
    from eth_abi.abi import encode

    return artifact("BalanceAnswer").bytecode + encode(["address", "address"], [contract, holder]).hex()


def _read(answer: Any) -> _Held:
    """The three immutables at the end of the code that the constructor answered."""
    if not isinstance(answer, str) or not _ANSWER.fullmatch(answer):
        raise _silent("an answer that is no data")
    code = bytes.fromhex(answer[2:])
    if len(code) < 3 * _WORD_BYTES:
        raise _silent("an answer that is too short")
    words = [int.from_bytes(code[len(code) - at * _WORD_BYTES :][:_WORD_BYTES]) for at in (3, 2, 1)]
    return _Held(*words)


def _silent(reason: str) -> TokenNodeUnavailable:
    logger.warning("the node of ETH_RPC_URL cannot be asked for a balance", reason=reason)
    return TokenNodeUnavailable(reason)
