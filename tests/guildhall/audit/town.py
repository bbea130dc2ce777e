"""A union with seven members, in which work was paid and refunded and projects were, and some still run."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID, uuid4

import httpx

from events.assembly import DecisionPassed
from tests.guildhall.audit.gone import end_account
from tests.guildhall.audit.kept_out import keep_out
from tests.guildhall.audit.town_business_accounts import spend_of_businesses
from tests.guildhall.audit.town_businesses import do_business
from tests.guildhall.audit.town_offices import govern
from tests.guildhall.audit.watched import keep_watch
from tests.support.deployment import WholeDeployment
from tests.support.images import image
from tests.support.personas import Persona
from tests.support.recovering import ask_recovery, handle_of

UNIT = 1_000_000
GRANT = 250 * UNIT
PARAMETERS = {"founder_vesting_seconds": 48 * 60, "joining_grant_halves_every": 1_000}
INVITED = ("leader", "second_leader", "supporter", "employer", "backer")


@dataclass(slots=True)
class Town:
    """`agreements` and `projects` are ids by what became of them, `businesses` by name."""

    LONG: ClassVar[timedelta] = timedelta(days=9)

    deployment: WholeDeployment
    union: dict[str, Any]
    people: dict[str, Persona]
    agreements: dict[str, UUID] = field(default_factory=dict[str, UUID])
    projects: dict[str, UUID] = field(default_factory=dict[str, UUID])
    businesses: dict[str, UUID] = field(default_factory=dict[str, UUID])

    @property
    def urls(self) -> dict[str, str]:
        """What the audit opens."""
        return {name: database.superuser_url for name, database in self.deployment.databases.items()}

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"

    def money(self, units: int) -> dict[str, str]:
        return {"asset": self.union["token"]["symbol"], "minor": str(units * UNIT)}

    async def act(
        self, who: str, method: str, path: str, body: object = None, refused: int | None = None
    ) -> httpx.Response:
        answer = await self.people[who].act(method, f"{self.path}{path}", body)
        assert answer.status_code < 300 or answer.status_code == refused, answer.text
        return answer

    async def accounts(self, who: str) -> dict[str, str]:
        """The ids of their accounts, by kind."""
        items = (await self.people[who].get(f"{self.path}/accounts")).json()["items"]
        return {one["kind"]: one["id"] for one in items}

    async def decide(self, effect: str, units: int) -> None:
        """A decision of the assembly's has passed, and the ledger has carried it out."""
        decision = DecisionPassed(
            union_id=UUID(self.union["id"]),
            decision_id=uuid4(),
            effect=effect,
            asset=self.union["token"]["symbol"],
            minor=units * UNIT,
            passed_at=self.deployment.clock.now(),
        )
        await self.deployment.announce(decision)
        await self.deployment.eventually(
            lambda: self.people["founder"].get(f"{self.path}/supply/changes"),
            lambda answer: answer.json()["items"][0]["decision_id"] == str(decision.decision_id),
        )

    async def until(self, path: str, **expected: object) -> None:
        """Asks as the founder until the answer holds these values."""
        await self.deployment.eventually(
            lambda: self.people["founder"].get(f"{self.path}{path}"),
            lambda answer: answer.status_code == 200 and expected.items() <= answer.json().items(),
        )

    async def photo_of_an_offer(self, content: bytes) -> None:
        """The employer shows a photo with a new offer."""
        body = {"kind": "gig", "title": "A chair", "price": self.money(1)}
        offer = (await self.people["employer"].send("POST", f"{self.path}/offers", body)).json()["id"]
        path = f"{self.path}/offers/{offer}/photos/{sha256(content).hexdigest()}"
        added = await self.people["employer"].put_file(path, content)
        assert added.status_code == 201, added.text

    async def agree(self, units: int) -> UUID:
        """The employer's offer, the worker's bid, accepted: the price is in escrow, if there was enough."""
        offer = await self.people["employer"].send(
            "POST", f"{self.path}/offers", {"kind": "gig", "title": "A bench", "price": self.money(units)}
        )
        assert offer.status_code == 201, offer.text
        body = {"price": self.money(units), "delivery_seconds": 604_800, "message": "With pleasure."}
        bid = (await self.act("worker", "POST", f"/offers/{offer.json()['id']}/bids", body)).json()["id"]
        debit = self.money(units) | {"to": f"agreements/{bid}"}
        await self.act("employer", "POST", f"/bids/{bid}/acceptance", {"debit": debit}, refused=409)
        return UUID(bid)

    async def propose(self, units: int, open_for: timedelta) -> UUID:
        """A project of the leader's."""
        body = {
            "title": "A kiln",
            "target": self.money(units),
            "deadline_at": (self.deployment.clock.now() + open_for).isoformat(),
        }
        made = await self.people["leader"].send("POST", f"{self.path}/projects", body)
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def pledge(self, who: str, project: UUID, units: int) -> UUID:
        debit = self.money(units) | {"to": f"projects/{project}"}
        made = await self.act(who, "POST", f"/projects/{project}/pledges", {"debit": debit})
        return UUID(made.json()["id"])


async def build_town(deployment: WholeDeployment) -> Town:
    """Founds it and lives in it; nothing waits when this returns."""
    founder = await deployment.persona("founder")
    founding = {"name": "Joiners", "purpose": "To build.", "parameters": PARAMETERS}
    founded = await founder.act("POST", "/v1/unions", founding)
    assert founded.status_code == 201, founded.text
    town = Town(deployment, founded.json(), {"founder": founder})
    await _join(town)
    await _support(town)
    await _work(town)
    await _reserve(town)
    await town.photo_of_an_offer(image(size=(17, 11)))
    await _fund(town)
    await _change_supply(town)
    await govern(town)
    await do_business(town)
    await spend_of_businesses(town)
    await _lose_a_wallet(town)
    await keep_out(town)
    await keep_watch(town)
    await end_account(town)
    return town


async def _lose_a_wallet(town: Town) -> None:
    """A traveller without a union is brought back by two of three guardians."""
    traveller = await town.deployment.persona("traveller")
    guardians = [town.people[name] for name in ("leader", "supporter", "worker")]
    for guardian in guardians:
        await guardian.sign_in()
    named = {"guardians": [handle_of(guardian) for guardian in guardians], "threshold": 2}
    assert (await traveller.act("PUT", "/v1/me/guardians", named)).status_code == 200
    await town.deployment.advance(timedelta(seconds=2))
    found = town.deployment.stranger("found")
    asked = (await ask_recovery(found, handle_of(traveller))).json()
    for guardian in guardians[:2]:
        vote = await guardian.act("PUT", f"/v1/me/recoveries/{asked['id']}/vote", {"approves": True})
        assert vote.status_code == 200, vote.text
    await town.deployment.advance(timedelta(seconds=2))
    await found.sign_in()
    assert found.id == traveller.id
    town.people["traveller"] = found
    key = {"public_key": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}
    assert (await found.act("PUT", "/v1/me/encryption-key", key)).status_code == 200


async def _change_supply(town: Town) -> None:
    """A decision issues, one burns; the leader burns; a fee is taken; an account was frozen and thawed."""
    for effect in ("issue", "burn"):
        await town.decide(effect, 3)
    charter = await town.people["founder"].get(f"{town.path}/charter")
    change = {"parameters": {"payment_fee_basis_points": 100, "work_fee_basis_points": 100}}
    amended = await town.people["founder"].act(
        "PATCH", f"{town.path}/charter", change, headers={"If-Match": charter.headers["etag"]}
    )
    assert amended.status_code == 200, amended.text
    accepted = {"charter_version": amended.json()["version"], "charter_hash": amended.json()["hash"]}
    await town.act("worker", "PUT", "/memberships/me/acceptance", accepted)
    leader, backer = (f"members/{town.people[name].id}" for name in ("leader", "backer"))
    frozen = f"/accounts/{(await town.accounts('backer'))['member']}/freeze"
    until = (town.deployment.clock.now() + timedelta(days=3)).isoformat()
    await town.act("founder", "PUT", frozen, {"until": until, "reason": "A lost telephone"})
    town.deployment.clock.advance(timedelta(seconds=1))
    await town.act("founder", "DELETE", frozen)

    async def pay(code: str, credit: str) -> bool:
        """Whether a fee was taken: the ledger hears of the charter a moment later."""
        sides = {"debit_account": leader, "credit_account": credit, "code": code}
        transfer = {"id": str(uuid4()), **sides, **town.money(1)}
        answer = await town.act("leader", "POST", "/transfers", {"transfers": [transfer]})
        assert answer.json()["results"][0]["result"] == "posted", answer.text
        account = (await town.accounts("backer"))["member"]
        lines = (await town.people["backer"].get(f"{town.path}/accounts/{account}/statement")).json()["items"]
        return lines[0]["code"] == "fee"

    await pay("burn", "issuance")
    await _allot(town)
    await town.deployment.eventually(lambda: pay("pay", backer), bool)


async def _allot(town: Town) -> None:
    """The backer splits an amount between two, in thirds; another one they do not have."""
    shares = {"leader": 2, "worker": 1}
    body = {
        "sources": [{"account": f"members/{town.people['backer'].id}"}],
        "destinations": [
            {"account": f"members/{town.people[name].id}", "shares": share} for name, share in shares.items()
        ],
    }
    for units, result in ((1, "posted"), (100_000, "insufficient_funds")):
        amount = {"amount": town.money(units)}
        answer = await town.act("backer", "PUT", f"/allotments/{uuid4()}", body | amount)
        assert answer.json()["result"] == result, answer.text


async def _reserve(town: Town) -> None:
    """The supporter holds money for the backer: some is taken, some released, some expired, some pending; and
    lets them take by two mandates, of which one is revoked."""
    payer, payee = (str(town.people[name].id) for name in ("supporter", "backer"))

    def transfer(code: str, units: int, **particulars: object) -> dict[str, object]:
        sides = {"debit_account": f"members/{payer}", "credit_account": f"members/{payee}"}
        return {"id": str(uuid4()), "code": code, **sides, **town.money(units), **particulars}

    async def post(who: str, *transfers: dict[str, object]) -> None:
        answer = await town.act(who, "POST", "/transfers", {"transfers": transfers})
        assert {one["result"] for one in answer.json()["results"]} == {"posted"}, answer.text

    opened = [transfer("hold", 10, timeout_seconds=seconds) for seconds in (604_800, 604_800, 604_800, 60)]
    await post("supporter", *opened)
    await post(
        "backer",
        transfer("hold_post", 4, pending_id=opened[0]["id"]),
        transfer("hold_void", 10, pending_id=opened[1]["id"]),
    )
    town.deployment.clock.advance(timedelta(seconds=61))
    await town.deployment.eventually(
        lambda: town.people["supporter"].get(f"{town.path}/holds?ended=true"),
        lambda answer: [one["state"] for one in answer.json()["items"]].count("expired") == 1,
    )
    until = (town.deployment.clock.now() + timedelta(days=300)).isoformat()
    mandates = [uuid4(), uuid4()]
    for mandate in mandates:
        terms = {"payee_id": payee, "cap": town.money(5), "renews_every_days": 30, "expires_at": until}
        await town.act("supporter", "PUT", f"/mandates/{mandate}", terms)
    await post("backer", transfer("mandate_pay", 3, mandate_id=str(mandates[0])))
    await _fix_ahead(town, payee)
    await town.act("supporter", "DELETE", f"/mandates/{mandates[1]}")


async def _fix_ahead(town: Town, payee: str) -> None:
    """The supporter pays the backer each day, three times in all; one of them has come, one was stopped."""
    schedules = [uuid4(), uuid4()]
    terms = {
        "payee": f"members/{payee}",
        "amount": town.money(2),
        "first_at": (town.deployment.clock.now() + timedelta(minutes=1)).isoformat(),
        "every": "day",
        "zone": "Europe/Berlin",
        "times": 3,
        "memo": "Yarn",
    }
    for schedule in schedules:
        await town.act("supporter", "PUT", f"/schedules/{schedule}", terms)
    town.deployment.clock.advance(timedelta(minutes=2))
    for schedule in schedules:
        await town.deployment.eventually(
            lambda path=f"{town.path}/schedules/{schedule}": town.people["supporter"].get(path),
            lambda answer: answer.json()["posted_count"] == 1,
        )
    await town.act("supporter", "DELETE", f"/schedules/{schedules[1]}")


async def _join(town: Town) -> None:
    """Five by the founder's invitation; the worker openly, whose grant is locked; one who leaves again.

    The employer has a passkey and no wallet; the backer's wallet signs each act itself.
    """
    charter = await town.people["founder"].get(f"{town.path}/charter")
    invited = await town.act("founder", "POST", "/invitations", {"uses_max": len(INVITED)})
    accepted = {"charter_version": charter.json()["version"], "charter_hash": charter.json()["hash"]}
    for name in (*INVITED, "worker", "leaver"):
        town.people[name] = await town.deployment.persona(name, by_passkey=name == "employer")
        town.people[name].signs_by_wallet = name == "backer"
        invitation = {"invitation": invited.json()["code"]} if name in INVITED else {}
        await town.act(name, "POST", "/memberships", accepted | invitation)
    await town.act("leaver", "DELETE", "/memberships/me")
    for name in (*INVITED, "worker"):
        await town.deployment.eventually(
            lambda name=name: town.people[name].get(f"{town.path}/accounts"),
            lambda answer: any(int(of["balance"]["minor"]) == GRANT for of in answer.json().get("items", [])),
        )


async def _support(town: Town) -> None:
    """Backlinks, one of them withdrawn; voices, one of them changed, three in a loop; a standing."""
    for supporter, leader in (
        ("supporter", "leader"),
        ("supporter", "second_leader"),
        ("backer", "leader"),
        ("backer", "second_leader"),
        ("leader", "second_leader"),
        ("employer", "leader"),
        ("founder", "leader"),
        ("second_leader", "supporter"),
    ):
        await town.act(supporter, "PUT", f"/backlinks/{town.people[leader].id}")
    await town.act("employer", "DELETE", f"/backlinks/{town.people['leader'].id}")
    for member, leader in (
        ("supporter", "second_leader"),
        ("supporter", "leader"),
        ("backer", "leader"),
        ("leader", "second_leader"),
        ("second_leader", "supporter"),
    ):
        await town.act(member, "PUT", "/voice", {"leader": str(town.people[leader].id)})
    await town.deployment.eventually(
        lambda: town.people["founder"].get(f"{town.path}/leaders/{town.people['leader'].id}"),
        lambda answer: answer.status_code == 200 and answer.json()["standing"] is not None,
    )


async def _work(town: Town) -> None:
    """One gig is paid, one refunded, one delivered, one runs, one its employer could not fund."""
    for name, units in (
        ("paid", 40),
        ("refunded", 30),
        ("delivered", 20),
        ("running", 10),
        ("unfunded", 999),
    ):
        town.agreements[name] = await town.agree(units)
    for name in ("paid", "delivered"):
        await town.act("worker", "POST", f"/agreements/{town.agreements[name]}/deliveries", {"note": "Done."})
    await town.act("employer", "POST", f"/agreements/{town.agreements['paid']}/acceptance")
    await town.act("worker", "POST", f"/agreements/{town.agreements['refunded']}/cancellation")
    for name, state in (("paid", "paid"), ("refunded", "refunded"), ("unfunded", "unfunded")):
        await _agreement_is(town, name, state)
    transfer = {
        "id": str(uuid4()),
        "debit_account": f"members/{town.people['employer'].id}",
        "credit_account": f"members/{town.people['supporter'].id}",
        "code": "pay",
    }
    answer = await town.act("employer", "POST", "/transfers", {"transfers": [transfer | town.money(5)]})
    assert answer.json()["results"][0]["result"] == "posted", answer.text
    # All that the supporter has, together with a payment that is sent twice.
    ends = {"debit_account": transfer["credit_account"], "credit_account": transfer["debit_account"]}
    first = transfer | ends | town.money(1) | {"id": str(uuid4()), "linked": True}
    rest = transfer | ends | town.money(2**40) | {"id": str(uuid4()), "balancing_debit": True}
    answer = await town.act("supporter", "POST", "/transfers", {"transfers": [first, rest, rest]})
    results = answer.json()["results"]
    assert [one["result"] for one in results] == ["posted", "posted", "exists"], answer.text
    back = {"id": str(uuid4()), "asset": first["asset"], "minor": results[1]["minor"]}
    answer = await town.act("employer", "POST", "/transfers", {"transfers": [transfer | back]})
    assert answer.json()["results"][0]["result"] == "posted", answer.text


async def _agreement_is(town: Town, name: str, state: str) -> None:
    await town.deployment.eventually(
        lambda: town.people["employer"].get(f"{town.path}/agreements/{town.agreements[name]}"),
        lambda answer: answer.json().get("state") == state,
    )


async def _fund(town: Town) -> None:
    """One project is paid out, one refunded after its deadline, one open; a pledge was taken back."""
    town.projects["paid_out"] = await town.propose(30, town.LONG)
    town.projects["refunded"] = await town.propose(500, timedelta(hours=1))
    town.projects["open"] = await town.propose(300, town.LONG)
    for who, project, units in (
        ("backer", "paid_out", 10),
        ("supporter", "refunded", 7),
        ("backer", "refunded", 8),
        ("backer", "open", 20),
        ("supporter", "open", 5),
        ("supporter", "paid_out", 20),
    ):
        pledge = await town.pledge(who, town.projects[project], units)
        if (who, project) == ("supporter", "open"):
            await town.act("supporter", "DELETE", f"/pledges/{pledge}")
    await town.until(f"/projects/{town.projects['paid_out']}", state="paid_out")
    await town.deployment.advance(timedelta(hours=2))

    async def a_moment_later() -> httpx.Response:
        await town.deployment.advance(timedelta(seconds=5))
        return await town.people["founder"].get(f"{town.path}/projects/{town.projects['refunded']}")

    await town.deployment.eventually(
        a_moment_later, lambda answer: answer.json().get("state") == "refunded", within_seconds=30
    )
