"""What the operations on one's devices' certificates and acts need: a device that has signed."""

from __future__ import annotations

from collections.abc import Mapping

from tests.guildhall.audit.town import Town
from tests.wire.reaching import Knowing, Known

DEVICE = "/v1/me/devices/{device}"


def knowing_acts(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    person = town.people["employer"]

    async def device() -> Known:
        return Known(person, {"device": person.device.key_id})

    async def act() -> Known:
        known = await device()
        listed = await person.get(f"/v1/me/devices/{known.path['device']}/acts")
        return Known(person, {**known.path, "act": listed.json()["items"][0]["id"]})

    return {
        f"GET {DEVICE}/certificates": device,
        f"GET {DEVICE}/acts": device,
        f"GET {DEVICE}/acts/{{act}}": act,
    }
