"""The prefix table sends each public operation to its service, and nothing internal anywhere."""

import pytest
from fastapi import FastAPI

from gateway.routing import OF_A_UNION, service_of


def test_every_public_operation_is_routed_to_its_own_service(services: dict[str, FastAPI]) -> None:
    astray = [
        (name, path)
        for name, app in services.items()
        for path in app.openapi()["paths"]
        if not path.startswith("/internal/") and service_of(path) != name
    ]
    assert astray == []


def test_nothing_internal_is_routed(services: dict[str, FastAPI]) -> None:
    internal = [
        path for app in services.values() for path in app.openapi()["paths"] if path.startswith("/internal")
    ]
    assert internal
    assert [path for path in internal if service_of(path) is not None] == []


def test_every_row_of_the_table_leads_to_an_operation(services: dict[str, FastAPI]) -> None:
    paths = [path for app in services.values() for path in app.openapi()["paths"]]
    unused = [
        noun for noun in OF_A_UNION if not any(f"/v1/unions/{{union}}/{noun}" in path for path in paths)
    ]
    assert unused == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//v1/me",
        "/v1",
        "/v1/",
        "/v2/me",
        "/internal/token-exchange",
        "/v1/internal/token-exchange",
        "/v1/unions/x/internal",
        "/v1/unions/x/metrics",
        "/livez",
        "/metrics",
    ],
)
def test_what_belongs_to_nobody_is_routed_to_nobody(path: str) -> None:
    assert service_of(path) is None
