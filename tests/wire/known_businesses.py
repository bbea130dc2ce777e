"""Requests about businesses that get through."""

from collections.abc import Mapping
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.guildhall.audit.town_businesses import found_business, hire, resolve
from tests.guildhall.audit.town_offices import TERM_SECONDS
from tests.wire.reaching import ABSENT, Knowing, Known

BUSINESSES = "/v1/unions/{union}/businesses"
ONE = f"{BUSINESSES}/{{business}}"

MANY = {"businesses_per_founder_max": 10_000, "business_stakes_per_member_max": 100}
"""Settings of identity: each request has a business of its own."""


def knowing_businesses(town: Town) -> Mapping[str, Knowing]:
    owner, here = town.people["worker"], {"union": town.union["slug"]}
    made: list[str] = []

    async def anew() -> str:
        return await found_business(town, "worker", f"Workshop {uuid4()}")

    async def kept() -> str:
        """One of the worker's, which they manage, with a resolution."""
        if not made:
            made.append(await anew())
            await resolve(town, "worker", made[0], "appoint", "worker")
        return made[0]

    def known(business: str, **path: str) -> dict[str, str]:
        return here | {"business": business.rpartition("/")[2]} | path

    async def looking() -> Known:
        return Known(owner, here)

    async def founding() -> Known:
        return Known(owner, here, {"name": f"Workshop {uuid4()}", "shares": "100"})

    async def one() -> Known:
        return Known(owner, known(await kept()))

    async def giving_up() -> Known:
        return Known(owner, known(await anew()))

    async def handing_over() -> Known:
        body = {"member": str(town.people["backer"].id), "shares": "1"}
        return Known(owner, known(await kept()), body)

    async def hiring() -> Known:
        business = await anew()
        await resolve(town, "worker", business, "appoint", "worker")
        body = {
            "member": str(town.people["backer"].id),
            "rights": [{"right": "audit"}],
            "term_seconds": TERM_SECONDS,
        }
        return Known(owner, known(business), body)

    async def dismissing() -> Known:
        business = await anew()
        await resolve(town, "worker", business, "appoint", "worker")
        post = await hire(town, "worker", business, "backer", 1)
        return Known(owner, known(business, post=post))

    async def proposing() -> Known:
        body = {"kind": "close", "member": ABSENT, "term_seconds": ABSENT}
        return Known(owner, known(await anew()), body)

    async def resolution() -> Known:
        business = await kept()
        listed = await owner.get(f"{town.path}{business}/resolutions")
        return Known(owner, known(business, resolution=listed.json()["items"][0]["id"]))

    async def approving() -> Known:
        """Half of the shares propose, the other half approves."""
        business = await anew()
        body = {"member": str(town.people["employer"].id), "shares": "50"}
        await town.act("worker", "POST", f"{business}/share-transfers", body)
        proposed = await resolve(town, "employer", business, "close")
        return Known(owner, known(business, resolution=proposed["id"]))

    return {
        f"GET {BUSINESSES}": looking,
        f"POST {BUSINESSES}": founding,
        f"GET {ONE}": one,
        f"GET {ONE}/owners": one,
        f"DELETE {ONE}/owners/me": giving_up,
        f"GET {ONE}/share-transfers": one,
        f"POST {ONE}/share-transfers": handing_over,
        f"GET {ONE}/posts": one,
        f"DELETE {ONE}/posts/{{post}}": dismissing,
        f"POST {ONE}/hires": hiring,
        f"GET {ONE}/resolutions": one,
        f"POST {ONE}/resolutions": proposing,
        f"GET {ONE}/resolutions/{{resolution}}": resolution,
        f"PUT {ONE}/resolutions/{{resolution}}/approval": approving,
    }
