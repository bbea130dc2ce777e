"""A union with offices, and who acts in it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import orjson

from tests.services.identity.house import IdentityHouse, Member

TERM = 1_000_000


@dataclass(slots=True)
class Guild:
    """`members`: active ones besides the founder."""

    house: IdentityHouse
    union: dict[str, Any]
    founder: Member
    members: list[Member]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    async def office(
        self, by: Member, parent: dict[str, Any] | None = None, name: str = "Office", **rights: int | None
    ) -> dict[str, Any]:
        """`rights`: by name, the limit of spend in minor units or None."""
        response = await self.ask_office(by, parent, name, **rights)
        assert response.status_code == 201, response.text
        return response.json()

    async def ask_office(
        self, by: Member, parent: dict[str, Any] | None = None, name: str = "Office", **rights: int | None
    ) -> httpx.Response:
        body = {
            "parent_id": None if parent is None else parent["id"],
            "name": name,
            "rights": self.rights(**rights),
            "term_seconds": TERM,
        }
        return await by.act("POST", f"{self.path}/offices", body)

    def rights(self, **rights: int | None) -> list[dict[str, Any]]:
        symbol = self.union["token"]["symbol"] if "token" in self.union else "GLD"
        return [
            {"right": right}
            if limit is None
            else {"right": right, "limit": {"asset": symbol, "minor": str(limit)}}
            for right, limit in rights.items()
        ]

    async def appoint(self, by: Member, office: dict[str, Any], member: Member) -> httpx.Response:
        body = {"member": str(member.id)}
        return await by.act("POST", f"{self.path}/offices/{office['id']}/holders", body)

    async def end(self, by: Member, office: dict[str, Any], member: Member) -> httpx.Response:
        return await by.act("DELETE", f"{self.path}/offices/{office['id']}/holders/{member.id}")

    async def change(
        self, by: Member, office: dict[str, Any], etag: str | None = None, **change: object
    ) -> httpx.Response:
        path = f"{self.path}/offices/{office['id']}"
        present = (await self.house.get(path)).headers.get("etag", '"0"')
        headers = {"if-match": etag or present}
        return await by.act("PATCH", path, change, **headers)

    async def holds(self, member: Member) -> dict[str, tuple[int, ...]]:
        """What identity tells services of the member: by right, what a payment counts against at most."""
        path = f"/internal/unions/{self.union['id']}/office-grants/{member.id}"
        answer = await self.house.as_service("ledger", "GET", path)
        assert answer.status_code == 200, answer.text
        return {
            grant["right"]: tuple(int(one["limit_minor"]) for one in grant["charges"])
            for grant in answer.json()["grants"]
        }

    async def told(self, member: Member) -> list[tuple[int, list[str]]]:
        """Version and rights of each event of the member's, the oldest first."""
        rows = await self.house.rows(
            "SELECT data FROM outbox WHERE type = 'office.grant' AND key = $1 ORDER BY position",
            f"{self.union['id']}:{member.id}",
        )
        events = [orjson.loads(row["data"]) for row in rows]
        return [(event["version"], [grant["right"] for grant in event["grants"]]) for event in events]

    async def ended_rights(self, member: Member) -> list[int]:
        """The versions that the log of revocations names for the member."""
        rows = await self.house.rows(
            "SELECT version FROM revocations WHERE kind = 'rights' AND subject = $1 AND member_id = $2 "
            "ORDER BY number",
            str(self.union["id"]),
            member.id,
        )
        return [row["version"] for row in rows]


async def guild(house: IdentityHouse, members_count: int = 3) -> Guild:
    founder = await house.member()
    union = await founder.found("Guild of Offices")
    members = [await house.member() for _ in range(members_count)]
    for member in members:
        joined = await member.join(union)
        assert joined.status_code == 201, joined.text
    return Guild(house, union, founder, members)


async def pass_time(made: Guild, seconds: float, *members: Member) -> None:
    """Tokens end meanwhile: these sign in again."""
    made.house.clock.advance(timedelta(seconds=seconds))
    for member in members:
        response = await member.sign_in()
        assert response.status_code == 201, response.text


def told(response: httpx.Response) -> tuple[int, str]:
    """Status and type of a refusal."""
    return response.status_code, response.json()["type"].rsplit("/", 1)[-1]
