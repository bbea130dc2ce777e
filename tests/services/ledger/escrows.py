"""An agreement and a project, their escrows and the acts that fund them."""

import base64
from typing import Any
from uuid import UUID

import orjson

from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    SLUG,
    LedgerHouse,
    member_id,
)

AGREEMENT = named("agreement")
PROJECT = named("project")
EMPLOYER, WORKER, BACKER = 1, 2, 3
ESCROW: dict[str, Any] = {
    "kind": "escrow",
    "asset": "GLD",
    "resource": f"agreements/{AGREEMENT}",
    "payees": [f"members/{member_id(WORKER)}"],
    "exit_to": f"members/{member_id(EMPLOYER)}",
}
PROJECT_ESCROW: dict[str, Any] = {
    "kind": "escrow",
    "asset": "GLD",
    "resource": f"projects/{PROJECT}",
    "payees": [f"members/{member_id(FOUNDER)}"],
    "exit_to": "contributors",
}


def forwarded(
    house: LedgerHouse,
    number: int,
    minor: str,
    to: str,
    *,
    slug: str = SLUG,
    asset: str = "GLD",
    created: Any = None,
    body: bytes | None = None,
) -> dict[str, Any]:
    """A member's act to another service, as that service forwards it."""
    content = body or orjson.dumps({"debit": {"asset": asset, "minor": minor, "to": to}})
    path = f"/v1/unions/{slug}/bids/{AGREEMENT}/acceptance"
    headers = house.signed(number, "POST", path, content, created=created)
    return {
        "method": "POST",
        "target_uri": f"http://localhost:8080{path}",
        "headers": headers,
        "body": base64.b64encode(content).decode(),
    }


def funding(minor: str, act: dict[str, Any] | None, *, name: str = "fund") -> dict[str, Any]:
    return {
        "id": str(named(name)),
        "debit_account": f"members/{member_id(EMPLOYER)}",
        "credit_account": str(AGREEMENT),
        "asset": "GLD",
        "minor": minor,
        "code": "escrow_fund",
        "act": act,
    }


def leaving(code: str, credit: str, minor: str, *, debit: UUID = AGREEMENT, name: str = "") -> dict[str, Any]:
    return {
        "id": str(named(name or code)),
        "debit_account": str(debit),
        "credit_account": credit,
        "asset": "GLD",
        "minor": minor,
        "code": code,
    }


async def post(house: LedgerHouse, service: str, *transfers: dict[str, Any]) -> list[str]:
    answer = await house.serve(service, "POST", "/transfers", {"transfers": list(transfers)})
    assert answer.status_code == 200, answer.text
    return [result["result"] for result in answer.json()["results"]]


async def open_agreement(house: LedgerHouse) -> None:
    answer = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", ESCROW)
    assert answer.status_code == 200, answer.text


async def fund_agreement(house: LedgerHouse, minor: str = "100") -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, minor, f"agreements/{AGREEMENT}")
    assert await post(house, "market", funding(minor, act)) == ["posted"]


async def open_project(house: LedgerHouse) -> None:
    answer = await house.serve("funding", "PUT", f"/accounts/{PROJECT}", PROJECT_ESCROW)
    assert answer.status_code == 200, answer.text


async def pledge(house: LedgerHouse, number: int, minor: str, *, name: str = "pledge") -> list[str]:
    act = forwarded(house, number, minor, f"projects/{PROJECT}")
    transfer = {
        "id": str(named(f"{name} {number}")),
        "debit_account": f"members/{member_id(number)}",
        "credit_account": str(PROJECT),
        "asset": "GLD",
        "minor": minor,
        "code": "pledge",
        "act": act,
    }
    return await post(house, "funding", transfer)
