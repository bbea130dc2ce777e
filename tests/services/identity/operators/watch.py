"""Operators of a house, and what they do through the interface."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from services.identity.operators.store.operators import list_operators
from services.identity.operators.use_cases.name_operator import name_operator, remove_operator
from tests.services.identity.house import IdentityHouse, Member

GROUND = "Order 12/2027 of the court."
REASONS = "As the file shows."
DAY = 86_400


@dataclass(slots=True)
class Watch:
    house: IdentityHouse

    async def operator(self) -> Member:
        """A new one, named on the machine."""
        member = await self.house.member()
        async with self.house.unit("operator of the machine") as unit:
            await name_operator(unit, self.house.settings, str(member.id), "They keep the watch.")
        return member

    async def remove(self, member: Member) -> None:
        async with self.house.unit("operator of the machine") as unit:
            await remove_operator(unit, str(member.id), "Their watch is over.")

    async def dismiss_all(self) -> None:
        async with self.house.unit("operator of the machine") as unit:
            for one in await list_operators(unit, None, 1_000):
                await remove_operator(unit, str(one.member_id), "Another watch.")

    async def _act(self, by: Member, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        """Each in a millisecond of its own: ids, and so lists, follow the time."""
        self.house.clock.advance(timedelta(milliseconds=1))
        return await by.act(method, f"/v1/operator-acts/{path}", body)

    async def lock(
        self, by: Member, member: Member, seconds: int = DAY, *, but: dict[str, Any] | None = None
    ) -> httpx.Response:
        """`but`: what the body says otherwise."""
        body = {"member": str(member.id), "ground": GROUND, "lasts_seconds": seconds} | (but or {})
        return await self._act(by, "POST", "member-locks", body)

    async def hide(
        self, by: Member, union: dict[str, Any], *, but: dict[str, Any] | None = None
    ) -> httpx.Response:
        body = {"union": union["slug"], "ground": GROUND} | (but or {})
        return await self._act(by, "POST", "union-hidings", body)

    async def take_down(
        self, by: Member, member: Member, picture: str, ground: str = GROUND
    ) -> httpx.Response:
        body = {"member": str(member.id), "picture": picture, "ground": ground}
        return await self._act(by, "POST", "picture-removals", body)

    async def undo(self, by: Member, act: dict[str, Any], reasons: str = REASONS) -> httpx.Response:
        return await self._act(by, "PUT", f"{act['id']}/ending", {"reasons": reasons})

    async def appeal(self, by: Member, act: dict[str, Any], text: str = "It was not so.") -> httpx.Response:
        return await self._act(by, "PUT", f"{act['id']}/appeal", {"text": text})

    async def decide(
        self, by: Member, act: dict[str, Any], outcome: str, reasons: str = REASONS
    ) -> httpx.Response:
        body = {"outcome": outcome, "reasons": reasons}
        return await self._act(by, "PUT", f"{act['id']}/appeal/decision", body)

    async def pass_time(self, seconds: int, *members: Member) -> None:
        """And have these sign in again."""
        self.house.clock.advance(timedelta(seconds=seconds))
        for each in members:
            assert (await each.sign_in()).status_code == 201

    async def notices(self, of: Member) -> list[str]:
        """Kinds, in the order in which they were made."""
        rows = await self.house.rows(
            "SELECT kind FROM notices WHERE member_id = $1 AND subject IN ('operator-acts', 'operators') "
            "ORDER BY notice_id",
            of.id,
        )
        return [row["kind"] for row in rows]
