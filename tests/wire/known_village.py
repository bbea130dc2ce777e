"""What each operation needs in a small built union: who asks, and ids that are there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from tests.guildhall.audit.town import Town
from tests.support.personas import Persona
from tests.wire.known_ahead import knowing_ahead
from tests.wire.known_exclusion import knowing_exclusion
from tests.wire.known_files import knowing_files
from tests.wire.known_keys import knowing_keys
from tests.wire.known_notices import knowing_notices
from tests.wire.known_profiles import knowing_profiles
from tests.wire.known_succession import knowing_succession
from tests.wire.reaching import ABSENT, Knowing, Known

AGREED = "/v1/unions/{union}/agreements/{agreement}"
UNION = "/v1/unions/{union}"


class Village:
    """The town of the audit, and a way to make anew what an operation uses up."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._unbacked = cycle(("supporter", "employer", "backer"))

    def __getitem__(self, who: str) -> Persona:
        return self.town.people[who]

    async def newcomer(self) -> Persona:
        return await self.town.deployment.persona("newcomer")

    async def accepted(self) -> dict[str, Any]:
        charter = (await self["founder"].get(f"{self.town.path}/charter")).json()
        return {"charter_version": charter["version"], "charter_hash": charter["hash"]}

    async def joined(self) -> Persona:
        member = await self.newcomer()
        invitation = {"invitation": await self.code()}
        answer = await member.act("POST", f"{self.town.path}/memberships", await self.accepted() | invitation)
        assert answer.status_code == 201, answer.text
        return member

    async def code(self) -> str:
        return (await self.town.act("founder", "POST", "/invitations")).json()["code"]

    async def offer(self) -> str:
        body = {"kind": "gig", "title": "A bench", "price": self.town.money(1)}
        made = await self["employer"].send("POST", f"{self.town.path}/offers", body)
        assert made.status_code == 201, made.text
        return made.json()["id"]

    async def bid(self) -> str:
        body = {"price": self.town.money(1), "delivery_seconds": 604_800}
        made = await self.town.act("worker", "POST", f"/offers/{await self.offer()}/bids", body)
        return made.json()["id"]

    async def agreement(self, *, delivered: bool = False) -> str:
        agreement = str(await self.town.agree(1))
        if delivered:
            await self.town.act("worker", "POST", f"/agreements/{agreement}/deliveries", {"note": "Done."})
        return agreement

    async def pledge(self) -> str:
        return str(await self.town.pledge("backer", self.town.projects["open"], 1))

    async def account(self, who: str) -> str:
        return (await self[who].get(f"{self.town.path}/accounts")).json()["items"][0]["id"]

    async def run(self) -> str:
        """The refunds of the project that missed its target."""
        connection = await asyncpg.connect(self.town.urls["ledger"])
        try:
            return str(await connection.fetchval("SELECT id FROM runs LIMIT 1"))
        finally:
            await connection.close()

    async def proposal(self) -> str:
        """A leader whom the worker does not back yet, proposed to them."""
        leader = str(self[next(self._unbacked)].id)
        rows = [[str(self["worker"].id), leader]]
        await self.town.act("founder", "POST", "/backlink-imports", {"rows": rows})
        return leader

    async def tag(self, who: str, path: str) -> dict[str, str]:
        answer = await self[who].get(path)
        return {"if-match": answer.headers["etag"]} if "etag" in answer.headers else {}

    def debit(self, to: str) -> dict[str, Any]:
        return {"debit": self.town.money(1) | {"to": to}}


def knowing(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    village = Village(town)
    return {
        **knowing_keys(town),
        **knowing_exclusion(town),
        **knowing_succession(town),
        **_of_people(village),
        **_of_unions(village),
        **_of_webhooks(village),
        **_of_support(village),
        **_of_work(village),
        **knowing_ahead(town),
        **knowing_files(village),
        **knowing_notices(village),
        **knowing_profiles(town),
        **_of_money(village),
    }


def _of_people(village: Village) -> Mapping[str, Knowing]:
    founder = village["founder"]

    async def nobody() -> Known:
        return Known(None)

    async def oneself() -> Known:
        return Known(founder)

    async def refreshing() -> Known:
        return Known(None, body={"refresh_token": (await village.newcomer()).session["refresh_token"]})

    async def leaving() -> Known:
        return Known(await village.newcomer())

    async def somebody() -> Known:
        return Known(founder, {"member": str(village["leader"].id)})

    async def naming() -> Known:
        return Known(founder, query={"ids": str(village["leader"].id)})

    async def revoking() -> Known:
        person = await village.newcomer()
        listed = (await person.get("/v1/me/devices")).json()["items"]
        return Known(person, {"device": listed[0]["key_id"]})

    return {
        "GET /v1/me/devices": oneself,
        "DELETE /v1/me/devices": leaving,
        "DELETE /v1/me/devices/{device}": revoking,
        "GET /.well-known/jwks.json": nobody,
        "POST /v1/auth/nonces": nobody,
        "POST /v1/auth/refreshes": refreshing,
        "DELETE /v1/auth/sessions/current": leaving,
        "GET /v1/events": oneself,
        "POST /v1/events/tickets": oneself,
        "GET /v1/home": oneself,
        "GET /v1/me": oneself,
        "GET /v1/me/memberships": oneself,
        "GET /v1/members": naming,
        "GET /v1/members/{member}": somebody,
    }


def _of_unions(village: Village) -> Mapping[str, Knowing]:
    town, founder = village.town, village["founder"]
    here = {"union": town.union["slug"]}

    async def founding() -> Known:
        return Known(founder, body={"slug": ABSENT, "parameters": ABSENT})

    async def looking() -> Known:
        return Known(founder, here)

    async def amending() -> Known:
        """A union of its own: in this one the members decide by now."""
        slug = f"young-{secrets.token_hex(4)}"
        body = {"name": "Young", "purpose": "To begin.", "slug": slug}
        assert (await founder.act("POST", "/v1/unions", body)).status_code == 201
        tag = await village.tag("founder", f"/v1/unions/{slug}/charter")
        return Known(founder, {"union": slug}, {"parameters": ABSENT}, headers=tag)

    async def inviting() -> Known:
        return Known(founder, here, {"uses_max": 2})

    async def invited() -> Known:
        return Known(None, here | {"code": await village.code()})

    async def joining() -> Known:
        return Known(
            await village.newcomer(), here, await village.accepted() | {"invitation": await village.code()}
        )

    async def leaving() -> Known:
        return Known(await village.joined(), here)

    return {
        "POST /v1/unions": founding,
        "GET /v1/unions": looking,
        f"GET {UNION}": looking,
        f"GET {UNION}/home": looking,
        f"GET {UNION}/charter": looking,
        f"PATCH {UNION}/charter": amending,
        f"POST {UNION}/invitations": inviting,
        f"GET {UNION}/invitations/{{code}}": invited,
        f"POST {UNION}/memberships": joining,
        f"GET {UNION}/memberships": looking,
        f"GET {UNION}/memberships/me": looking,
        f"DELETE {UNION}/memberships/me": leaving,
    }


def _of_webhooks(village: Village) -> Mapping[str, Knowing]:
    """Removed again by those that only look: a union has few."""
    founder, here = village["founder"], {"union": village.town.union["slug"]}
    webhooks, one = f"{UNION}/webhooks", f"{UNION}/webhooks/{{webhook}}"

    async def looking() -> Known:
        return Known(founder, here)

    async def making() -> Known:
        for kept in (await founder.get(f"{village.town.path}/webhooks")).json()["items"]:
            await village.town.act("founder", "DELETE", f"/webhooks/{kept['id']}")
        return Known(founder, here, {"url": "https://hooks.invalid/guildhall", "types": []})

    async def made() -> Known:
        body = (await making()).body
        webhook = (await village.town.act("founder", "POST", "/webhooks", body)).json()
        return Known(founder, here | {"webhook": webhook["id"]})

    async def changing() -> Known:
        return replace(await made(), body={"url": ABSENT, "types": ABSENT, "state": "active"})

    async def sent() -> Known:
        known = await made()
        path = f"/webhooks/{known.path['webhook']}/test-deliveries"
        delivery = (await village.town.act("founder", "POST", path)).json()
        return replace(known, path=dict(known.path) | {"delivery": delivery["id"]})

    return {
        f"POST {webhooks}": making,
        f"GET {webhooks}": looking,
        f"GET {one}": made,
        f"PATCH {one}": changing,
        f"DELETE {one}": made,
        f"POST {one}/secret-rotations": made,
        f"POST {one}/test-deliveries": made,
        f"GET {one}/deliveries": made,
        f"POST {one}/deliveries/{{delivery}}/retries": sent,
    }


def _of_support(village: Village) -> Mapping[str, Knowing]:
    founder, here = village["founder"], {"union": village.town.union["slug"]}
    leader = str(village["leader"].id)

    async def looking() -> Known:
        return Known(founder, here | {"leader": leader, "member": leader})

    async def importing() -> Known:
        rows = [[str(village["worker"].id), str(village["second_leader"].id)]]
        return Known(founder, here, {"rows": rows})

    async def imported() -> Known:
        rows = [[str(village["worker"].id), leader]]
        made = await village.town.act("founder", "POST", "/backlink-imports", {"rows": rows})
        return Known(founder, here | {"import_id": made.json()["id"]})

    async def confirming() -> Known:
        return Known(village["worker"], here, {"leaders": [await village.proposal()]})

    async def proposed() -> Known:
        return Known(village["worker"], here)

    async def voicing() -> Known:
        return Known(village["supporter"], here, {"leader": leader})

    async def silencing() -> Known:
        await village.town.act("supporter", "PUT", "/voice", {"leader": leader})
        return Known(village["supporter"], here)

    return {
        f"POST {UNION}/backlink-imports": importing,
        f"GET {UNION}/backlink-imports/{{import_id}}": imported,
        f"GET {UNION}/backlink-proposals": proposed,
        f"POST {UNION}/backlink-proposals/confirmation": confirming,
        f"GET {UNION}/backlinks": looking,
        f"PUT {UNION}/backlinks/{{leader}}": looking,
        f"DELETE {UNION}/backlinks/{{leader}}": looking,
        f"GET {UNION}/leaders": looking,
        f"GET {UNION}/leaders/{{member}}": looking,
        f"GET {UNION}/leaders/{{member}}/explanation": looking,
        f"GET {UNION}/leaders/{{member}}/tree": looking,
        f"GET {UNION}/leaders/{{member}}/tree.svg": looking,
        f"GET {UNION}/tree.svg": looking,
        f"PUT {UNION}/voice": voicing,
        f"DELETE {UNION}/voice": silencing,
        f"GET {UNION}/voice": looking,
    }


def _of_work(village: Village) -> Mapping[str, Knowing]:
    employer, worker = village["employer"], village["worker"]
    here, price = {"union": village.town.union["slug"]}, {"price": village.town.money(1)}

    async def looking() -> Known:
        return Known(employer, here | {"offer": await village.offer()})

    async def offering() -> Known:
        return Known(employer, here, price | {"kind": "gig", "review_seconds": ABSENT})

    async def bidding() -> Known:
        path = here | {"offer": await village.offer()}
        return Known(worker, path, price | {"delivery_seconds": 604_800})

    async def withdrawing() -> Known:
        return Known(worker, here | {"bid": await village.bid()})

    async def accepting() -> Known:
        bid = await village.bid()
        return Known(employer, here | {"bid": bid}, village.debit(f"agreements/{bid}"))

    async def agreed() -> Known:
        return Known(worker, here | {"agreement": await village.agreement()})

    async def agreed_freely() -> Known:
        return Known(worker, here | {"agreement": await village.agreement()}, {"files": []})

    async def delivered() -> Known:
        return Known(employer, here | {"agreement": await village.agreement(delivered=True)})

    return {
        f"GET {UNION}/market/summary": looking,
        f"POST {UNION}/offers": offering,
        f"GET {UNION}/offers": looking,
        f"GET {UNION}/offers/{{offer}}": looking,
        f"DELETE {UNION}/offers/{{offer}}": looking,
        f"POST {UNION}/offers/{{offer}}/bids": bidding,
        f"GET {UNION}/offers/{{offer}}/bids": looking,
        f"DELETE {UNION}/bids/{{bid}}": withdrawing,
        f"POST {UNION}/bids/{{bid}}/acceptance": accepting,
        f"GET {UNION}/agreements": looking,
        f"GET {AGREED}": agreed,
        f"POST {AGREED}/deliveries": agreed_freely,
        f"POST {AGREED}/cancellation": agreed,
        f"POST {AGREED}/acceptance": delivered,
    }


def _of_money(village: Village) -> Mapping[str, Knowing]:
    town, backer, here = village.town, village["backer"], {"union": village.town.union["slug"]}
    project = str(town.projects["open"])

    async def looking() -> Known:
        return Known(backer, here | {"project": project, "account": await village.account("backer")})

    async def ran() -> Known:
        return Known(village["founder"], here | {"run": await village.run()})

    async def paying() -> Known:
        members = {"debit_account": backer.id, "credit_account": village["worker"].id}
        ends = {name: f"members/{member}" for name, member in members.items()}
        return Known(
            backer, here, {"transfers": [{"id": str(uuid4()), "code": "pay", **ends, **town.money(1)}]}
        )

    async def proposing() -> Known:
        deadline = (town.deployment.clock.now() + timedelta(days=3)).isoformat()
        return Known(village["leader"], here, {"target": town.money(9), "deadline_at": deadline})

    async def pledging() -> Known:
        return Known(backer, here | {"project": project}, village.debit(f"projects/{project}"))

    async def pledged() -> Known:
        return Known(backer, here | {"pledge": await village.pledge()})

    assert UUID(project)
    return {
        f"GET {UNION}/accounts": looking,
        f"GET {UNION}/accounts/{{account}}": looking,
        f"GET {UNION}/accounts/{{account}}/statement": looking,
        f"GET {UNION}/accounts/{{account}}/statement.csv": looking,
        f"GET {UNION}/accounts/{{account}}/statement.beancount": looking,
        f"GET {UNION}/journal": looking,
        f"GET {UNION}/totals": looking,
        f"GET {UNION}/runs/{{run}}": ran,
        f"GET {UNION}/runs/{{run}}/refused-lines": ran,
        f"POST {UNION}/transfers": paying,
        f"GET {UNION}/funding/summary": looking,
        f"POST {UNION}/projects": proposing,
        f"GET {UNION}/projects": looking,
        f"GET {UNION}/projects/{{project}}": looking,
        f"POST {UNION}/projects/{{project}}/pledges": pledging,
        f"GET {UNION}/projects/{{project}}/pledges": looking,
        f"GET {UNION}/pledges/{{pledge}}": pledged,
        f"DELETE {UNION}/pledges/{{pledge}}": pledged,
    }
