"""A union with its founder, an heir and another member, and how its office passes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from tests.services.identity.exclusion.court import well
from tests.services.identity.house import IdentityHouse, Member


@dataclass(slots=True)
class HouseOfHeirs:
    house: IdentityHouse
    founder: Member
    heir: Member
    other: Member
    union: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    async def act(self, who: Member, method: str, path: str, body: object = None) -> httpx.Response:
        return await who.act(method, f"{self.path}/succession{path}", body)

    async def name(self, whom: Member | None = None, by: Member | None = None) -> httpx.Response:
        body = {"member": str((whom or self.heir).id)}
        return await self.act(by or self.founder, "PUT", "/heir", body)

    async def agreed(self) -> None:
        well(await self.name())
        well(await self.act(self.heir, "PUT", "/consent"))

    async def shown(self) -> dict[str, Any]:
        return well(await self.house.get(f"{self.path}/succession"))

    async def head(self) -> str:
        return (await self.shown())["head_id"]

    async def history(self) -> list[tuple[str, str, str]]:
        items = well(await self.house.get(f"{self.path}/succession/history"))["items"]
        return [(one["from_id"], one["to_id"], one["way"]) for one in items]

    async def pass_time(self, seconds: int) -> None:
        """And let the timers run that have come due."""
        self.house.clock.advance(timedelta(seconds=seconds))
        await self.house.app.state.chassis.timer_runner.run_due()
        for each in (self.founder, self.heir, self.other):
            assert (await each.sign_in()).status_code == 201

    async def notices(self, of: Member) -> list[str]:
        rows = await self.house.rows(
            "SELECT kind FROM notices WHERE member_id = $1 AND union_id = $2 AND subject = 'succession' "
            "ORDER BY kind",
            of.id,
            self.union["id"],
        )
        return [row["kind"] for row in rows]

    async def memberships(self) -> dict[str, tuple[str, str]]:
        """Role and state by member."""
        rows = await self.house.rows(
            "SELECT member_id, role, state FROM memberships WHERE union_id = $1", self.union["id"]
        )
        return {str(row["member_id"]): (row["role"], row["state"]) for row in rows}


async def house_of_heirs(house: IdentityHouse, name: str) -> HouseOfHeirs:
    founder, heir, other = [await house.member() for _ in range(3)]
    union = await founder.found(name)
    for member in (heir, other):
        assert (await member.join(union)).status_code == 201
    return HouseOfHeirs(house, founder, heir, other, union)
