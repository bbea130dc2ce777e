"""What the operations on a union's succession need: a union of its own each, whose office may pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.guildhall.audit.town import Town
from tests.support.personas import Persona
from tests.wire.reaching import Knowing, Known

SUCCESSION = "/v1/unions/{union}/succession"


@dataclass(frozen=True, slots=True)
class _Throne:
    """Founded anew for each: with a head, and an heir at a stage."""

    town: Town

    async def found(self) -> tuple[Persona, Persona, str]:
        head, heir = [await self.town.deployment.persona(name) for name in ("head", "heir")]
        founded = await head.act("POST", "/v1/unions", {"name": "Torch", "purpose": "To pass it on."})
        assert founded.status_code == 201, founded.text
        union = founded.json()
        accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
        joined = await heir.act("POST", f"/v1/unions/{union['id']}/memberships", accepted)
        assert joined.status_code == 201, joined.text
        return head, heir, union["id"]

    async def at(self, *stages: str) -> tuple[Persona, Persona, str]:
        """`stages`: heir, consent, claim."""
        head, heir, union = await self.found()
        for stage in stages:
            who, body = (head, {"member": str(heir.id)}) if stage == "heir" else (heir, None)
            done = await who.act("PUT", f"/v1/unions/{union}/succession/{stage}", body)
            assert done.status_code == 200, done.text
        return head, heir, union

    async def looking(self) -> Known:
        head, _, union = await self.at("heir")
        return Known(head, {"union": union})

    async def past(self) -> Known:
        return Known(self.town.people["founder"], {"union": self.town.union["slug"]})

    async def naming(self) -> Known:
        head, heir, union = await self.found()
        return Known(head, {"union": union}, {"member": str(heir.id)})

    async def agreeing(self) -> Known:
        _, heir, union = await self.at("heir")
        return Known(heir, {"union": union})

    async def handing_over(self) -> Known:
        head, _, union = await self.at("heir", "consent")
        return Known(head, {"union": union})

    async def claiming(self) -> Known:
        _, heir, union = await self.at("heir", "consent")
        return Known(heir, {"union": union})

    async def objecting(self) -> Known:
        head, _, union = await self.at("heir", "consent", "claim")
        return Known(head, {"union": union})


def knowing_succession(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    throne = _Throne(town)
    return {
        f"GET {SUCCESSION}": throne.looking,
        f"GET {SUCCESSION}/history": throne.past,
        f"PUT {SUCCESSION}/heir": throne.naming,
        f"DELETE {SUCCESSION}/heir": throne.looking,
        f"PUT {SUCCESSION}/consent": throne.agreeing,
        f"POST {SUCCESSION}/handover": throne.handing_over,
        f"PUT {SUCCESSION}/claim": throne.claiming,
        f"DELETE {SUCCESSION}/claim": throne.objecting,
    }
