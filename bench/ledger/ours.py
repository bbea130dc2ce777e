"""Our side: a union with money, whose members post over the gateway and read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from bench.gateway.load import Load, Target, load_of
from bench.gateway.served import Served
from bench.gateway.union import FoundedUnion, account_of, found_union
from bench.ledger.load import Sent, sent_of
from bench.ledger.scale import Scale
from bench.ledger.sending import Payer, Plan, Spread, Where, streams_of
from guildhall.client import Connections, Session

MEMBERS = 8
PURSE_MINOR = 100_000_000
FUND_SECONDS_MAX = 30
WARM_REQUESTS = 2
READING = 4
"""Connections that read: at more of them a closed loop measures its own queue."""
FULL, HALF = "arrays of 8,190", "arrays of 500"
FULL_TO_ONE, SINGLES = "arrays of 8,190, all to one", "singles"
BALANCE, STATEMENT = "balance", "statement"
FULL_PLAN, SINGLES_PLAN = Plan(FULL, 2, 8_190, 6), Plan(SINGLES, 64, 1, 40)
PLANS = (
    FULL_PLAN,
    Plan(FULL_TO_ONE, 2, 8_190, 6, Spread.TO_ONE),
    Plan(HALF, 4, 500, 25),
    SINGLES_PLAN,
    Plan("singles, Zipf", 64, 1, 40, Spread.ZIPF),
    Plan("singles, all to one", 64, 1, 40, Spread.TO_ONE),
    Plan("holds, opened and taken", 64, 1, 40, is_held=True),
)
_READ = {BALANCE: "", STATEMENT: "/statement?limit=50"}


@dataclass(frozen=True, slots=True)
class Round:
    """What was posted, by plan, and read: a balance, and a statement's newest page."""

    sent: Mapping[str, Sent]
    reads: Mapping[str, Load]


@dataclass(frozen=True, slots=True)
class Ours:
    """The union and the deployment that serves it."""

    deployment: Served
    union: FoundedUnion

    @classmethod
    async def founded(cls, deployment: Served, connections: Connections) -> Self:
        """Its members are known to the ledger and have money."""
        union = await found_union(connections, MEMBERS)
        await _fund(union)
        return cls(deployment, union)

    async def warm(self) -> None:
        """A little of everything: what a new process does slowly is no figure."""
        for plan in PLANS:
            await self.post(plan, WARM_REQUESTS)

    async def round(self, scale: Scale) -> Round:
        sent = {plan.name: await self.post(plan, scale.requests_max) for plan in PLANS}
        return Round(sent, await self._reads(scale.read_seconds))

    async def post(self, plan: Plan, requests_max: int, port: int | None = None) -> Sent:
        """`port`: of another gateway than the deployment's."""
        payers = [Payer.of(session) for session in await self._fresh()]
        streams = await asyncio.to_thread(streams_of, plan.cut_to(requests_max), self._where(), payers)
        return await asyncio.to_thread(sent_of, port or self.deployment.port, streams)

    def _where(self) -> Where:
        union = self.union
        return Where(
            f"localhost:{self.deployment.port}", union.sessions[0].public_url, union.path, union.asset
        )

    async def _fresh(self) -> Sequence[Session]:
        """The sessions, each of whose tokens has been asked for now."""
        for session in self.union.sessions:
            (await session.get("/v1/me")).checked()
        return self.union.sessions

    async def _reads(self, seconds: float) -> dict[str, Load]:
        paths: list[tuple[str, str]] = []
        for session in await self._fresh():
            account = await account_of(session, self.union.path)
            paths.append((f"{self.union.path}/accounts/{account}", session.tokens.access_token))
        return {
            name: await asyncio.to_thread(
                load_of,
                self.deployment.port,
                [Target(f"{path}{tail}", token) for path, token in paths],
                seconds,
                self.deployment.process_id,
                READING,
            )
            for name, tail in _READ.items()
        }


async def _fund(union: FoundedUnion) -> None:
    """The founder gives each member a purse, once the ledger knows all of them."""
    for session in union.sessions:
        await account_of(session, union.path)
    founder = union.sessions[0]
    transfers = [
        {
            "id": str(uuid4()),
            "debit_account": f"members/{founder.member_id}",
            "credit_account": f"members/{session.member_id}",
            "asset": union.asset,
            "minor": str(PURSE_MINOR),
            "code": "pay",
        }
        for session in union.sessions[1:]
    ]
    deadline = time.monotonic() + FUND_SECONDS_MAX
    while True:
        answer = (await founder.post(f"{union.path}/transfers", {"transfers": transfers})).checked().json()
        results = {one["result"] for one in answer["results"]}
        if results <= {"posted", "exists"}:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"the members could not be given their purses: {results}")
        for transfer in transfers:  # what was refused has burnt its id
            transfer["id"] = str(uuid4())
        await asyncio.sleep(0.5)
