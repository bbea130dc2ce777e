"""Asked of a chain by one `eth_call` without a recipient: the node runs a constructor, which changes nothing
and is never deployed, and answers code that ends in the immutables. The first of these is the chain.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from chain.artifacts import artifact
from chassis.network.json_rpc import RpcNode, RpcRefused, RpcUnavailable

if TYPE_CHECKING:
    from pydantic import SecretStr

logger = structlog.get_logger(__name__)

NOBODY = f"0x{'0' * 40}"
_WORD_BYTES = 32
_ANSWER = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


class NodeUnavailable(OSError):
    """The node gave no answer that can be used: nothing is decided, as in any outage."""


class NodeOfAnotherChain(Exception):
    """What the node is of is not what the deployment says; `reason` names the settings."""

    def __init__(self, chain_id: int, expected_chain_id: int) -> None:
        self.reason = f"ETH_RPC_URL is a node of chain {chain_id}, ETH_CHAIN_ID says {expected_chain_id}"
        super().__init__(self.reason)


class StateMissing(Exception):
    """The node says that it keeps no state of this block."""


@dataclass(frozen=True, slots=True)
class Question:
    """The constructor of one of chain.artifacts' contracts, its arguments by Solidity's types, and how many
    immutables it has. `gas_max`: that it may spend."""

    contract: str
    types: Sequence[str]
    arguments: Sequence[Any]
    words_count: int
    gas_max: int

    def data(self) -> str:
        """The creation code with its arguments; eth_abi takes its time to load."""
        from eth_abi.abi import encode

        return artifact(self.contract).bytecode + encode(self.types, self.arguments).hex()


class ConstructorCalls:
    """Asks the node of one chain, so many questions at once. `about`: what is asked, for the log."""

    def __init__(
        self, url: SecretStr | None, *, chain_id: int, seconds: float, at_once_max: int, about: str
    ) -> None:
        self.chain_id = chain_id
        self.seconds = seconds
        self._about = about
        self._turns = asyncio.Semaphore(at_once_max)
        self._node = None if url is None else RpcNode(url.get_secret_value(), seconds)

    @property
    def has_node(self) -> bool:
        return self._node is not None

    async def ask(self, question: Question, block: str) -> Sequence[int]:
        """The immutables behind the chain, as numbers; `block` as `eth_call` has it.

        Raises NodeOfAnotherChain, StateMissing, NodeUnavailable.
        """
        assert self._node is not None
        call = {
            "from": NOBODY,
            "data": await asyncio.to_thread(question.data),
            "gas": hex(question.gas_max),
        }
        try:
            async with asyncio.timeout(self.seconds), self._turns:
                answer = await self._node.ask("eth_call", call, block)
        except TimeoutError:
            raise self.late() from None
        except RpcUnavailable as error:
            if isinstance(error, RpcRefused) and error.says_state_missing:
                raise StateMissing(block) from None
            raise self.silent(str(error)) from None
        chain_id, *words = self._read(answer, question.words_count)
        if chain_id != self.chain_id:
            raise NodeOfAnotherChain(chain_id, self.chain_id)
        return words

    def late(self) -> NodeUnavailable:
        return self.silent(f"no answer within {self.seconds:g} seconds")

    def silent(self, reason: str) -> NodeUnavailable:
        """Said in the log, too."""
        logger.warning("the node of ETH_RPC_URL cannot be asked", about=self._about, reason=reason)
        return NodeUnavailable(reason)

    def _read(self, answer: Any, count: int) -> Sequence[int]:
        """The words at the end of the code that the constructor answered."""
        if not isinstance(answer, str) or not _ANSWER.fullmatch(answer):
            raise self.silent("an answer that is no data")
        code = bytes.fromhex(answer[2:])
        if len(code) < count * _WORD_BYTES:
            raise self.silent("an answer that is too short")
        starts = range(len(code) - count * _WORD_BYTES, len(code), _WORD_BYTES)
        return [int.from_bytes(code[at : at + _WORD_BYTES]) for at in starts]
