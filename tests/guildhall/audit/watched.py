"""What the operators of the town did."""

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from services.identity.operators.use_cases.name_operator import name_operator
from tests.support.images import image
from tests.support.personas import Persona

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town
    from tests.support.deployment import WholeDeployment

GROUND = {"ground": "Order 12/2027 of the court."}
REASONS = {"reasons": "As the file shows."}


async def named_operator(deployment: "WholeDeployment", name: str) -> Persona:
    """A new member, whom the machine names."""
    person = await deployment.persona(name)
    identity: Any = deployment.chassis("identity")
    async with identity.unit("machine") as unit:
        await name_operator(unit, identity.settings, str(person.id), "They keep the watch.")
    return person


async def keep_watch(town: "Town") -> None:
    """One is locked, appeals, and it stays; a picture is taken down; the town is hidden, and shown again."""
    for name in ("warden", "second"):
        town.people[name] = await named_operator(town.deployment, name)
    locked = town.people["locked"] = await town.deployment.persona("locked")
    union = (await locked.get(town.path)).json()
    accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
    await town.act("locked", "POST", "/memberships", accepted)
    # Beyond the minute in which the audit takes rows in any order.
    town.deployment.clock.advance(timedelta(minutes=2))
    await locked.sign_in()
    content = image(size=(19, 13))
    digest = sha256(content).hexdigest()
    assert (await locked.put_file(f"/v1/me/avatar/{digest}", content)).status_code == 201
    who = {"member": str(locked.id)}
    await _does(town, "warden", "POST", "picture-removals", who | GROUND | {"picture": digest})
    town.deployment.clock.advance(timedelta(minutes=2))
    lock = await _does(town, "warden", "POST", "member-locks", who | GROUND | {"lasts_seconds": 2_000_000})
    await locked.sign_in()
    await _does(town, "locked", "PUT", f"{lock['id']}/appeal", {"text": "It was the wind."})
    await _does(town, "second", "PUT", f"{lock['id']}/appeal/decision", REASONS | {"outcome": "upheld"})
    hiding = await _does(town, "warden", "POST", "union-hidings", GROUND | {"union": town.union["id"]})
    await _does(town, "second", "PUT", f"{hiding['id']}/ending", REASONS)


async def _does(town: "Town", who: str, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    person = town.people[who]
    if who != "locked":
        await person.sign_in()
    made = await person.act(method, f"/v1/operator-acts/{path}", body)
    assert made.is_success, made.text
    return made.json()
