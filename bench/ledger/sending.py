"""What is sent: signed batches of payments, whole requests, made before the clock runs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
import uuid_utils

from guildhall.client import Session
from guildhall.client.device_key import DeviceKey


@dataclass(frozen=True, slots=True)
class Payer:
    """A member with money, as their client knows itself."""

    member_id: str
    token: str
    device: DeviceKey

    @classmethod
    def of(cls, session: Session) -> Payer:
        return cls(session.member_id, session.tokens.access_token, session.device)


@dataclass(frozen=True, slots=True)
class Plan:
    """`to_one`: everybody pays the last payer, who pays nobody. Else each pays the next ones in turn."""

    name: str
    connections: int
    transfers_a_request: int
    requests_a_connection: int
    to_one: bool = False

    def quick(self, most: int) -> Plan:
        count = min(self.requests_a_connection, most)
        return Plan(self.name, self.connections, self.transfers_a_request, count, self.to_one)


@dataclass(frozen=True, slots=True)
class Where:
    """The union's transfers: `authority` is the host with its port, `public_url` what acts are signed for."""

    authority: str
    public_url: str
    union_path: str
    asset: str


def streams_of(plan: Plan, where: Where, payers: Sequence[Payer]) -> list[list[bytes]]:
    """For each connection its requests, in order."""
    paying = payers[:-1] if plan.to_one else payers
    streams: list[list[bytes]] = []
    for connection in range(plan.connections):
        payer = paying[connection % len(paying)]
        payees = _payees(plan, payers, payer)
        streams.append(
            [
                _request(where, payer, list(_transfers(where, payer, payees, plan.transfers_a_request)))
                for _ in range(plan.requests_a_connection)
            ]
        )
    return streams


def _payees(plan: Plan, payers: Sequence[Payer], payer: Payer) -> list[str]:
    if plan.to_one:
        return [payers[-1].member_id]
    place = payers.index(payer)
    return [one.member_id for one in (*payers[place + 1 :], *payers[:place])]


def _transfers(where: Where, payer: Payer, payees: Sequence[str], count: int) -> Iterator[dict[str, str]]:
    for number in range(count):
        yield {
            "id": str(uuid_utils.uuid7()),
            "debit_account": f"members/{payer.member_id}",
            "credit_account": f"members/{payees[number % len(payees)]}",
            "asset": where.asset,
            "minor": "1",
            "code": "pay",
        }


def _request(where: Where, payer: Payer, transfers: list[dict[str, str]]) -> bytes:
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
