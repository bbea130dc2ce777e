"""Requests to ledger processes, signed, and sent again until one of them answers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import orjson

from chassis.auth.service_keys import ServiceKeys
from services.ledger.domain.rights import PrincipalKind, named_principal
from tests.crash.ledger_processes import ServedLedger
from tests.crash.ledger_told import Told
from tests.services.ledger.house import PATH, member_id

MARKET = named_principal(PrincipalKind.MARKET).id
ANSWERED_WITHIN_SECONDS = 60
PAUSE_SECONDS = 0.05
NOT_ANSWERED = (429, 503)
Transfer = dict[str, Any]


class Desk:
    """Of all clients: it hears what they are told, and keeps what members sent."""

    def __init__(self, served: ServedLedger, stack: AsyncExitStack, seed: int) -> None:
        self.house = served.house
        self.told = Told()
        self.answers: list[Counter[int]] = [Counter() for _ in served.processes]
        """By process, how often with which status."""
        self.cut = 0
        """Requests that were taken by a process and never answered."""
        self.sent: list[tuple[int | None, list[Transfer]]] = []
        """Batches that were answered, by their members; None: by the market."""
        self.cancelled: list[Sequence[UUID]] = []
        """Ids whose cancellations were answered."""
        self._chance = random.Random(seed)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._clients = [
            httpx.AsyncClient(base_url=process.url, timeout=30, limits=limits) for process in served.processes
        ]
        for client in self._clients:
            stack.push_async_callback(client.aclose)
        folder, keys_file = self.house.folder, self.house.settings.service_keys_file
        self._market = ServiceKeys.load("market", folder / "market.pem", keys_file, self.house.clock)

    async def post(
        self, number: int | None, transfers: Sequence[Transfer], at: int | None = None
    ) -> list[Transfer]:
        """A batch of a member, or of the market; its results. `at`: the process that is tried first."""
        answered = await self._ask(number, "POST", "/transfers", {"transfers": list(transfers)}, at)
        principal_id = MARKET if number is None else member_id(number)
        self.told.hear(principal_id, transfers, answered["results"])
        self.sent.append((number, list(transfers)))
        return answered["results"]

    async def cancel(self, ids: Sequence[UUID], at: int | None = None) -> list[str]:
        """By the market."""
        body = {"ids": [str(one) for one in ids]}
        answered = await self._ask(None, "POST", "/transfer-cancellations", body, at)
        self.told.hear_cancellations(MARKET, answered["results"])
        self.cancelled.append(ids)
        return [one["result"] for one in answered["results"]]

    async def open_escrow(self, escrow: UUID, body: dict[str, Any]) -> None:
        await self._ask(None, "PUT", f"/accounts/{escrow}", body, None)

    async def _ask(self, number: int | None, method: str, path: str, body: Any, at: int | None) -> Any:
        content = orjson.dumps(body)
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            while True:
                place = self._chance.randrange(len(self._clients)) if at is None else at
                at = None
                answer = await self._try(place, number, method, path, content)
                if answer is not None:
                    return answer
                await asyncio.sleep(PAUSE_SECONDS)

    async def _try(self, place: int, number: int | None, method: str, path: str, content: bytes) -> Any:
        """None where nothing is known of what became of it."""
        headers = self._headers(number, method, path, content)
        try:
            answer = await self._clients[place].request(method, PATH + path, content=content, headers=headers)
        except httpx.TransportError as error:
            self.cut += not isinstance(error, httpx.ConnectError)
            return None
        self.answers[place][answer.status_code] += 1
        if answer.status_code in NOT_ANSWERED:
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _headers(self, number: int | None, method: str, path: str, content: bytes) -> dict[str, str]:
        plain = {"content-type": "application/json"}
        if number is None:
            return plain | {"authorization": f"Bearer {self._market.token_for('ledger')}"}
        return plain | self.house.bearer(number) | self.house.signed(number, method, PATH + path, content)
