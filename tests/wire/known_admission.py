"""What operations of admission need: lists of people, applications, vouches, in a union of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.guildhall.audit.town import Town
from tests.services.identity.admission.issuer import Issuer
from tests.support.personas import Persona
from tests.wire.reaching import Knowing, Known

RULE = "invitation or application or vouching:20"


@dataclass(frozen=True, slots=True)
class _Door:
    """A union of its own for each request, with a founder."""

    town: Town

    async def opened(self, rule: str = RULE) -> tuple[Persona, dict[str, Any]]:
        founder = await self.town.deployment.persona("founder")
        body = {"name": f"Door {uuid4().hex}", "purpose": "Comes in.", "parameters": {"admission": rule}}
        made = await founder.act("POST", "/v1/unions", body)
        assert made.status_code == 201, made.text
        return founder, made.json()

    async def by_founder(self) -> Known:
        founder, union = await self.opened()
        return Known(founder, {"union": union["id"]})

    async def asking(self) -> Known:
        known = await self.by_founder()
        return Known(known.member, known.path, body={"questions": ["Who are you?"]})

    async def beginning(self) -> Known:
        known = await self.by_founder()
        body = {"rows_max": 5, "valid_seconds": 60, "sends_email": False, "language": "en"}
        return Known(known.member, known.path, body=body)

    async def listed(self) -> Known:
        known = await self.beginning()
        assert known.member is not None
        made = await known.member.act(
            "POST", f"/v1/unions/{known.path['union']}/invitation-lists", dict(known.body)
        )
        assert made.status_code == 201, made.text
        return Known(known.member, {**known.path, "invitation_list": made.json()["id"]})

    async def filling(self) -> Known:
        known = await self.listed()
        body = {"header": "name,email", "records": "Ada,ada@guild.example"}
        return Known(known.member, {**known.path, "line": "2"}, body=body)

    async def applying(self) -> Known:
        _, union = await self.opened()
        person = await self.town.deployment.persona("worker")
        body = {
            "answers": [],
            "charter_version": union["charter_version"],
            "charter_hash": union["charter_hash"],
        }
        return Known(person, {"union": union["id"]}, body=body)

    async def applied(self) -> tuple[Persona, Known, str]:
        founder, union = await self.opened()
        person = await self.town.deployment.persona("worker")
        body = {name: union[name] for name in ("charter_version", "charter_hash")} | {"answers": []}
        made = await person.act("POST", f"/v1/unions/{union['id']}/applications", body)
        assert made.status_code == 201, made.text
        return founder, Known(person, {"union": union["id"]}), made.json()["id"]

    async def by_applicant(self) -> Known:
        _, known, _ = await self.applied()
        return known

    async def reviewing(self) -> Known:
        founder, known, application = await self.applied()
        return Known(founder, {**known.path, "application": application})

    async def refusing(self) -> Known:
        known = await self.reviewing()
        return Known(known.member, known.path, body={"ground": "No."})

    async def appealing(self) -> Known:
        founder, known, application = await self.applied()
        path = f"/v1/unions/{known.path['union']}/applications/{application}/refusal"
        assert (await founder.act("PUT", path, {"ground": "No."})).status_code == 200
        return Known(known.member, known.path, body={"text": "Yes."})

    async def presenting(self) -> Known:
        issuer = Issuer()
        _, union = await self.opened(issuer.way())
        person = await self.town.deployment.persona("worker")
        text = issuer.issued(f"{self.town.deployment.public_url}/v1/members/{person.id}")
        return Known(person, {"union": union["id"]}, body={"credential": text})

    async def growing(self) -> Known:
        known = await self.by_founder()
        return Known(known.member, known.path, body={"members": 100, "due_on": "2027-12-31"})

    async def grown(self) -> Known:
        known = await self.growing()
        assert known.member is not None
        path = f"/v1/unions/{known.path['union']}/growth-targets"
        made = await known.member.act("POST", path, dict(known.body))
        assert made.status_code == 201, made.text
        return Known(known.member, {**known.path, "target": made.json()["id"]})

    async def vouching(self) -> Known:
        founder, known, _ = await self.applied()
        assert known.member is not None
        return Known(founder, {**known.path, "member": str(known.member.id)})

    async def vouched(self) -> Known:
        known = await self.vouching()
        assert known.member is not None
        path = f"/v1/unions/{known.path['union']}/vouches/{known.path['member']}"
        assert (await known.member.act("PUT", path)).status_code == 200
        return known


def knowing_admission(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    door, union = _Door(town), "/v1/unions/{union}"
    lists, applications = f"{union}/invitation-lists", f"{union}/applications"
    return {
        f"GET {union}/admission-questions": door.by_founder,
        f"PUT {union}/admission-questions": door.asking,
        f"GET {union}/joinings": door.by_founder,
        f"POST {lists}": door.beginning,
        f"GET {lists}": door.by_founder,
        f"GET {lists}/{{invitation_list}}": door.listed,
        f"DELETE {lists}/{{invitation_list}}": door.listed,
        f"PUT {lists}/{{invitation_list}}/rows/{{line}}": door.filling,
        f"GET {lists}/{{invitation_list}}/people": door.listed,
        f"GET {lists}/{{invitation_list}}/refusals": door.listed,
        f"POST {applications}": door.applying,
        f"GET {applications}": door.by_founder,
        f"GET {applications}/mine": door.by_applicant,
        f"DELETE {applications}/mine": door.by_applicant,
        f"PUT {applications}/mine/appeal": door.appealing,
        f"PUT {applications}/{{application}}/admission": door.reviewing,
        f"PUT {applications}/{{application}}/refusal": door.refusing,
        f"GET {union}/admission-proofs/mine": door.by_founder,
        f"PUT {union}/admission-proofs/mine/credential": door.presenting,
        f"GET {union}/growth-targets": door.by_founder,
        f"POST {union}/growth-targets": door.growing,
        f"DELETE {union}/growth-targets/{{target}}": door.grown,
        f"GET {union}/vouches": door.by_founder,
        f"GET {union}/vouches/{{member}}": door.vouching,
        f"PUT {union}/vouches/{{member}}": door.vouching,
        f"DELETE {union}/vouches/{{member}}": door.vouched,
    }
