"""A union with a business, and who acts in it."""

from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from tests.services.identity.house import IdentityHouse, Member

TERM = 1_000_000


@dataclass(slots=True)
class Firm:
    """`members`: active ones besides the union's founder. `owner`: the first of them, with all shares."""

    house: IdentityHouse
    union: dict[str, Any]
    founder: Member
    members: list[Member]
    business: dict[str, Any]

    @property
    def owner(self) -> Member:
        return self.members[0]

    @property
    def union_path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    @property
    def path(self) -> str:
        return f"{self.union_path}/businesses/{self.business['id']}"

    async def found(self, by: Member, name: str, shares: int = 100) -> httpx.Response:
        body = {"name": name, "shares": str(shares)}
        return await by.act("POST", f"{self.union_path}/businesses", body)

    async def hand_over(self, by: Member, to: Member, shares: int) -> httpx.Response:
        body = {"member": str(to.id), "shares": str(shares)}
        return await by.act("POST", f"{self.path}/share-transfers", body)

    async def give_up(self, by: Member) -> httpx.Response:
        return await by.act("DELETE", f"{self.path}/owners/me")

    async def propose(
        self, by: Member, kind: str, member: Member | None = None, term_seconds: int = TERM
    ) -> httpx.Response:
        body: dict[str, Any] = {"kind": kind}
        if member is not None:
            body["member"] = str(member.id)
        if kind == "appoint":
            body["term_seconds"] = term_seconds
        return await by.act("POST", f"{self.path}/resolutions", body)

    async def approve(self, by: Member, resolution: dict[str, Any]) -> httpx.Response:
        return await by.act("PUT", f"{self.path}/resolutions/{resolution['id']}/approval")

    async def manager(self, member: Member, term_seconds: int = TERM) -> None:
        """Appointed by the owner, whose shares suffice."""
        passed = await self.propose(self.owner, "appoint", member, term_seconds)
        assert passed.status_code == 201, passed.text
        assert passed.json()["state"] == "passed"

    async def hire(
        self, by: Member, member: Member, term_seconds: int = TERM, **rights: int | None
    ) -> httpx.Response:
        """`rights`: by name, the limit of spend in minor units or None."""
        symbol = self.union["token"]["symbol"] if "token" in self.union else "GLD"
        body = {
            "member": str(member.id),
            "rights": [
                {"right": right}
                if limit is None
                else {"right": right, "limit": {"asset": symbol, "minor": str(limit)}}
                for right, limit in rights.items()
            ],
            "term_seconds": term_seconds,
        }
        return await by.act("POST", f"{self.path}/hires", body)

    async def end_post(self, by: Member, post_id: str) -> httpx.Response:
        return await by.act("DELETE", f"{self.path}/posts/{post_id}")

    async def post_of(self, member: Member) -> str:
        held = (await self.owner.ask("GET", f"{self.path}/posts?held=true")).json()["items"]
        return next(one["id"] for one in held if one["member"]["id"] == str(member.id))

    async def shares(self) -> dict[str, int]:
        """By member's id, as the raw rows say."""
        rows = await self.house.rows(
            "SELECT member_id, shares FROM business_shares WHERE business_id = $1", self.business["id"]
        )
        return {str(row["member_id"]): row["shares"] for row in rows}

    async def holds(self, member: Member) -> dict[str, tuple[int, ...]]:
        """What identity tells services of the member: by right, what a payment counts against at most."""
        path = f"{self.path.replace('/v1/', '/internal/')}/grants/{member.id}"
        answer = await self.house.as_service("ledger", "GET", path)
        assert answer.status_code == 200, answer.text
        return {
            grant["right"]: tuple(int(one["limit_minor"]) for one in grant["charges"])
            for grant in answer.json()["grants"]
        }

    async def told(self, member: Member) -> list[tuple[int, list[str]]]:
        """Version and rights of each event of the member's, the oldest first."""
        rows = await self.house.rows(
            "SELECT data FROM outbox WHERE type = 'business.grant' AND key = $1 ORDER BY position",
            f"{self.union['id']}:{self.business['id']}:{member.id}",
        )
        events = [orjson.loads(row["data"]) for row in rows]
        return [(event["version"], [grant["right"] for grant in event["grants"]]) for event in events]

    async def ended_rights(self, member: Member) -> list[int]:
        """The versions that the log of revocations names for the member in the business."""
        rows = await self.house.rows(
            "SELECT version FROM revocations WHERE kind = 'rights' AND subject = $1 AND member_id = $2 "
            "ORDER BY number",
            self.business["id"],
            member.id,
        )
        return [row["version"] for row in rows]


async def firm(house: IdentityHouse, members_count: int = 4, shares: int = 100) -> Firm:
    founder = await house.member()
    union = await founder.found("Guild of Firms")
    members = [await house.member() for _ in range(members_count)]
    for member in members:
        joined = await member.join(union)
        assert joined.status_code == 201, joined.text
    made = Firm(house, union, founder, members, {})
    founded = await made.found(made.owner, "Print  Shop", shares)
    assert founded.status_code == 201, founded.text
    made.business = founded.json()
    return made
