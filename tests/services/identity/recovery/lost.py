"""Who has lost every key, their guardians, and a thief who has one of the keys."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from tests.services.identity.house import NONCE_COOKIE, IdentityHouse, Member
from tests.services.identity.passkey_member import PasskeyMember

GUARDIANS, RECOVERIES = "/v1/me/guardians", "/v1/me/recoveries"


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def handle_of(member: Member) -> str:
    return member.session["member"]["handle"]


async def pass_delay(house: IdentityHouse, less_seconds: int = 0) -> None:
    """And let the timers run that have come due."""
    house.clock.advance(timedelta(seconds=house.settings.recovery_delay_seconds - less_seconds))
    await house.app.state.chassis.timer_runner.run_due()


async def sign_in_again(*members: Member) -> None:
    for member in members:
        assert (await member.sign_in()).status_code == 201


@dataclass(slots=True)
class Circle:
    """A member and their guardians, who decide by now."""

    house: IdentityHouse
    member: Member
    guardians: list[Member]

    async def vote(
        self, recovery: dict[str, Any], *guardians: int, approves: bool = True
    ) -> list[httpx.Response]:
        path = f"{RECOVERIES}/{recovery['id']}/vote"
        return [await self.guardians[each].act("PUT", path, {"approves": approves}) for each in guardians]


async def circle(house: IdentityHouse, count: int = 3, threshold: int = 2, **more: Any) -> Circle:
    member = await house.member()
    guardians = [await house.member() for _ in range(count)]
    body = {"guardians": [handle_of(each) for each in guardians], "threshold": threshold} | more
    named = await member.act("PUT", GUARDIANS, body)
    assert named.status_code == 200, named.text
    await pass_delay(house)
    await sign_in_again(member, *guardians)
    return Circle(house, member, guardians)


@dataclass(slots=True)
class Asker:
    """Somebody at a new device with a new key: a wallet, or a passkey."""

    house: IdentityHouse
    by_passkey: bool = False
    person: Member = field(init=False)

    def __post_init__(self) -> None:
        self.person = PasskeyMember(self.house) if self.by_passkey else Member(self.house)

    async def ask(self, member: str, **more: Any) -> httpx.Response:
        nonce = await self.person.nonce()
        if isinstance(self.person, PasskeyMember):
            key: dict[str, Any] = {"passkey": self.person.made(nonce) | {"name": "New phone"}}
        else:
            message = self.person.message(nonce.nonce)
            key = {"wallet": {"message": message, "signature": self.person.signature(message)}}
        return await self.post("/v1/auth/recoveries", {"member": member} | key | more, nonce.cookie)

    async def begin(self, member: str, **more: Any) -> dict[str, Any]:
        response = await self.ask(member, **more)
        assert response.status_code == 201, response.text
        return response.json()

    async def post(self, path: str, body: object, cookie: str) -> httpx.Response:
        async with self.house.http() as http:
            return await http.post(path, json=body, headers={"cookie": f"{NONCE_COOKIE}={cookie}"})


async def cancel_by_key(member: Member, recovery: dict[str, Any]) -> httpx.Response:
    """By one of the member's keys, without a session."""
    nonce = await member.nonce()
    if isinstance(member, PasskeyMember):
        body: dict[str, Any] = {"passkey": member.asked(nonce)}
    else:
        message = member.message(nonce.nonce)
        body = {"wallet": {"message": message, "signature": member.signature(message)}}
    path = f"/v1/auth/recoveries/{recovery['id']}/cancellations"
    return await Asker(member.house).post(path, body, nonce.cookie)


async def present(house: IdentityHouse, recovery: dict[str, Any]) -> dict[str, Any]:
    return (await house.get(f"/v1/auth/recoveries/{recovery['id']}")).json()


async def notices_of(house: IdentityHouse, member_id: UUID) -> list[str]:
    rows = await house.rows("SELECT kind FROM notices WHERE member_id = $1 ORDER BY number", member_id)
    return [row["kind"] for row in rows]
