"""The offices of the town: who holds them, who held one, and what was paid from its treasury."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town

TERM_SECONDS = 31_536_000


async def found_office(
    town: Town, who: str, name: str, parent_id: str | None = None, **rights: int | None
) -> dict[str, Any]:
    """`rights`: by name; of `spend` the limit in units."""
    body = {
        "parent_id": parent_id,
        "name": name,
        "term_seconds": TERM_SECONDS,
        "rights": [
            {"right": right} if units is None else {"right": right, "limit": town.money(units)}
            for right, units in rights.items()
        ],
    }
    return (await town.act(who, "POST", "/offices", body)).json()


async def appoint(town: Town, who: str, office: str, member: str) -> None:
    body = {"member": str(town.people[member].id)}
    await town.act(who, "POST", f"/offices/{office}/holders", body)


async def pay(town: Town, who: str, payee: str, units: int) -> None:
    """From the treasury, once the ledger has heard that they may."""
    path = f"{town.path}/treasury-payments"
    await town.deployment.eventually(
        lambda: town.people[who].get(path), lambda answer: answer.status_code == 200
    )
    body = {"account": f"members/{town.people[payee].id}", "amount": town.money(units)}
    paid = await town.act(who, "PUT", f"/treasury-payments/{uuid4()}", body)
    assert paid.json()["result"] == "posted", paid.text


async def hand_over(town: Town, who: str, heir: str) -> None:
    """The founder's office, with the heir's word."""
    await town.act(who, "PUT", "/succession/heir", {"member": str(town.people[heir].id)})
    await town.act(heir, "PUT", "/succession/consent")
    await town.act(who, "POST", "/succession/handover")
    town.deployment.clock.advance(timedelta(seconds=2))


async def govern(town: Town) -> None:
    """The founder was away, and the leader kept their office meanwhile.

    The leader is treasurer, the supporter their deputy: both pay, and the founder; a moderator is out.
    """
    await hand_over(town, "founder", "leader")
    await hand_over(town, "leader", "founder")
    treasurer = await found_office(town, "founder", "Treasurer", spend=50, audit=None)
    await appoint(town, "founder", treasurer["id"], "leader")
    deputy = await found_office(town, "leader", "Deputy", treasurer["id"], spend=20)
    await appoint(town, "leader", deputy["id"], "supporter")
    for who, payee, units in (("leader", "worker", 5), ("supporter", "worker", 3), ("founder", "leader", 1)):
        await pay(town, who, payee, units)
    moderator = await found_office(town, "founder", "Moderator", moderate=None)
    await appoint(town, "founder", moderator["id"], "backer")
    await town.act("founder", "DELETE", f"/offices/{moderator['id']}/holders/{town.people['backer'].id}")
