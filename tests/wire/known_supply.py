"""What the operations on supply, freezes, explanations and ids that are given up need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.wire.reaching import Knowing, Known

UNION = "/v1/unions/{union}"


def knowing_supply(town: Town) -> Mapping[str, Knowing]:
    backer, here = town.people["backer"], {"union": town.union["slug"]}
    later = timedelta(days=3)

    async def looking() -> Known:
        return Known(backer, here)

    async def freezing() -> Known:
        account = (await town.accounts("worker"))["member"]
        until = (town.deployment.clock.now() + later).isoformat()
        body = {"until": until, "reason": "A lost telephone"}
        return Known(town.people["founder"], here | {"account": account}, body)

    async def frozen() -> Known:
        known = await freezing()
        await town.act("founder", "PUT", f"/accounts/{known.path['account']}/freeze", known.body)
        return Known(town.people["founder"], known.path)

    async def explaining() -> Known:
        account = (await town.accounts("backer"))["member"]
        lines = (await backer.get(f"{town.path}/accounts/{account}/statement")).json()["items"]
        fee = next(line for line in lines if line["code"] == "fee")
        return Known(backer, here | {"account": account, "sequence": str(fee["sequence"])})

    async def giving_up() -> Known:
        return Known(backer, here, {"ids": [str(uuid4())]})

    async def remembering() -> Known:
        account = (await town.accounts("backer"))["member"]
        at = (town.deployment.clock.now() - timedelta(minutes=1)).isoformat()
        return Known(backer, here | {"account": account}, query={"at": at})

    async def allotting() -> Known:
        sources = [{"account": f"members/{backer.id}"}]
        destinations = [{"account": "treasury", "shares": 1}]
        terms = {"amount": town.money(1), "sources": sources, "destinations": destinations, "code": "pay"}
        return Known(backer, here | {"allotment": str(uuid4())}, terms)

    return {
        f"PUT {UNION}/allotments/{{allotment}}": allotting,
        f"GET {UNION}/accounts/{{account}}/balance": remembering,
        f"GET {UNION}/supply": looking,
        f"GET {UNION}/supply/vesting": looking,
        f"GET {UNION}/supply/changes": looking,
        f"GET {UNION}/accounts/{{account}}/freeze": frozen,
        f"PUT {UNION}/accounts/{{account}}/freeze": freezing,
        f"DELETE {UNION}/accounts/{{account}}/freeze": frozen,
        f"GET {UNION}/accounts/{{account}}/statement/{{sequence}}/explanation": explaining,
        f"POST {UNION}/transfer-cancellations": giving_up,
    }
