"""Who is kept out of the town."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town


async def keep_out(town: "Town") -> None:
    """One is suspended, and that is lifted; another one still is; the first is heard, expelled, appeals."""
    for who in ("rogue", "suspect"):
        town.people[who] = await town.deployment.persona(who)
        union = (await town.people[who].get(town.path)).json()
        accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
        await town.act(who, "POST", "/memberships", accepted)
        body = {"member": str(town.people[who].id), "ground": "Noise at night", "lasts_seconds": 86_400}
        suspension = (await town.act("founder", "POST", "/suspensions", body)).json()
        if who == "rogue":
            await town.act("founder", "DELETE", f"/suspensions/{suspension['id']}")
    about = {"member": str(town.people["rogue"].id), "ground": "Noise at night, again"}
    case = f"/expulsions/{(await town.act('founder', 'POST', '/expulsions', about)).json()['id']}"
    await town.act("rogue", "PUT", f"{case}/statement", {"text": "It was the wind."})
    town.deployment.clock.advance(timedelta(seconds=2))
    await town.act("founder", "PUT", f"{case}/decision", {"outcome": "expelled", "reasons": "No wind blew."})
    await town.act("rogue", "PUT", f"{case}/appeal", {"text": "It did."})
