"""What is sent: signed batches of payments and holds, whole requests, made before the clock runs."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import orjson
import uuid_utils

from guildhall.client import Session
from guildhall.client.device_key import DeviceKey

HELD_SECONDS = 604_800


@dataclass(frozen=True, slots=True)
class Payer:
    """A member with money, as their client knows itself."""

    member_id: str
    token: str
    device: DeviceKey

    @classmethod
    def of(cls, session: Session) -> Payer:
        return cls(session.member_id, session.tokens.access_token, session.device)


class Spread(Enum):
    """Whom they pay: the next ones in turn; by Zipf's law, the n-th of the others 1/n as often as the first;
    or all the last one, who pays nobody."""

    UNIFORM = "uniform"
    ZIPF = "zipf"
    TO_ONE = "to one"


@dataclass(frozen=True, slots=True)
class Plan:
    """`is_held`: each payment is two requests, a hold by the payer and its taking by the payee."""

    name: str
    connections: int
    transfers_a_request: int
    requests_a_connection: int
    spread: Spread = Spread.UNIFORM
    is_held: bool = False

    def cut_to(self, requests_a_connection_max: int) -> Plan:
        return replace(self, requests_a_connection=min(self.requests_a_connection, requests_a_connection_max))


@dataclass(frozen=True, slots=True)
class Where:
    """The union's transfers: `authority` is the host with its port, `public_url` what acts are signed for."""

    authority: str
    public_url: str
    union_path: str
    asset: str


def streams_of(plan: Plan, where: Where, payers: Sequence[Payer]) -> list[list[bytes]]:
    """For each connection its requests, in order. Ids rise in the order in which connections take turns, as
    they do where clients make them when they send."""
    paying = payers[:-1] if plan.spread is Spread.TO_ONE else payers
    of_connections = [paying[connection % len(paying)] for connection in range(plan.connections)]
    payees = [
        _payees(plan.spread, payers, payer, connection) for connection, payer in enumerate(of_connections)
    ]
    streams: list[list[bytes]] = [[] for _ in of_connections]
    turns = plan.requests_a_connection // 2 if plan.is_held else plan.requests_a_connection
    for _ in range(turns):
        for stream, payer, others in zip(streams, of_connections, payees, strict=True):
            if plan.is_held:
                stream.extend(_held(where, payer, next(others)))
            else:
                count = plan.transfers_a_request
                paid = [_transfer(where, payer, next(others)) for _ in range(count)]
                stream.append(_request(where, payer, paid))
    return streams


def _payees(spread: Spread, payers: Sequence[Payer], payer: Payer, connection: int) -> Iterator[Payer]:
    """Without end."""
    place = payers.index(payer)
    others = [*payers[place + 1 :], *payers[:place]]
    if spread is Spread.TO_ONE:
        return itertools.repeat(payers[-1])
    if spread is Spread.UNIFORM:
        return itertools.cycle(others)
    chance = random.Random(connection)
    weights = [1 / rank for rank in range(1, len(others) + 1)]
    return iter(lambda: chance.choices(others, weights)[0], None)


def _held(where: Where, payer: Payer, payee: Payer) -> tuple[bytes, bytes]:
    hold = _transfer(where, payer, payee) | {"code": "hold", "timeout_seconds": HELD_SECONDS}
    taking = _transfer(where, payer, payee) | {"code": "hold_post", "pending_id": hold["id"]}
    return _request(where, payer, [hold]), _request(where, payee, [taking])


def _transfer(where: Where, payer: Payer, payee: Payer) -> dict[str, Any]:
    return {
        "id": str(uuid_utils.uuid7()),
        "debit_account": f"members/{payer.member_id}",
        "credit_account": f"members/{payee.member_id}",
        "asset": where.asset,
        "minor": "1",
        "code": "pay",
    }


def _request(where: Where, payer: Payer, transfers: list[dict[str, Any]]) -> bytes:
    path = f"{where.union_path}/transfers"
    body = orjson.dumps({"transfers": transfers})
    headers = {
        "host": where.authority,
        "authorization": f"Bearer {payer.token}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        **payer.device.sign(
            method="POST",
            target_uri=f"{where.public_url}{path}",
            body=body,
            created_seconds=int(time.time()),
        ),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
