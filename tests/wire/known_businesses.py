"""Requests about businesses that get through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.guildhall.audit.town_businesses import found_business, hire, resolve
from tests.guildhall.audit.town_offices import TERM_SECONDS
from tests.wire.reaching import ABSENT, Knowing, Known

BUSINESSES = "/v1/unions/{union}/businesses"
ONE = f"{BUSINESSES}/{{business}}"

MANY = {
    "businesses_per_founder_max": 10_000,
    "business_stakes_per_member_max": 100,
    "business_posts_per_member_max": 16,
}
"""Settings of identity: each request has a business of its own."""


@dataclass(slots=True)
class _Businesses:
    """The worker's, in the town. `kept`: one that they manage, with a resolution."""

    town: Town
    kept_path: str = ""

    async def anew(self) -> str:
        return await found_business(self.town, "worker", f"Workshop {uuid4()}")

    async def managed(self) -> str:
        made = await self.anew()
        await resolve(self.town, "worker", made, "appoint", "worker")
        return made

    async def kept(self) -> str:
        self.kept_path = self.kept_path or await self.managed()
        return self.kept_path

    def known(self, business: str, body: dict[str, Any] | None = None, **path: str) -> Known:
        here = {"union": self.town.union["slug"], "business": business.rpartition("/")[2]}
        return Known(self.town.people["worker"], here | path, body or {})

    def whom(self, member: str) -> dict[str, Any]:
        return {"member": str(self.town.people[member].id)}


def knowing_businesses(town: Town) -> Mapping[str, Knowing]:
    owner, here = town.people["worker"], {"union": town.union["slug"]}
    of = _Businesses(town)

    async def looking() -> Known:
        return Known(owner, here)

    async def founding() -> Known:
        return Known(owner, here, {"name": f"Workshop {uuid4()}", "shares": "100"})

    async def one() -> Known:
        return of.known(await of.kept())

    async def giving_up() -> Known:
        return of.known(await of.anew())

    async def handing_over() -> Known:
        return of.known(await of.anew(), of.whom("backer") | {"shares": "1"})

    return {
        f"GET {BUSINESSES}": looking,
        f"POST {BUSINESSES}": founding,
        f"GET {ONE}": one,
        f"GET {ONE}/owners": one,
        f"DELETE {ONE}/owners/me": giving_up,
        f"GET {ONE}/share-transfers": one,
        f"POST {ONE}/share-transfers": handing_over,
        f"GET {ONE}/posts": one,
        f"GET {ONE}/resolutions": one,
        **_knowing_posts_and_resolutions(of),
    }


def _knowing_posts_and_resolutions(of: _Businesses) -> Mapping[str, Knowing]:
    town = of.town

    async def hiring() -> Known:
        body = of.whom("backer") | {"rights": [{"right": "audit"}], "term_seconds": TERM_SECONDS}
        return of.known(await of.managed(), body)

    async def dismissing() -> Known:
        business = await of.managed()
        return of.known(business, post=await hire(town, "worker", business, "backer", 1))

    async def proposing() -> Known:
        return of.known(await of.anew(), {"kind": "close", "member": ABSENT, "term_seconds": ABSENT})

    async def resolution() -> Known:
        business = await of.kept()
        listed = await town.people["worker"].get(f"{town.path}{business}/resolutions")
        return of.known(business, resolution=listed.json()["items"][0]["id"])

    async def approving() -> Known:
        """Half of the shares propose, the other half approves."""
        business = await of.anew()
        body = of.whom("employer") | {"shares": "50"}
        await town.act("worker", "POST", f"{business}/share-transfers", body)
        proposed = await resolve(town, "employer", business, "close")
        return of.known(business, resolution=proposed["id"])

    return {
        f"POST {ONE}/hires": hiring,
        f"DELETE {ONE}/posts/{{post}}": dismissing,
        f"POST {ONE}/resolutions": proposing,
        f"GET {ONE}/resolutions/{{resolution}}": resolution,
        f"PUT {ONE}/resolutions/{{resolution}}/approval": approving,
    }
