"""A guild of the flows: what its people do at the public API, and how its money is read."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx

from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

UNIT = 1_000_000
GRANT = 250
FOUNDERS_SHARE = 1_000_000
STEP = timedelta(seconds=5)


@dataclass(slots=True)
class Guild:
    """A union with its founder. Amounts are whole tokens."""

    house: WholeDeployment
    union: dict[str, Any]
    founder: Persona

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['slug']}"

    def money(self, tokens: int) -> dict[str, str]:
        return {"asset": self.union["token"]["symbol"], "minor": str(tokens * UNIT)}

    async def act(self, who: Persona, method: str, path: str, body: object = None) -> Any:
        """A signed act that must be answered well."""
        return well(await who.act(method, f"{self.path}{path}", body))

    async def read(self, who: Persona, path: str) -> Any:
        return well(await who.get(f"{self.path}{path}"))

    async def acceptance(self, invited: bool) -> dict[str, object]:
        """The body of a membership: the charter as it is, and the founder's invitation."""
        accepted = {
            "charter_version": self.union["charter_version"],
            "charter_hash": self.union["charter_hash"],
        }
        if not invited:
            return accepted
        return accepted | {"invitation": (await self.act(self.founder, "POST", "/invitations"))["code"]}

    async def join(self, name: str, *, invited: bool = True, by_passkey: bool = False) -> Persona:
        """A new member; who came by the founder's invitation holds the grant when this returns."""
        member = await self.house.persona(name, by_passkey=by_passkey)
        await self.act(member, "POST", "/memberships", await self.acceptance(invited))
        if invited:
            await self.house.eventually(lambda: self.balance(member), lambda tokens: tokens == GRANT)
        return member

    async def balance(self, who: Persona, kind: str = "member") -> int | None:
        """Whole tokens in the caller's account of a kind; None where there is none."""
        accounts = (await self.read(who, "/accounts"))["items"]
        of_kind = [int(account["balance"]["minor"]) for account in accounts if account["kind"] == kind]
        return of_kind[0] // UNIT if of_kind else None

    async def statement(self, who: Persona) -> list[tuple[str, int, int]]:
        """Code, amount and balance after, oldest first."""
        account = (await self.read(who, "/accounts"))["items"][0]["id"]
        lines = (await self.read(who, f"/accounts/{account}/statement"))["items"]
        return [
            (
                line["code"],
                int(line["amount"]["minor"]) // UNIT,
                int(line["balance_after"]["minor"]) // UNIT,
            )
            for line in reversed(lines)
        ]

    async def bid(self, employer: Persona, worker: Persona, tokens: int, **offered: object) -> str:
        """The id of a bid for a new gig of the employer's."""
        offer = {"title": "Paint the hall", "price": self.money(tokens)} | offered
        made = well(await employer.send("POST", f"{self.path}/offers", offer))
        return await self.bid_for(made["id"], worker, tokens)

    async def bid_for(self, offer_id: str, worker: Persona, tokens: int) -> str:
        bid = {"price": self.money(tokens), "delivery_seconds": 3_600}
        return (await self.act(worker, "POST", f"/offers/{offer_id}/bids", bid))["id"]

    async def accept(self, employer: Persona, bid_id: str, tokens: int) -> httpx.Response:
        debit = self.money(tokens) | {"to": f"agreements/{bid_id}"}
        return await employer.act("POST", f"{self.path}/bids/{bid_id}/acceptance", {"debit": debit})

    async def agree(self, employer: Persona, worker: Persona, tokens: int, **offered: object) -> str:
        """The id of a funded agreement."""
        bid_id = await self.bid(employer, worker, tokens, **offered)
        agreement = well(await self.accept(employer, bid_id, tokens))
        assert agreement["state"] == "funded"
        return bid_id

    async def deliver(self, worker: Persona, agreement_id: str) -> None:
        await self.act(worker, "POST", f"/agreements/{agreement_id}/deliveries", {"note": "Two coats."})

    async def pay(self, employer: Persona, agreement_id: str) -> httpx.Response:
        return await employer.act("POST", f"{self.path}/agreements/{agreement_id}/acceptance")

    async def propose(self, owner: Persona, tokens: int, open_for: timedelta) -> str:
        deadline = self.house.clock.now() + open_for
        body = {"title": "A kiln", "target": self.money(tokens), "deadline_at": deadline.isoformat()}
        return well(await owner.send("POST", f"{self.path}/projects", body))["id"]

    async def pledge(self, backer: Persona, project_id: str, tokens: int) -> str:
        debit = self.money(tokens) | {"to": f"projects/{project_id}"}
        made = await self.act(backer, "POST", f"/projects/{project_id}/pledges", {"debit": debit})
        assert made["state"] in {"held", "paid_out"}
        return made["id"]

    async def becomes(self, who: Persona, path: str, state: str) -> dict[str, Any]:
        """The resource, once it has this state; time goes on meanwhile, as it does for those who wait."""

        async def later() -> httpx.Response:
            await self.house.advance(STEP)
            return await who.get(f"{self.path}{path}")

        answer = await self.house.eventually(later, lambda answer: answer.json().get("state") == state, 30)
        return answer.json()


async def found_guild(
    house: WholeDeployment, name: str, *, by_passkey: bool = False, **parameters: object
) -> Guild:
    """A union whose founder holds their share."""
    founder = await house.persona("founder", by_passkey=by_passkey)
    body = {"name": name, "purpose": "To work for each other.", "parameters": parameters or None}
    guild = Guild(house, well(await founder.act("POST", "/v1/unions", body)), founder)
    await house.eventually(lambda: guild.balance(founder), lambda tokens: tokens == FOUNDERS_SHARE)
    return guild


def well(answer: httpx.Response) -> Any:
    """The body of a good answer."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    return answer.json()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@asynccontextmanager
async def database_away(house: WholeDeployment, service: str) -> AsyncGenerator[None]:
    """The service's database has dropped its connections and takes none while entered."""
    name = house.databases[service].name
    connection = await asyncpg.connect(house.databases[service].superuser_url)
    try:
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
        await connection.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = $1 AND pid <> pg_backend_pid()
            """,
            name,
        )
        yield
    finally:
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
        await connection.close()
