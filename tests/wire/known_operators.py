"""What operators' operations need: an operator with a fresh proof, and somebody new for each act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.guildhall.audit.town import Town
from tests.guildhall.audit.watched import GROUND, REASONS
from tests.support.images import image
from tests.support.personas import Persona
from tests.wire.reaching import Knowing, Known

ACTS = "/v1/operator-acts"


@dataclass(frozen=True, slots=True)
class _Watch:
    """Whom the machine named in the town; each act is about somebody new."""

    town: Town

    async def operator(self, name: str = "warden") -> Persona:
        person = self.town.people[name]
        await person.sign_in()
        return person

    async def somebody(self) -> Persona:
        return await self.town.deployment.persona("somebody")

    async def looking(self) -> Known:
        return Known(None)

    async def own(self) -> Known:
        return Known(self.town.people["locked"])

    async def of_union(self) -> Known:
        return Known(self.town.people["founder"], {"union": self.town.union["id"]})

    async def locking(self) -> Known:
        about = {"member": str((await self.somebody()).id), "lasts_seconds": 60}
        return Known(await self.operator(), body=GROUND | about)

    async def hiding(self) -> Known:
        founder = await self.somebody()
        made = await founder.act("POST", "/v1/unions", {"name": "Behind curtains", "purpose": "To hide."})
        assert made.status_code == 201, made.text
        return Known(await self.operator(), body=GROUND | {"union": made.json()["id"]})

    async def taking_down(self) -> Known:
        member = await self.somebody()
        content = image(size=(9, 7))
        digest = sha256(content).hexdigest()
        assert (await member.put_file(f"/v1/me/avatar/{digest}", content)).status_code == 201
        return Known(await self.operator(), body=GROUND | {"member": str(member.id), "picture": digest})

    async def locked(self) -> tuple[Persona, dict[str, str]]:
        member = await self.somebody()
        body: dict[str, Any] = GROUND | {"member": str(member.id), "lasts_seconds": 60}
        made = await (await self.operator()).act("POST", f"{ACTS}/member-locks", body)
        assert made.status_code == 201, made.text
        await member.sign_in()
        return member, {"act": made.json()["id"]}

    async def one(self) -> Known:
        return Known(None, (await self.locked())[1])

    async def undoing(self) -> Known:
        _, path = await self.locked()
        return Known(await self.operator(), path, REASONS)

    async def appealing(self) -> Known:
        return Known(*await self.locked(), {"text": "It was the wind."})

    async def deciding(self) -> Known:
        member, path = await self.locked()
        made = await member.act("PUT", f"{ACTS}/{path['act']}/appeal", {"text": "It was the wind."})
        assert made.status_code == 200, made.text
        return Known(await self.operator("second"), path, REASONS | {"outcome": "reversed"})


def knowing_operators(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    watch = _Watch(town)
    return {
        "GET /v1/operators": watch.looking,
        f"GET {ACTS}": watch.looking,
        f"GET {ACTS}/{{act}}": watch.one,
        "GET /v1/me/operator-acts": watch.own,
        "GET /v1/unions/{union}/operator-acts": watch.of_union,
        f"POST {ACTS}/member-locks": watch.locking,
        f"POST {ACTS}/union-hidings": watch.hiding,
        f"POST {ACTS}/picture-removals": watch.taking_down,
        f"PUT {ACTS}/{{act}}/ending": watch.undoing,
        f"PUT {ACTS}/{{act}}/appeal": watch.appealing,
        f"PUT {ACTS}/{{act}}/appeal/decision": watch.deciding,
    }
