"""Clients that ask the ledger for what conflicts: members who pay, chain, reserve and repeat; the market."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

from tests.crash.ledger_desk import Desk, Transfer
from tests.services.ledger.escrows import forwarded
from tests.services.ledger.house import GRANT_MINOR, account_of, member_id

REMEMBERED = 40
HOLD_SECONDS = (1, 1, 2, 8)


class Held(NamedTuple):
    """A hold, as its payee knows it."""

    payer: int
    id: str
    minor: int


class Floor:
    """What all clients of a union know of one another: batches by their members, holds by their payees."""

    def __init__(self, desk: Desk, members_count: int) -> None:
        self.desk = desk
        self.members = range(1, members_count + 1)
        self.batches: dict[int, deque[list[Transfer]]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self.holds: dict[int, deque[Held]] = defaultdict(lambda: deque(maxlen=REMEMBERED // 4))


class Client:
    """Does one thing after the other, drawn by its own chance. Several may act as the same member."""

    def __init__(self, floor: Floor, seed: str) -> None:
        self.floor = floor
        self.desk = floor.desk
        self.chance = random.Random(seed)

    async def act(self) -> None:
        raise NotImplementedError

    def fresh_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def other(self, number: int) -> int:
        return self.chance.choice([one for one in self.floor.members if one != number])


class MemberClient(Client):
    def __init__(self, floor: Floor, seed: str, number: int) -> None:
        super().__init__(floor, seed)
        self.number = number
        self._weights: dict[Callable[[], Awaitable[object]], int] = {
            self._pay: 25,
            self._chain: 12,
            self._balance: 8,
            self._hold: 15,
            self._end_hold: 15,
            self._repeat: 12,
            self._change: 5,
            self._send_twice_at_once: 8,
        }

    async def act(self) -> None:
        (doing,) = self.chance.choices(list(self._weights), list(self._weights.values()))
        await doing()

    def transfer(self, minor: int, code: str = "pay", payee: int | None = None, **more: Any) -> Transfer:
        return {
            "id": str(self.fresh_id()),
            "debit_account": str(account_of(self.number)),
            "credit_account": str(account_of(payee or self.other(self.number))),
            "asset": "GLD",
            "minor": str(minor),
            "code": code,
        } | more

    def minor(self, of: int = 2) -> int:
        return self.chance.randrange(1, GRANT_MINOR // of)

    async def _send(self, *batch: Transfer) -> list[Transfer]:
        self.floor.batches[self.number].append(list(batch))
        return await self.desk.post(self.number, batch)

    async def _pay(self) -> None:
        payments = [self.transfer(self.minor()) for _ in range(self.chance.randint(1, 3))]
        others = self.floor.batches[self.other(self.number)]
        if others and self.chance.random() < 0.2:  # an id is its principal's alone
            payments[0]["id"] = others[-1][0]["id"]
        if payments[0]["id"] not in {one["id"] for batch in self.floor.batches[self.number] for one in batch}:
            await self._send(*payments)

    async def _chain(self) -> None:
        payments = [self.transfer(self.minor(1), linked=place < 2) for place in range(3)]
        await self._send(*payments, self.transfer(1))

    async def _balance(self) -> None:
        await self._send(self.transfer(2 * GRANT_MINOR, balancing_debit=True), self.transfer(self.minor()))

    async def _hold(self) -> None:
        payee, minor = self.other(self.number), self.minor(20)
        seconds = self.chance.choice(HOLD_SECONDS)
        hold = self.transfer(minor, "hold", payee, timeout_seconds=seconds)
        self.floor.holds[payee].append(Held(self.number, hold["id"], minor))
        await self._send(hold)

    async def _end_hold(self) -> None:
        """Takes some of it and spends that, or releases it; others may be about the same one."""
        if not (holds := self.floor.holds[self.number]):
            return
        held = self.chance.choice(holds)
        code = self.chance.choice(("hold_post", "hold_void"))
        minor = held.minor if code == "hold_void" else self.chance.randint(1, held.minor)
        end = self.transfer(minor, code, self.number, pending_id=held.id)
        end["debit_account"] = str(account_of(held.payer))
        if code == "hold_post" and self.chance.random() < 0.5:
            await self._send(end | {"linked": True}, self.transfer(minor))
        else:
            await self._send(end)

    async def _repeat(self) -> None:
        if batches := self.floor.batches[self.number]:
            await self.desk.post(self.number, self.chance.choice(batches))

    async def _change(self) -> None:
        """An id of before with another amount."""
        if batches := self.floor.batches[self.number]:
            changed = self.chance.choice(self.chance.choice(batches))
            await self.desk.post(self.number, [changed | {"minor": str(int(changed["minor"]) + 1)}])

    async def _send_twice_at_once(self) -> None:
        batch = [self.transfer(self.minor()), self.transfer(self.minor(), linked=True), self.transfer(1)]
        await asyncio.gather(
            *(self.desk.post(self.number, batch, at) for at in range(len(self.desk.answers)))
        )


class MarketClient(Client):
    """Agreements one after the other: funded, paid, returned, and what of it is given up at the same time."""

    async def act(self) -> None:
        agreement, (employer, worker) = self.fresh_id(), self.chance.sample(self.floor.members, 2)
        accounts = {"employer": account_of(employer), "worker": account_of(worker), "escrow": agreement}
        minor = self.chance.randrange(2, GRANT_MINOR // 4)
        resource = f"agreements/{agreement}"
        escrow: dict[str, Any] = {"kind": "escrow", "asset": "GLD", "resource": resource}
        escrow |= {"payees": [f"members/{member_id(worker)}"], "exit_to": f"members/{member_id(employer)}"}
        await self.desk.open_escrow(agreement, escrow)

        def transfer(code: str, debit: str, credit: str, amount: int, **more: Any) -> Transfer:
            sides = {"debit_account": str(accounts[debit]), "credit_account": str(accounts[credit])}
            named = {"id": str(self.fresh_id()), "asset": "GLD", "minor": str(amount), "code": code}
            return named | sides | more

        act = forwarded(self.desk.house, employer, str(minor), resource)
        await self._race(transfer("escrow_fund", "employer", "escrow", minor, act=act))
        part = self.chance.randrange(1, minor)
        await self._race(transfer("escrow_pay", "escrow", "worker", part))
        await self._race(transfer("escrow_refund", "escrow", "employer", 1))
        await self.desk.post(
            None, [transfer("escrow_refund", "escrow", "employer", minor, balancing_debit=True)]
        )

    async def _race(self, transfer: Transfer) -> None:
        """Posted, perhaps twice at once, perhaps while it is being cancelled elsewhere, or afterwards."""
        last = len(self.desk.answers) - 1
        ids = [UUID(transfer["id"])]
        match self.chance.randrange(4):
            case 0:
                await asyncio.gather(self.desk.cancel(ids, last), self.desk.post(None, [transfer], 0))
            case 1:
                await asyncio.gather(
                    self.desk.post(None, [transfer], 0), self.desk.post(None, [transfer], last)
                )
                await self.desk.cancel(ids)
            case 2:
                await asyncio.gather(self.desk.post(None, [transfer], 0), self.desk.cancel(ids, last))
            case _:
                await self.desk.post(None, [transfer])
