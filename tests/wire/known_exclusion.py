"""What suspending, expelling and being heard need: an officer, a newcomer, and a case at its stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.guildhall.audit.town import Town
from tests.support.personas import Persona
from tests.wire.reaching import Knowing, Known

HEARD_SOON = {"hearing_seconds": 1}
"""Settings with which a hearing is over soon."""
WORDS, REASONS = {"text": "It was the wind."}, "No wind blew."


@dataclass(frozen=True, slots=True)
class _Court:
    """Each case is about somebody new."""

    town: Town

    @property
    def founder(self) -> Persona:
        return self.town.people["founder"]

    async def newcomer(self) -> Persona:
        person = await self.town.deployment.persona("newcomer")
        union = (await person.get(self.town.path)).json()
        accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
        joined = await person.act("POST", f"{self.town.path}/memberships", accepted)
        assert joined.status_code == 201, joined.text
        return person

    async def about(self) -> Known:
        person = await self.newcomer()
        body = {"member": str(person.id), "ground": "Noise at night", "lasts_seconds": 60}
        return Known(self.founder, {"union": self.town.union["id"]}, body)

    async def proposing(self) -> Known:
        known = await self.about()
        return Known(known.member, known.path, {name: known.body[name] for name in ("member", "ground")})

    async def listing(self) -> Known:
        return Known(self.founder, {"union": self.town.union["id"]})

    async def suspended(self) -> Known:
        known = await self.about()
        made = await self.founder.act("POST", f"{self.town.path}/suspensions", known.body)
        return Known(self.founder, {**known.path, "suspension": made.json()["id"]})

    async def case(self) -> tuple[Persona, dict[str, str]]:
        person = await self.newcomer()
        body = {"member": str(person.id), "ground": "Noise at night"}
        made = await self.founder.act("POST", f"{self.town.path}/expulsions", body)
        assert made.status_code == 201, made.text
        return person, {"union": self.town.union["id"], "expulsion": made.json()["id"]}

    async def looking(self) -> Known:
        return Known(self.founder, (await self.case())[1])

    async def stating(self) -> Known:
        return Known(*await self.case(), WORDS)

    async def deciding(self) -> Known:
        return Known(self.founder, (await self.case())[1], {"outcome": "dropped", "reasons": REASONS})

    async def expelled(self) -> tuple[Persona, dict[str, str]]:
        person, path = await self.case()
        self.town.deployment.clock.advance(timedelta(seconds=2))
        decision = f"{self.town.path}/expulsions/{path['expulsion']}/decision"
        made = await self.founder.act("PUT", decision, {"outcome": "expelled", "reasons": REASONS})
        assert made.status_code == 200, made.text
        return person, path

    async def appealing(self) -> Known:
        return Known(*await self.expelled(), WORDS)

    async def hearing(self) -> Known:
        person, path = await self.expelled()
        appeal = f"{self.town.path}/expulsions/{path['expulsion']}/appeal"
        assert (await person.act("PUT", appeal, WORDS)).status_code == 200
        return Known(self.founder, path, {"outcome": "reversed", "reasons": REASONS})


def knowing_exclusion(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    court = _Court(town)
    suspensions, expulsions = "/v1/unions/{union}/suspensions", "/v1/unions/{union}/expulsions"
    return {
        f"GET {suspensions}": court.listing,
        f"POST {suspensions}": court.about,
        f"DELETE {suspensions}/{{suspension}}": court.suspended,
        f"GET {expulsions}": court.listing,
        f"POST {expulsions}": court.proposing,
        f"GET {expulsions}/{{expulsion}}": court.looking,
        f"PUT {expulsions}/{{expulsion}}/statement": court.stating,
        f"PUT {expulsions}/{{expulsion}}/decision": court.deciding,
        f"PUT {expulsions}/{{expulsion}}/appeal": court.appealing,
        f"PUT {expulsions}/{{expulsion}}/appeal/decision": court.hearing,
    }
