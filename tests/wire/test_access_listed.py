"""The table of access is the document's: every operation is listed, and none that is not there."""

from typing import Any

import pytest

from tests.support.deployment import WholeDeployment
from tests.wire.access import ACCESS, ANYONE, BUSINESS, FOUNDER, OFFICE, OPERATOR

REFUSED_OTHERWISE = {"GET /v1/unions/{union}/backlinks"}
"""Who comes without a token is told that counts are on another page, not to sign in."""


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
    requiring = {
        label
        for label, operation in operations.items()
        if operation["security"] and {} not in operation["security"]
    }
    assert requiring | REFUSED_OTHERWISE == {label for label, access in ACCESS.items() if access != ANYONE}


async def test_what_a_right_lets_one_do_besides_reading_is_signed(operations: dict[str, Any]) -> None:
    for label, access in ACCESS.items():
        if not label.startswith("GET ") and (
            access.rights or access in {BUSINESS, FOUNDER, OFFICE, OPERATOR}
        ):
            assert "act" in operations[label]["security"][0], label
