"""One question to a node of the operator's by JSON-RPC 2.0: bounded in time and in what is read."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    import aiohttp

ANSWER_BYTES_MAX = 65_536
SAID_CHARACTERS_MAX = 500
_PRUNED_CODE = 4_444
"""What clients agreed upon for history that they have dropped by EIP-4444."""
_STATE_MISSING = re.compile(
    r"missing trie node|\barchive\b|\bprun(?:ed|ing)\b|\bno state (?:available|found)\b"
    r"|\b(?:state|history|block|header)\b.{0,100}\b(?:unavailable|not available|not found)\b"
    r"|\bunknown block\b|\bBlockOutOfRange",
    re.IGNORECASE,
)
"""How geth, Erigon, Nethermind, Besu, Reth, anvil and those who serve them say that they keep no state so
old: no code for it is common to all."""


class RpcUnavailable(Exception):
    """The node gave no result. Its words are without its URL, which may carry a key."""


class RpcRefused(RpcUnavailable):
    """The node answered, with an error in place of a result. Its own words are for no log: they may repeat
    its URL."""

    def __init__(self, code: int | None, said: str) -> None:
        super().__init__("an error in place of a result" + ("" if code is None else f" ({code})"))
        self.says_state_missing = code == _PRUNED_CODE or _STATE_MISSING.search(said) is not None


@dataclass(frozen=True, slots=True)
class RpcNode:
    """A node by its URL: no redirects, no proxies of the environment, no repeats."""

    url: str
    timeout_seconds: float

    async def ask(self, method: str, *parameters: Any) -> Any:
        """The result as JSON has it. Raises RpcUnavailable, RpcRefused."""
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = orjson.loads(await self._posted(body))
        except TimeoutError:
            raise RpcUnavailable(f"no answer within {self.timeout_seconds:g} seconds") from None
        except (OSError, ValueError) as error:
            raise RpcUnavailable(type(error).__name__) from None
        return _result(answer)

    async def _posted(self, body: bytes) -> bytes:
        """Raises RpcUnavailable, OSError, ValueError."""
        import aiohttp  # it reads the system's certificates: who asks no node need not wait for that

        try:
            async with (
                aiohttp.ClientSession(
                    trust_env=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=None),
                ) as session,
                session.post(
                    self.url, data=body, headers={"Content-Type": "application/json"}, allow_redirects=False
                ) as answer,
            ):
                return await _read(answer.content)
        except aiohttp.ClientError as error:
            raise RpcUnavailable(type(error).__name__) from None


async def _read(content: aiohttp.StreamReader) -> bytes:
    """Raises RpcUnavailable for more than an answer has."""
    read = await content.read(ANSWER_BYTES_MAX + 1)
    while len(read) <= ANSWER_BYTES_MAX and (more := await content.read(ANSWER_BYTES_MAX)):
        read += more
    if len(read) > ANSWER_BYTES_MAX:
        raise RpcUnavailable(f"an answer of more than {ANSWER_BYTES_MAX} bytes")
    return read


def _result(answer: Any) -> Any:
    """Raises RpcUnavailable, RpcRefused."""
    if not isinstance(answer, dict):
        raise RpcUnavailable("an answer that is no object")
    told = cast("dict[str, Any]", answer)
    error = told.get("error")
    if error is None and "result" in told:
        return told["result"]
    known = cast("dict[str, Any]", error) if isinstance(error, dict) else {}
    code, said = known.get("code"), known.get("message")
    raise RpcRefused(
        code if type(code) is int else None, said[:SAID_CHARACTERS_MAX] if isinstance(said, str) else ""
    )
