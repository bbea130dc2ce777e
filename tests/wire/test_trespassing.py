"""Nobody does in a union what is not theirs: each operation that takes something, asked by who has it not.

Requests are those that get through (`known_*.py`), sent by an outsider, by a plain member, and by the founder
of another union, who holds every right there.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
import httpx
import pytest
import schemathesis

from guildhall.postgres.roles import SERVICES
from tests.guildhall.audit.conftest import PATIENT
from tests.guildhall.audit.town import Town, build_town
from tests.support.deployment import WholeDeployment, whole_deployment
from tests.support.personas import Persona
from tests.support.postgres import Databases
from tests.wire.access import (
    ACCESS,
    ANYONE,
    BUSINESS,
    FOUNDER,
    HEIR,
    MEMBER,
    OFFICE,
    OPERATOR,
    OWN,
    SIGNED_IN,
)
from tests.wire.known_business_payments import knowing_business_payments
from tests.wire.known_businesses import MANY, knowing_businesses
from tests.wire.known_charters import knowing_charters
from tests.wire.known_exclusion import HEARD_SOON
from tests.wire.known_offices import knowing_offices
from tests.wire.known_operators import knowing_operators
from tests.wire.known_recovery import RECOVERING
from tests.wire.known_village import knowing
from tests.wire.reaching import Reaching

pytestmark = pytest.mark.slow
UNION = "/v1/unions/{union}/"
BRIDGES = f"PUT {UNION}bridge"
"""Asks a chain that this deployment has not; who may: tests/services/ledger/bridge/test_refusals.py."""
SETTINGS: dict[str, dict[str, Any]] = {
    **PATIENT,
    "identity": RECOVERING | HEARD_SOON | MANY | {"invitations_per_member_max": 100_000},
    "gateway": {"requests_per_minute_per_member_max": 1_000_000},
}
OWN_ANYWAY = {
    f"{method} {UNION}{path}"
    for method, path in (
        # About oneself: whoever has been a member gets their own, empty or not.
        ("GET", "accounts"),
        ("GET", "agreements"),
        ("GET", "deposits"),
        ("GET", "holds"),
        ("GET", "mandates"),
        ("GET", "schedules"),
        ("GET", "voice"),
        ("GET", "withdrawals"),
        ("GET", "applications/mine"),
        ("GET", "memberships/me"),
        ("GET", "memberships/me/acceptance"),
        ("PUT", "memberships/me/acceptance"),
        ("DELETE", "memberships/me"),
        ("DELETE", "voice"),
        ("POST", "transfers"),
        ("POST", "transfer-cancellations"),
        ("PUT", "allotments/{allotment}"),
        ("DELETE", "backlinks/{leader}"),
        ("POST", "withdrawals"),
    )
}
"""What a plain member is not refused: it moves and shows nothing of another's; tests/services/ledger holds
transfers to that."""


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[WholeDeployment]:
    async with whole_deployment(databases, tmp_path_factory.mktemp("keys"), SETTINGS) as made:
        yield made


@pytest.fixture(scope="module")
async def town(deployment: WholeDeployment) -> Town:
    return await build_town(deployment)


@dataclass(slots=True)
class Trespassing(Reaching):
    """Sends what would get through as who it is not for. `members`: who trespasses, by role."""

    members: Mapping[str, Persona] = field(default_factory=dict[str, Persona])
    let_in: list[str] = field(default_factory=list[str])
    sent: set[str] = field(default_factory=set[str])

    async def _send(self, case: schemathesis.Case[Any]) -> httpx.Response:
        label = case.operation.label
        known = await self.knowing[label]()
        answer: httpx.Response | None = None
        for role, member in self.members.items():
            if role == "member" and (ACCESS[label] == MEMBER or label in OWN_ANYWAY):
                continue

            if ACCESS[label] == OPERATOR:
                await member.sign_in()  # a fresh proof is not what they lack

            async def trespassed(who: Persona = member) -> Any:
                return replace(known, member=who)

            outer, self.knowing = self.knowing, {label: trespassed}
            try:
                answer = await Reaching._send(self, case)
            finally:
                self.knowing = outer
            self.sent.add(f"{role}: {label}")
            if answer.status_code not in {403, 404}:
                self.let_in.append(f"{role}: {label}: {answer.status_code} {answer.text[:200]}")
        return answer or httpx.Response(403)


async def _doings(town: Town, members: Mapping[str, Persona]) -> list[str]:
    """What the act logs and the stored acts say that these did in the town, besides joining it."""
    found: list[str] = []
    for service in SERVICES:
        connection = await asyncpg.connect(town.urls[service])
        try:
            for role, member in members.items():
                rows = await connection.fetch(
                    "SELECT act_right AS what FROM act_log WHERE actor = $1 AND union_id = $2 "
                    "UNION ALL SELECT method || ' ' || target_uri FROM signed_acts WHERE member_id = $3 "
                    "AND (target_uri LIKE '%/' || $2::text || '%' OR target_uri LIKE '%/' || $4 || '/%')",
                    f"member:{member.id}",
                    town.union["id"],
                    member.id,
                    town.union["slug"],
                )
                found += [f"{service}: {role}: {row['what']}" for row in rows]
        finally:
            await connection.close()
    return sorted(found)


async def test_nobody_does_what_is_not_theirs(deployment: WholeDeployment, town: Town) -> None:
    outsider, member, elsewhere = [
        await deployment.persona(name) for name in ("outsider", "member", "elsewhere")
    ]
    founded = await elsewhere.act("POST", "/v1/unions", {"name": "Elsewhere", "purpose": "To be elsewhere."})
    assert founded.status_code == 201, founded.text
    charter = (await member.get(f"{town.path}/charter")).json()
    accepted = {"charter_version": charter["version"], "charter_hash": charter["hash"]}
    joined = await member.act("POST", f"{town.path}/memberships", accepted)
    assert joined.status_code == 201, joined.text
    members = {"outsider": outsider, "member": member, "founder elsewhere": elsewhere}
    before = await _doings(town, members)
    document = (await deployment.http.get("/openapi.json")).json()
    known = {
        **knowing(town),
        **knowing_charters(town),
        **knowing_offices(town),
        **knowing_operators(town),
        **knowing_businesses(town),
        **knowing_business_payments(town),
    }
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            label = f"{method.upper()} {path}"
            is_within = path.startswith(UNION) and ACCESS[label] not in {ANYONE, SIGNED_IN}
            if label in known and (is_within or ACCESS[label] == OPERATOR):
                paths.setdefault(path, {})[method] = operation
    sender = Trespassing(deployment, asyncio.get_running_loop(), knowing=known, members=members)
    await asyncio.to_thread(sender.try_all, {**document, "paths": paths}, 1)
    assert not sender.let_in, "\n".join(sender.let_in)
    assert not sender.faults, sender.said()
    assert await _doings(town, members) == before
    for label, access in ACCESS.items():
        if access.rights or access in {BUSINESS, FOUNDER, HEIR, OFFICE, OPERATOR}:
            tried = {role for role in members if f"{role}: {label}" in sender.sent}
            assert tried == (set() if label == BRIDGES else set(members)), label
    assert OWN in {ACCESS[label.partition(": ")[2]] for label in sender.sent}
