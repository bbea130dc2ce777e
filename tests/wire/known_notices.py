"""What operations on notices need: a member, what they read and choose, and where they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg

from tests.support.browser_push import PushBrowser
from tests.wire.reaching import ABSENT, Knowing, Known

if TYPE_CHECKING:
    from tests.support.personas import Persona
    from tests.wire.known_village import Village

TELLING = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 9,
    "email_from": "union@guild.example",
    "push_contact": "operator@guild.example",
}
"""Settings with which members can be told elsewhere; nobody listens there."""


def knowing_notices(village: Village) -> Mapping[str, Knowing]:
    founder = village["founder"]

    async def oneself() -> Known:
        return Known(founder)

    async def reading() -> Known:
        return Known(founder, body={"through": str(uuid4())})

    async def choosing() -> Known:
        person = await village.newcomer()
        tag = (await person.get("/v1/me/notice-choice")).headers["etag"]
        body = {"zone": "Europe/Lisbon", "quiet_from": "22:00", "quiet_until": "07:00", "digest_at": ABSENT}
        return Known(person, body=body, headers={"if-match": tag})

    async def naming() -> Known:
        return Known(await village.newcomer(), body={"address": f"{uuid4().hex}@guild.example"})

    async def named() -> Persona:
        known = await naming()
        assert known.member is not None
        assert (await known.member.act("PUT", "/v1/me/email-address", known.body)).status_code == 200
        return known.member

    async def of_row(person: Persona, column: str) -> str:
        connection = await asyncpg.connect(village.town.urls["identity"])
        try:
            query = f"SELECT {column} FROM notice_addresses WHERE member_id = $1"
            return await connection.fetchval(query, person.id)
        finally:
            await connection.close()

    async def confirming() -> Known:
        person = await named()
        return Known(person, body={"code": await of_row(person, "code")})

    async def ending() -> Known:
        return Known(await named())

    async def unsubscribing() -> Known:
        return Known(None, {"token": await of_row(await named(), "token")})

    async def subscribing() -> Known:
        body = PushBrowser().subscription(f"https://push.invalid/{uuid4()}")
        return Known(await village.newcomer(), body=body)

    return {
        "GET /v1/me/notices": oneself,
        "PUT /v1/me/notices/read-mark": reading,
        "GET /v1/me/notice-choice": oneself,
        "PUT /v1/me/notice-choice": choosing,
        "GET /v1/me/notice-channels": oneself,
        "PUT /v1/me/email-address": naming,
        "POST /v1/me/email-address/confirmations": confirming,
        "DELETE /v1/me/email-address": ending,
        "PUT /v1/me/push-subscription": subscribing,
        "DELETE /v1/me/push-subscription": oneself,
        "POST /v1/email-unsubscriptions/{token}": unsubscribing,
    }
