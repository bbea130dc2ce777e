"""What profiles need: a picture, a key, and a member who shows them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx

from tests.guildhall.audit.town import Town
from tests.support.personas import Persona
from tests.wire.known_files import PHOTO
from tests.wire.reaching import ABSENT, Knowing, Known

KEY = {"public_key": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}
DIGEST = sha256(PHOTO).hexdigest()
PROFILE = {
    "handle": ABSENT,
    "name": "Ada",
    "bio": "",
    "skills": ["law"],
    "links": ["https://ada.example/"],
    "privacy": {"links": "public"},
}


def knowing_profiles(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""

    async def newcomer() -> Persona:
        return await town.deployment.persona("newcomer")

    async def anybody() -> Known:
        return Known(None)

    async def oneself() -> Known:
        return Known(await newcomer())

    async def editing() -> Known:
        return Known(await newcomer(), body=dict[str, Any](PROFILE), headers={"if-match": "*"})

    async def showing() -> Known:
        return Known(await newcomer(), {"digest": DIGEST}, content=PHOTO)

    async def shown() -> Known:
        person = await newcomer()
        link: str = (await person.put_file(f"/v1/me/avatar/{DIGEST}", PHOTO)).json()["link"]
        path = {"member": str(person.id), "digest": DIGEST}
        return Known(person, path, query=dict(httpx.URL(link).params))

    async def keyed() -> Known:
        person = await newcomer()
        assert (await person.act("PUT", "/v1/me/encryption-key", KEY)).status_code == 200
        return Known(person, {"member": str(person.id)})

    async def keying() -> Known:
        return Known(await newcomer(), body=KEY)

    async def deleting() -> Known:
        person = await newcomer()
        assert (await person.act("POST", "/v1/me/deletion")).status_code == 200
        return Known(person)

    return {
        "GET /v1/skills": anybody,
        "GET /v1/export-keys": anybody,
        "PATCH /v1/me": editing,
        "POST /v1/me/exports": oneself,
        "GET /v1/me/deletion": oneself,
        "POST /v1/me/deletion": oneself,
        "DELETE /v1/me/deletion": deleting,
        "PUT /v1/me/avatar/{digest}": showing,
        "DELETE /v1/me/avatar": oneself,
        "GET /v1/members/{member}/avatar/{digest}/content": shown,
        "PUT /v1/me/encryption-key": keying,
        "DELETE /v1/me/encryption-key": oneself,
        "GET /v1/members/{member}/encryption-key": keyed,
    }
