"""One question to a node of the operator's by JSON-RPC 2.0: bounded in time and in what is read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

ANSWER_BYTES_MAX = 65_536


class RpcUnavailable(Exception):
    """The node gave no result. Its words are without its URL, which may carry a key."""


class RpcRefused(RpcUnavailable):
    """The node answered, with an error in place of a result."""


@dataclass(frozen=True, slots=True)
class RpcNode:
    """A node by its URL: no redirects, no proxies of the environment, no repeats."""

    url: str
    timeout_seconds: float

    async def ask(self, method: str, *parameters: Any) -> Any:
        """The result as JSON has it. Raises RpcUnavailable, RpcRefused."""
        import aiohttp  # it reads the system's certificates: who asks no node need not wait for that

        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = orjson.loads(await self._posted(body))
            return answer["result"]
        except TimeoutError:
            raise RpcUnavailable(f"no answer within {self.timeout_seconds:g} seconds") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise RpcUnavailable(type(error).__name__) from None
        except (KeyError, TypeError):
            raise RpcRefused("an error in place of a result") from None

    async def _posted(self, body: bytes) -> bytes:
        import aiohttp

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
            read = await answer.content.read(ANSWER_BYTES_MAX + 1)
            while len(read) <= ANSWER_BYTES_MAX and (more := await answer.content.read(ANSWER_BYTES_MAX)):
                read += more
            if len(read) > ANSWER_BYTES_MAX:
                raise RpcUnavailable(f"an answer of more than {ANSWER_BYTES_MAX} bytes")
            return read
