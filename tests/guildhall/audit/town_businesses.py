"""The businesses of the town: who holds what in one, and what was paid from its account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from events.declaration import Event
from events.identity import BusinessGrantState, BusinessState, GrantCharge, OfficeGrant

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town

BAKERY, MILL = "bakery", "mill"
TERM = timedelta(days=365)


async def _say(town: Town, *events: Event) -> None:
    """As identity says it."""
    async with town.deployment.chassis("identity").unit("town") as unit:
        for event in events:
            unit.publish(event)


def _business(town: Town, business_id: UUID, version: int = 1, state: str = "active") -> BusinessState:
    return BusinessState(
        union_id=UUID(town.union["id"]),
        business_id=business_id,
        version=version,
        state=state,
        founded_at=town.deployment.clock.now(),
    )


def _held(
    town: Town, business_id: UUID, who: str, units: int | None = None, *rights: str
) -> BusinessGrantState:
    """`units`: the limit of `spend`; None: there is none."""
    holding_id, until = uuid4(), town.deployment.clock.now() + TERM
    charges = (
        ()
        if units is None
        else (GrantCharge(holding_id=holding_id, limit_minor=int(town.money(units)["minor"])),)
    )
    return BusinessGrantState(
        union_id=UUID(town.union["id"]),
        business_id=business_id,
        member_id=town.people[who].id,
        version=1,
        grants=tuple(
            OfficeGrant(
                right=right, holding_id=holding_id, until=until, charges=charges if right == "spend" else ()
            )
            for right in rights
        ),
    )


async def pay_for(town: Town, who: str, business: str, account: str, units: int) -> None:
    """From the account of a business."""
    body = {"business_id": str(town.businesses[business]), "account": account, "amount": town.money(units)}
    paid = await town.act(who, "PUT", f"/business-payments/{uuid4()}", body)
    assert paid.json()["result"] == "posted", paid.text


async def do_business(town: Town) -> None:
    """The leader owns and manages a bakery, the supporter is hired for so much; a mill has closed.

    A member pays the bakery, which pays its manager, a supplier, the treasury and the mill.
    """
    bakery, mill = (town.deployment.chassis("identity").ids.new() for _ in range(2))
    town.businesses |= {BAKERY: bakery, MILL: mill}
    await _say(
        town,
        _business(town, bakery),
        _business(town, mill),
        _held(town, bakery, "leader", None, "audit", "spend"),
        _held(town, bakery, "supporter", 20, "spend"),
        _held(town, mill, "leader", None, "audit"),
    )
    for who, count in (("leader", 2), ("supporter", 1)):
        await town.deployment.eventually(
            lambda who=who: town.people[who].get(f"{town.path}/business-accounts"),
            lambda answer, count=count: len(answer.json()["items"]) == count,
        )
    funds = {"id": str(uuid4()), "debit_account": f"members/{town.people['employer'].id}", "code": "pay"}
    funds |= {"credit_account": f"businesses/{bakery}"} | town.money(40)
    paid = await town.act("employer", "POST", "/transfers", {"transfers": [funds]})
    assert paid.json()["results"][0]["result"] == "posted", paid.text
    await pay_for(town, "leader", BAKERY, f"members/{town.people['leader'].id}", 6)
    await pay_for(town, "leader", BAKERY, f"businesses/{mill}", 4)
    await pay_for(town, "supporter", BAKERY, f"members/{town.people['worker'].id}", 3)
    await pay_for(town, "supporter", BAKERY, "treasury", 2)
    await _say(town, _business(town, mill, 2, "closed"))
    await town.deployment.eventually(
        lambda: town.people["leader"].get(f"{town.path}/business-accounts"),
        lambda answer: any(one["closed"] for one in answer.json()["items"]),
    )
