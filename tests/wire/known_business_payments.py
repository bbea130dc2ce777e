"""What the operations on accounts of businesses need: a manager, and money that is there."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.guildhall.audit.town_businesses import BAKERY
from tests.wire.reaching import Knowing, Known

HERE = "/v1/unions/{union}"


def knowing_business_payments(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    manager, here = town.people["leader"], {"union": town.union["slug"]}
    business_id = str(town.businesses[BAKERY])

    async def accounts() -> Known:
        return Known(manager, here)

    async def payments() -> Known:
        return Known(manager, here, query={"business_id": business_id})

    async def paying() -> Known:
        terms = {"account": f"members/{town.people['backer'].id}", "amount": town.money(1)}
        return Known(manager, here | {"payment": str(uuid4())}, terms | {"business_id": business_id})

    return {
        f"GET {HERE}/business-accounts": accounts,
        f"GET {HERE}/business-payments": payments,
        f"PUT {HERE}/business-payments/{{payment}}": paying,
    }
