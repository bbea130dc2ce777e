"""Whoever is locked keeps the exit rights and has nothing else, at every operation of every service."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.auth.exit_rights import EXIT_RIGHTS
from tests.guildhall.audit.watched import GROUND, named_operator
from tests.support.deployment import WholeDeployment, whole_deployment
from tests.support.personas import Persona
from tests.support.postgres import Databases
from tests.wire.access import ACCESS, ANYONE

PARAMETER = re.compile(r"\{(\w+)\}")
ENDS_THE_SESSION = {"DELETE /v1/auth/sessions/current", "DELETE /v1/me/sessions/{session}"}


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[WholeDeployment]:
    unhurried = {"gateway": {"requests_per_minute_per_member_max": 1_000_000}}
    async with whole_deployment(databases, tmp_path_factory.mktemp("keys"), unhurried) as made:
        yield made


@pytest.fixture(scope="module")
async def documented(deployment: WholeDeployment) -> dict[str, Any]:
    """Operations by method and path."""
    document: dict[str, Any] = (await deployment.http.get("/openapi.json")).json()
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


@pytest.fixture(scope="module")
def operations(documented: dict[str, Any]) -> set[str]:
    return set(documented)


async def test_each_exit_right_is_an_operation_that_writes(operations: set[str]) -> None:
    assert sorted(EXIT_RIGHTS - operations) == []
    assert not [label for label in EXIT_RIGHTS if label.startswith("GET ")]
    assert not [label for label in EXIT_RIGHTS if ACCESS[label] == ANYONE]


async def test_the_document_says_that_the_others_may_be_refused(documented: dict[str, Any]) -> None:
    assert [
        label
        for label, operation in documented.items()
        if not label.startswith("GET ") and label not in EXIT_RIGHTS and ACCESS[label] != ANYONE
        if "403" not in operation["responses"]
    ] == []


async def test_a_locked_member_has_these_and_no_others(
    deployment: WholeDeployment, operations: set[str]
) -> None:
    warden, founder = await named_operator(deployment, "warden"), await deployment.persona("founder")
    locked = await deployment.persona("locked")
    union = (await founder.act("POST", "/v1/unions", {"name": "Bolts", "purpose": "To bolt."})).json()
    accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
    joined = await locked.act("POST", f"/v1/unions/{union['id']}/memberships", accepted)
    assert joined.status_code == 201, joined.text
    old = locked.session["access_token"]
    body = GROUND | {"member": str(locked.id), "lasts_seconds": 86_400}
    assert (await warden.act("POST", "/v1/operator-acts/member-locks", body)).status_code == 201

    async def is_out() -> int:
        headers = {"authorization": f"Bearer {old}"}
        return (await deployment.http.get(f"/v1/unions/{union['id']}/offers", headers=headers)).status_code

    assert await deployment.eventually(is_out, lambda status: status == 401, within_seconds=1) == 401
    await locked.sign_in()
    assert locked.session["exits_only"]
    deployment.clock.advance(timedelta(seconds=1))
    left_last = "DELETE /v1/unions/{union}/memberships/me"
    writing = {one for one in operations if not one.startswith("GET ") and ACCESS[one] != ANYONE}
    wrong: list[str] = []
    for label in sorted(writing - ENDS_THE_SESSION - {left_last}):
        answer = await _tried(locked, label, union["id"])
        if (answer == "exits-only") != (label not in EXIT_RIGHTS):
            wrong.append(f"{label}: {answer}")
    assert wrong == []
    assert await _tried(locked, left_last, union["id"]) == "200"


async def _tried(member: Persona, label: str, union: str) -> str:
    """The type of its problem, or its status."""
    method, _, path = label.partition(" ")
    sent = PARAMETER.sub(lambda named: union if named[1] == "union" else str(uuid4()), path)
    answer = await member.act(method, sent, {})
    if answer.is_success:
        return str(answer.status_code)
    return answer.json()["type"].removeprefix("/problems/")
