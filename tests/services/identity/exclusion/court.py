"""A union with its founder and a member, and what can be done about them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from tests.services.identity.house import IdentityHouse, Member

GROUND = "They sold what was not theirs, twice."


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def well(response: httpx.Response) -> dict[str, Any]:
    assert response.is_success, response.text
    return response.json()


@dataclass(slots=True)
class Court:
    house: IdentityHouse
    founder: Member
    member: Member
    union: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    async def suspend(self, seconds: int = 86_400, by: Member | None = None) -> httpx.Response:
        body = {"member": str(self.member.id), "ground": GROUND, "lasts_seconds": seconds}
        return await (by or self.founder).act("POST", f"{self.path}/suspensions", body)

    async def propose(self, by: Member | None = None) -> httpx.Response:
        body = {"member": str(self.member.id), "ground": GROUND}
        return await (by or self.founder).act("POST", f"{self.path}/expulsions", body)

    async def decide(self, case: dict[str, Any], outcome: str, by: Member | None = None) -> httpx.Response:
        body = {"outcome": outcome, "reasons": "As the agreements show."}
        return await (by or self.founder).act("PUT", f"{self.path}/expulsions/{case['id']}/decision", body)

    async def say(
        self, what: str, case: dict[str, Any], by: Member | None = None, text: str = "I did not."
    ) -> httpx.Response:
        """`what`: statement, appeal."""
        path = f"{self.path}/expulsions/{case['id']}/{what}"
        return await (by or self.member).act("PUT", path, {"text": text})

    async def decide_appeal(
        self, case: dict[str, Any], outcome: str, by: Member | None = None
    ) -> httpx.Response:
        body = {"outcome": outcome, "reasons": "Heard once more."}
        path = f"{self.path}/expulsions/{case['id']}/appeal/decision"
        return await (by or self.founder).act("PUT", path, body)

    async def expel(self) -> dict[str, Any]:
        """After the hearing."""
        case = well(await self.propose())
        await self.pass_time(self.house.settings.hearing_seconds)
        return well(await self.decide(case, "expelled"))

    async def pass_time(self, seconds: int) -> None:
        """And let the timers run that have come due."""
        self.house.clock.advance(timedelta(seconds=seconds))
        await self.house.app.state.chassis.timer_runner.run_due()
        for each in (self.founder, self.member):
            assert (await each.sign_in()).status_code == 201

    async def state(self) -> str:
        """Of the member's membership."""
        return well(await self.member.ask("GET", f"{self.path}/memberships/me"))["state"]

    async def members_count(self) -> int:
        return well(await self.founder.ask("GET", f"{self.path}/memberships"))["members_count"]

    async def notices(self, of: Member) -> list[str]:
        """Kinds, those of exclusion alone, in the order in which they were made."""
        rows = await self.house.rows(
            "SELECT kind FROM notices WHERE member_id = $1 AND union_id = $2 AND subject IN "
            "('suspensions', 'expulsions') ORDER BY notice_id",
            of.id,
            self.union["id"],
        )
        return [row["kind"] for row in rows]

    async def revoked(self) -> list[tuple[int, str]]:
        """Versions and states by which the membership ended, as every process is told."""
        rows = await self.house.rows(
            "SELECT version, state FROM revocations WHERE kind = 'membership' AND member_id = $1 "
            "ORDER BY number",
            self.member.id,
        )
        return [(row["version"], row["state"]) for row in rows]


async def convened(house: IdentityHouse, name: str) -> Court:
    founder, member = await house.member(), await house.member()
    union = await founder.found(name)
    assert (await member.join(union)).status_code == 201
    return Court(house, founder, member, union)
