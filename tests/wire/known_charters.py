"""What operations on charters need: a union with two versions, and a member who has yet to accept."""

from __future__ import annotations

from collections.abc import Mapping

from tests.guildhall.audit.town import Town
from tests.wire.reaching import Knowing, Known

UNION = "/v1/unions/{union}"


def knowing_charters(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label; the town's charter was amended once."""
    union = {"union": town.union["slug"]}

    async def anybody() -> Known:
        return Known(None)

    async def looking() -> Known:
        return Known(None, union)

    async def comparing() -> Known:
        return Known(None, union, query={"from": 1, "to": 2})

    async def asked() -> Known:
        return Known(town.people["backer"], union)

    async def accepting() -> Known:
        charter = (await town.people["backer"].get(f"{town.path}/charter")).json()
        body = {"charter_version": charter["version"], "charter_hash": charter["hash"]}
        return Known(town.people["backer"], union, body=body)

    return {
        "GET /v1/charter-presets": anybody,
        f"GET {UNION}/charter/versions": looking,
        f"GET {UNION}/charter/diff": comparing,
        f"GET {UNION}/charter/acceptances": looking,
        f"GET {UNION}/memberships/me/acceptance": asked,
        f"PUT {UNION}/memberships/me/acceptance": accepting,
    }
