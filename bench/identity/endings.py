"""How soon an ended session is refused by another service: in the cluster, from the answer that ended it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bench.gateway.union import account_of, found_union
from guildhall.client import Connections, DeviceKey, Refused, Session, Wallet, sign_in

READS_SECONDS_MAX = 10
LIMITED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Endings:
    """Seconds from the answer that ended a session to the first refusal, in order."""

    seconds: tuple[float, ...]

    @property
    def p50_ms(self) -> float:
        return self.seconds[len(self.seconds) // 2] * 1_000

    @property
    def p99_ms(self) -> float:
        return self.seconds[len(self.seconds) * 99 // 100] * 1_000


async def endings(url: str, count: int) -> Endings:
    """A member ends their session on another device, which reads its account of the ledger until then.

    Raises TimeoutError where a session is not refused within `READS_SECONDS_MAX`.
    """
    seconds: list[float] = []
    async with Connections(url) as connections:
        wallet = Wallet.create()
        union = await found_union(connections, 2)
        keeper = await _signed_in(connections, wallet)
        acceptance = {name: union.told[name] for name in ("charter_version", "charter_hash")}
        (await keeper.post(f"{union.path}/memberships", acceptance)).checked()
        account = f"{union.path}/accounts/{await account_of(keeper, union.path)}"
        for _ in range(count):
            other = await _signed_in(connections, wallet)
            headers = {"authorization": f"Bearer {other.tokens.access_token}"}
            (await connections.request("GET", account, headers)).checked()
            (await keeper.delete(f"/v1/me/devices/{other.device.key_id}")).checked()
            ended = time.perf_counter()
            while (await connections.request("GET", account, headers)).status != 401:
                if time.perf_counter() - ended > READS_SECONDS_MAX:
                    raise TimeoutError("an ended session is not refused")
            seconds.append(time.perf_counter() - ended)
    return Endings(tuple(sorted(seconds)))


async def _signed_in(connections: Connections, wallet: Wallet) -> Session:
    """On a new device, as soon as the limits of an address let it."""
    while True:
        try:
            return await sign_in(connections, wallet, DeviceKey.create())
        except Refused as refused:
            if refused.answer.status != 429:
                raise
            await asyncio.sleep(LIMITED_SECONDS)
