"""The ledger beside a chain: rounds of the bridge and blocks of the chain happen when a test says so."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.clock import ManualClock
from guildhall.devnet.launcher import CHAIN_ID, Devnet
from guildhall.devnet.operator_key import operator_key
from services.ledger.bridge.watch import BridgeWatch
from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.house import (
    FOUNDER,
    SUPPLY_MINOR,
    LedgerHouse,
    account_of,
    account_of_union,
    running_ledger,
)
from tests.support.chain import UNIT, Wallet, balance_of
from tests.support.postgres import ServiceDatabase

ROUNDS_MAX = 12
NEVER_MS = 3_600_000


@dataclass
class ChainHouse:
    """`vault` and `token` once the bridge is open."""

    ledger: LedgerHouse
    devnet: Devnet
    watch: BridgeWatch
    operator: str
    vault: str = ""
    token: str = ""

    async def look(self) -> None:
        """One round of the bridge; its failure is the test's, unless it is asked for."""
        await self.watch.look(self.ledger.chassis)

    async def begin_anew(self) -> None:
        """As after a crash: nothing is remembered but what is written down."""
        await self.watch.close()
        self.watch = BridgeWatch(self.ledger.settings)

    async def settle(self) -> None:
        """Rounds and blocks until nothing waits any more."""
        for _ in range(ROUNDS_MAX):
            await self.look()
            self.devnet.keep()
            await self.look()
            if not await self.waiting():
                await self.look()
                return
        raise AssertionError(f"still waiting: {await self.transactions()}; {self.watch.failure()}")

    async def waiting(self) -> int:
        return (await self.ledger.rows("SELECT count(*) FROM chain_transactions WHERE state = 'waiting'"))[0][
            0
        ]

    async def transactions(self) -> list[dict[str, Any]]:
        return [
            dict(row)
            for row in await self.ledger.rows("SELECT * FROM chain_transactions ORDER BY created_at")
        ]

    async def open(self) -> None:
        answer = await self.ledger.act("PUT", "/bridge", number=FOUNDER)
        assert answer.status_code == 202, answer.text
        await self.settle()
        found = (await self.ledger.get("/bridge")).json()
        assert found["state"] == "open", found
        self.vault, self.token = found["vault"], found["token"]

    async def withdraw(self, number: int, units: int, to: str) -> UUID:
        answer = await self.ask(number, units, to)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def ask(self, number: int, amount_minor: int, recipient: str, **changed: Any) -> Any:
        debit = {"asset": "GLD", "minor": str(amount_minor), "to": recipient} | changed
        return await self.ledger.act("POST", "/withdrawals", {"debit": debit}, number=number)

    async def state(self, withdrawal: UUID, number: int = 1) -> str:
        return (await self.ledger.get(f"/withdrawals/{withdrawal}", number)).json()["state"]

    async def wallet_with(self, minor: int, number: int = 1) -> Wallet:
        """A wallet to which member `number` has withdrawn, and which lets the vault take it all back."""
        wallet = Wallet(self.devnet)
        await self.withdraw(number, minor, wallet.address)
        await self.settle()
        wallet.approve(self.token, self.vault, 2**255)
        self.devnet.keep()
        return wallet

    async def inside(self, number: int) -> int:
        return await self.ledger.balance(account_of(number))

    def held(self, block: str = "latest") -> int:
        return balance_of(self.devnet, self.token, self.vault, block)

    async def assert_whole(self) -> None:
        """Owed is at most held, and equal once nothing is on its way."""
        outside = await self.ledger.balance(account_of_union(AccountKind.BRIDGE))
        assert self.held() == (SUPPLY_MINOR - outside) * UNIT

    def later(self, seconds: int) -> None:
        self.ledger.clock.advance(timedelta(seconds=seconds))


@asynccontextmanager
async def running_chain_house(
    database: ServiceDatabase, bus: ServiceDatabase, folder: Path, clock: ManualClock, devnet: Devnet
) -> AsyncGenerator[ChainHouse]:
    key_file = folder / "bridge-operator.key"
    operator = operator_key(key_file)
    devnet.fund(operator)
    devnet.keep()
    settings = {
        "eth_rpc_url": devnet.url,
        "eth_chain_id": CHAIN_ID,
        "bridge_key_file": key_file,
        "bridge_poll_ms": NEVER_MS,
        "bridge_rpc_seconds": 5,
    }
    async with running_ledger(database, bus, folder, clock, **settings) as ledger:
        house = ChainHouse(ledger, devnet, BridgeWatch(ledger.settings), operator)
        yield house
        await house.watch.close()
