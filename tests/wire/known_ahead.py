"""What the operations on holds, mandates, schedules, supply, the journal's files and receipts need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.wire.known_supply import knowing_supply
from tests.wire.reaching import ABSENT, Knowing, Known

UNION = "/v1/unions/{union}"


def knowing_ahead(town: Town) -> Mapping[str, Knowing]:
    backer, here = town.people["backer"], {"union": town.union["slug"]}
    later = timedelta(days=3)

    def mandate() -> dict[str, Any]:
        until = (town.deployment.clock.now() + later).isoformat()
        payee_id = str(town.people["worker"].id)
        return {"payee_id": payee_id, "cap": town.money(1), "renews_every_days": ABSENT, "expires_at": until}

    def schedule() -> dict[str, Any]:
        first_at = (town.deployment.clock.now() + later).isoformat()
        terms = {"payee": "treasury", "amount": town.money(1), "first_at": first_at}
        return terms | {"every": "month", "zone": "Europe/Berlin", "times": ABSENT}

    async def made(what: str, body: dict[str, Any]) -> str:
        name = str(uuid4())
        present = {key: value for key, value in body.items() if value is not ABSENT}
        await town.act("backer", "PUT", f"/{what}/{name}", present)
        return name

    async def looking() -> Known:
        return Known(backer, here)

    async def giving() -> Known:
        return Known(backer, here | {"mandate": str(uuid4())}, mandate())

    async def revoking() -> Known:
        return Known(backer, here | {"mandate": await made("mandates", mandate())})

    async def fixing() -> Known:
        return Known(backer, here | {"schedule": str(uuid4())}, schedule())

    async def fixed() -> Known:
        return Known(backer, here | {"schedule": await made("schedules", schedule())})

    async def auditing() -> Known:
        return Known(town.people["founder"], here)

    async def proving() -> Known:
        accounts = (await backer.get(f"{town.path}/accounts")).json()["items"]
        account = next(one["id"] for one in accounts if one["kind"] == "member")
        lines = (await backer.get(f"{town.path}/accounts/{account}/statement")).json()["items"]
        return Known(backer, here | {"account": account, "sequence": str(lines[0]["sequence"])})

    return {
        **knowing_supply(town),
        f"GET {UNION}/holds": looking,
        f"GET {UNION}/mandates": looking,
        f"PUT {UNION}/mandates/{{mandate}}": giving,
        f"DELETE {UNION}/mandates/{{mandate}}": revoking,
        f"GET {UNION}/schedules": looking,
        f"GET {UNION}/schedules/{{schedule}}": fixed,
        f"PUT {UNION}/schedules/{{schedule}}": fixing,
        f"DELETE {UNION}/schedules/{{schedule}}": fixed,
        f"GET {UNION}/journal.jsonl": looking,
        f"GET {UNION}/journal/keys": looking,
        f"GET {UNION}/journal/rows.jsonl": auditing,
        f"GET {UNION}/accounts/{{account}}/statement/{{sequence}}/receipt": proving,
    }
