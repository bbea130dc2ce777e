"""Who ended their account: they said something in every service first."""

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.support.images import image

if TYPE_CHECKING:
    from tests.guildhall.audit.town import Town

SECRET = "Zebedee"
"""A word that they alone use."""


async def end_account(town: "Town") -> None:
    """A profile, an offer with a photo, a bid, a project, a payment and a schedule; then no more."""
    gone = town.people["gone"] = await town.deployment.persona("gone")
    gone.signs_by_wallet = True
    union = (await gone.get(town.path)).json()
    accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
    await town.act("gone", "POST", "/memberships", accepted)
    edit = {"handle": SECRET.lower(), "name": SECRET, "bio": f"{SECRET} was here.", "skills": ["law"]}
    edited = await gone.send("PATCH", "/v1/me", edit, headers={"if-match": "*"})
    assert edited.status_code == 200, edited.text
    await _work(town)
    await _pay(town)
    asked = await gone.act("POST", "/v1/me/deletion")
    assert asked.status_code == 200, asked.text
    for _ in range(3):
        await town.deployment.advance(timedelta(seconds=2))
    for service in ("identity", "graph", "market", "ledger", "funding"):
        await _until_erased(town, service)


async def _work(town: "Town") -> None:
    gone, money = town.people["gone"], town.money(1)
    body = {"kind": "gig", "title": f"{SECRET}'s fence", "description": SECRET, "price": money}
    offer = (await gone.send("POST", f"{town.path}/offers", body)).json()["id"]
    photo = image(size=(19, 7))
    path = f"{town.path}/offers/{offer}/photos/{sha256(photo).hexdigest()}"
    assert (await gone.put_file(path, photo)).status_code == 201
    other = {"kind": "gig", "title": "A gate", "price": money}
    asked = (await town.people["employer"].send("POST", f"{town.path}/offers", other)).json()["id"]
    bid = {"price": money, "delivery_seconds": 604_800, "message": f"By {SECRET}."}
    await town.act("gone", "POST", f"/offers/{asked}/bids", bid)
    deadline = (town.deployment.clock.now() + town.LONG).isoformat()
    project = {"title": f"{SECRET}'s well", "target": money, "deadline_at": deadline}
    made = await gone.send("POST", f"{town.path}/projects", project)
    assert made.status_code == 201, made.text


async def _pay(town: "Town") -> None:
    """With what the leader gave them."""
    gone, leader = (f"members/{town.people[name].id}" for name in ("gone", "leader"))
    given = {"debit_account": leader, "credit_account": gone, "code": "pay", "memo": "For you."}
    await _posted(town, "leader", given | {"id": str(uuid4())} | town.money(9))
    paid = {"debit_account": gone, "credit_account": leader, "code": "pay", "memo": f"From {SECRET}."}
    await _posted(town, "gone", paid | {"id": str(uuid4())} | town.money(1))
    terms = {
        "payee": leader,
        "amount": town.money(1),
        "first_at": (town.deployment.clock.now() + timedelta(days=1)).isoformat(),
        "every": "day",
        "zone": "Europe/Berlin",
        "times": 3,
        "memo": SECRET,
    }
    await town.act("gone", "PUT", f"/schedules/{uuid4()}", terms)
    pledge = await town.pledge("gone", town.projects["open"], 1)
    await town.act("gone", "DELETE", f"/pledges/{pledge}")


async def _posted(town: "Town", who: str, transfer: dict[str, str]) -> None:
    answer = await town.act(who, "POST", "/transfers", {"transfers": [transfer]})
    assert answer.json()["results"][0]["result"] == "posted", answer.text


async def _until_erased(town: "Town", service: str) -> None:
    """And no step of it is left."""
    from asyncpg import connect

    connection = await connect(town.urls[service])
    try:
        for _ in range(200):
            known = await connection.fetchval(
                "SELECT count(*) FROM erased_members WHERE member_id = $1 AND NOT EXISTS ("
                "SELECT FROM timers WHERE key = $1::text)",
                town.people["gone"].id,
            )
            if known:
                return
            await town.deployment.advance(timedelta(milliseconds=100))
        raise AssertionError(f"{service} has not erased them")
    finally:
        await connection.close()
