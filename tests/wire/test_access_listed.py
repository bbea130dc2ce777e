"""The table of access is the document's: every operation is listed, and none that is not there."""

from typing import Any

import pytest

from tests.support.deployment import WholeDeployment
from tests.wire.access import ACCESS, ANYONE, FOUNDER, MEMBER, OFFICE, OWN, SIGNED_IN

NAMED = {ANYONE, SIGNED_IN, MEMBER, OWN, FOUNDER, OFFICE}


@pytest.fixture(scope="module")
async def operations(deployment: WholeDeployment) -> dict[str, Any]:
    document = (await deployment.http.get("/openapi.json")).json()
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


async def test_every_operation_has_its_line(operations: dict[str, Any]) -> None:
    assert sorted(ACCESS.keys() - operations.keys()) == []
    assert sorted(operations.keys() - ACCESS.keys()) == []


async def test_the_document_asks_for_a_token_where_the_table_does(operations: dict[str, Any]) -> None:
    for label, operation in operations.items():
        requires = bool(operation["security"]) and {} not in operation["security"]
        assert requires == (ACCESS[label] != ANYONE), label


async def test_what_a_right_lets_one_do_besides_reading_is_signed(operations: dict[str, Any]) -> None:
    for label, access in ACCESS.items():
        if not label.startswith("GET ") and (access.rights or access in {FOUNDER, OFFICE}):
            assert "act" in operations[label]["security"][0], label


async def test_who_asks_without_a_token_gets_in_where_anyone_may(
    deployment: WholeDeployment, operations: dict[str, Any]
) -> None:
    for label in operations:
        method, path = label.split()
        if method == "GET" and "{" not in path.replace("{union}", "testers"):
            answer = await deployment.http.get(path.replace("{union}", "testers"))
            assert (answer.status_code == 401) == (ACCESS[label] != ANYONE), (label, answer.status_code)
