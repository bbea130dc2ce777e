"""What each operation on files needs: an offer or an agreement, and a photo there."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import httpx

from tests.wire.reaching import Knowing, Known

if TYPE_CHECKING:
    from tests.wire.known_village import Village

AGREED = "/v1/unions/{union}/agreements/{agreement}"
UNION = "/v1/unions/{union}"
PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One dot."""


def knowing_files(village: Village) -> Mapping[str, Knowing]:
    employer, worker = village["employer"], village["worker"]
    here = {"union": village.town.union["id"]}  # as links have it

    async def looking() -> Known:
        return Known(employer, here | {"offer": await village.offer()})

    async def agreed() -> Known:
        return Known(worker, here | {"agreement": await village.agreement()})

    async def photo() -> Known:
        path = here | {"offer": await village.offer(), "digest": sha256(PHOTO).hexdigest()}
        return Known(employer, path, query={"name": "A bench.png"}, content=PHOTO)

    async def shown_photo() -> Known:
        known = await photo()
        link = await _added(village, "employer", f"/offers/{known.path['offer']}/photos")
        return replace(known, query=link, content=None)

    async def file() -> Known:
        path = here | {"agreement": await village.agreement(), "digest": sha256(PHOTO).hexdigest()}
        return Known(worker, path, query={"name": "A bench.png"}, content=PHOTO)

    async def shown_file() -> Known:
        known = await file()
        link = await _added(village, "worker", f"/agreements/{known.path['agreement']}/files")
        return replace(known, query=link, content=None)

    return {
        f"PUT {UNION}/offers/{{offer}}/photos/{{digest}}": photo,
        f"GET {UNION}/offers/{{offer}}/photos": looking,
        f"DELETE {UNION}/offers/{{offer}}/photos/{{digest}}": shown_photo,
        f"GET {UNION}/offers/{{offer}}/photos/{{digest}}/content": shown_photo,
        f"PUT {AGREED}/files/{{digest}}": file,
        f"GET {AGREED}/files": agreed,
        f"DELETE {AGREED}/files/{{digest}}": shown_file,
        f"GET {AGREED}/files/{{digest}}/content": shown_file,
    }


async def _added(village: Village, who: str, path: str) -> dict[str, str]:
    """Adds the photo there; the query of the link to its content."""
    target = f"{village.town.path}{path}/{sha256(PHOTO).hexdigest()}"
    link: str = (await village[who].put_file(target, PHOTO)).json()["link"]
    return dict(httpx.URL(link).params)
