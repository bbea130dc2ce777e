"""A business of the town: who owns it, who manages it, who is hired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.guildhall.audit.town_offices import TERM_SECONDS

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town


BAKERY, MILL, KIOSK = "bakery", "mill", "kiosk"


async def found_business(town: Town, who: str, name: str, shares: int = 100) -> str:
    """Its path below the union's; the town keeps its id by its name."""
    founded = await town.act(who, "POST", "/businesses", {"name": name, "shares": str(shares)})
    town.businesses[name] = UUID(founded.json()["id"])
    return f"/businesses/{town.businesses[name]}"


async def resolve(
    town: Town,
    who: str,
    business: str,
    kind: str,
    member: str | None = None,
    term_seconds: int = TERM_SECONDS,
) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": kind}
    if member is not None:
        body["member"] = str(town.people[member].id)
    if kind == "appoint":
        body["term_seconds"] = term_seconds
    return (await town.act(who, "POST", f"{business}/resolutions", body)).json()


async def hire(town: Town, who: str, business: str, member: str, units: int) -> str:
    """The id of their post."""
    body = {
        "member": str(town.people[member].id),
        "rights": [{"right": "audit"}, {"right": "spend", "limit": town.money(units)}],
        "term_seconds": TERM_SECONDS,
    }
    return (await town.act(who, "POST", f"{business}/hires", body)).json()["id"]


async def hand_over_shares(town: Town, who: str, business: str, to: str, shares: int) -> None:
    body = {"member": str(town.people[to].id), "shares": str(shares)}
    await town.act(who, "POST", f"{business}/share-transfers", body)


async def do_business(town: Town) -> None:
    """The worker's bakery has three owners, the leader manages it, for longer than at first, and the backer
    is hired; another one was closed."""
    bakery = await found_business(town, "worker", BAKERY)
    await resolve(town, "worker", bakery, "appoint", "leader")
    await hire(town, "leader", bakery, "backer", 10)
    await resolve(town, "worker", bakery, "appoint", "leader", 2 * TERM_SECONDS)
    await hand_over_shares(town, "worker", bakery, "supporter", 30)
    await hand_over_shares(town, "worker", bakery, "employer", 20)
    await resolve(town, "worker", bakery, "appoint", "supporter")
    closed = await found_business(town, "employer", KIOSK, 3)
    await town.act("employer", "DELETE", f"{closed}/owners/me")
