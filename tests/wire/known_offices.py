"""What the operations on offices and payments from the treasury need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.guildhall.audit.town_offices import TERM_SECONDS, appoint, found_office
from tests.wire.reaching import ABSENT, Knowing, Known

OFFICES = "/v1/unions/{union}/offices"


def knowing_offices(town: Town) -> Mapping[str, Knowing]:
    founder, here = town.people["founder"], {"union": town.union["slug"]}
    made: list[dict[str, Any]] = []

    async def office() -> dict[str, Any]:
        if not made:
            made.append(await found_office(town, "founder", "Clerk", admit=None))
        return made[0]

    async def looking() -> Known:
        return Known(founder, here)

    async def founding() -> Known:
        rights = [{"right": "audit"}]
        return Known(founder, here, {"parent_id": ABSENT, "rights": rights, "term_seconds": TERM_SECONDS})

    async def one() -> Known:
        return Known(founder, here | {"office": (await office())["id"]})

    async def changing() -> Known:
        found = await found_office(town, "founder", "Scribe", admit=None)
        body = {"name": "Chronicler", "rights": [{"right": "audit"}], "term_seconds": TERM_SECONDS}
        return Known(founder, here | {"office": found["id"]}, body, headers={"if-match": found["etag"]})

    async def ending() -> Known:
        found = await found_office(town, "founder", "Herald", admit=None)
        return Known(founder, here | {"office": found["id"]})

    async def appointing() -> Known:
        known = await ending()
        return Known(founder, known.path, {"member": str(town.people["backer"].id)})

    async def dismissing() -> Known:
        known = await ending()
        await appoint(town, "founder", known.path["office"], "backer")
        return Known(founder, dict(known.path) | {"member": str(town.people["backer"].id)})

    async def paying() -> Known:
        terms = {"account": f"members/{town.people['backer'].id}", "amount": town.money(1)}
        return Known(founder, here | {"payment": str(uuid4())}, terms)

    return {
        f"GET {OFFICES}": looking,
        f"POST {OFFICES}": founding,
        f"GET {OFFICES}/register": looking,
        f"GET {OFFICES}/{{office}}": one,
        f"PATCH {OFFICES}/{{office}}": changing,
        f"DELETE {OFFICES}/{{office}}": ending,
        f"POST {OFFICES}/{{office}}/holders": appointing,
        f"DELETE {OFFICES}/{{office}}/holders/{{member}}": dismissing,
        "PUT /v1/unions/{union}/treasury-payments/{payment}": paying,
        "GET /v1/unions/{union}/treasury-payments": looking,
    }
