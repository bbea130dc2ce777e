"""A founder with a union, members in it, and the rules that change."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from tests.services.identity.house import IdentityHouse, Member

GRACE_SECONDS = 86_400


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


@dataclass(slots=True)
class RuledUnion:
    """`members` have joined under the first version."""

    house: IdentityHouse
    founder: Member
    members: list[Member]
    union: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    async def amend(self, body: object) -> dict[str, Any]:
        """Put in force, against the version that is there."""
        present = await self.house.get(f"{self.path}/charter")
        answer = await self.founder.act(
            "PATCH", f"{self.path}/charter", body, **{"if-match": present.headers["etag"]}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def accept(self, member: Member, charter: dict[str, Any] | None = None) -> httpx.Response:
        """The charter in force, where none is named."""
        named = charter or (await self.house.get(f"{self.path}/charter")).json()
        body = {"charter_version": named["version"], "charter_hash": named["hash"]}
        return await member.act("PUT", f"{self.path}/memberships/me/acceptance", body)

    async def asked(self, member: Member) -> dict[str, Any]:
        answer = await member.ask("GET", f"{self.path}/memberships/me/acceptance")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def membership(self, member: Member) -> dict[str, Any]:
        return (await member.ask("GET", f"{self.path}/memberships/me")).json()

    async def counts(self) -> tuple[int, int]:
        """Accepted, of all."""
        shown = (await self.house.get(f"{self.path}/charter/acceptances")).json()
        return shown["accepted_count"], shown["members_count"]

    async def pass_grace(self, less_seconds: int = 0) -> None:
        """And let the timers run that have come due; everybody signs in again."""
        self.house.clock.advance(timedelta(seconds=GRACE_SECONDS - less_seconds))
        await self.run_timers()
        for member in (self.founder, *self.members):
            assert (await member.sign_in()).status_code == 201

    async def run_timers(self) -> None:
        while await self.house.app.state.chassis.timer_runner.run_due():
            pass


async def ruled_union(house: IdentityHouse, name: str, by_silence: str, members: int = 2) -> RuledUnion:
    founder = await house.member()
    parameters = {"acceptance_by_silence": by_silence, "acceptance_grace_seconds": GRACE_SECONDS}
    union = await founder.found(name, parameters=parameters)
    made = RuledUnion(house, founder, [await house.member() for _ in range(members)], union)
    for member in made.members:
        assert (await member.join(union)).status_code == 201
    return made
