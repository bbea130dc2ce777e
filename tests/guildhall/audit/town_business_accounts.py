"""What was paid from the accounts of the town's businesses, of which one has closed since."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg

from tests.guildhall.audit.town_businesses import BAKERY, MILL, found_business

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town


async def pay_for(town: Town, who: str, business: str, account: str, units: int) -> None:
    """From the account of a business."""
    body = {"business_id": str(town.businesses[business]), "account": account, "amount": town.money(units)}
    paid = await town.act(who, "PUT", f"/business-payments/{uuid4()}", body)
    assert paid.json()["result"] == "posted", paid.text


async def spend_of_businesses(town: Town) -> None:
    """A member pays the bakery, whose manager pays themselves and a mill of theirs; who is hired for so much
    pays a supplier and the treasury. Then the mill closes."""
    mill = await found_business(town, "leader", MILL, 1)
    for who, count in (("leader", 2), ("backer", 1)):
        await town.deployment.eventually(
            lambda who=who: town.people[who].get(f"{town.path}/business-accounts"),
            lambda answer, count=count: len(answer.json()["items"]) == count,
        )
    funds = {"id": str(uuid4()), "debit_account": f"members/{town.people['employer'].id}", "code": "pay"}
    funds |= {"credit_account": f"businesses/{town.businesses[BAKERY]}"} | town.money(40)
    paid = await town.act("employer", "POST", "/transfers", {"transfers": [funds]})
    assert paid.json()["results"][0]["result"] == "posted", paid.text
    await pay_for(town, "leader", BAKERY, f"members/{town.people['leader'].id}", 6)
    await pay_for(town, "leader", BAKERY, f"businesses/{town.businesses[MILL]}", 4)
    await pay_for(town, "backer", BAKERY, f"members/{town.people['worker'].id}", 3)
    await pay_for(town, "backer", BAKERY, "treasury", 2)
    await town.act("leader", "DELETE", f"{mill}/owners/me")
    await town.deployment.eventually(lambda: _closed(town), lambda closed: town.businesses[MILL] in closed)


async def _closed(town: Town) -> set[object]:
    """The businesses that the ledger knows to be closed."""
    connection = await asyncpg.connect(town.urls["ledger"])
    try:
        rows = await connection.fetch("SELECT business_id FROM businesses WHERE state = 'closed'")
    finally:
        await connection.close()
    return {row["business_id"] for row in rows}
