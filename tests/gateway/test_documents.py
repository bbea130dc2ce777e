"""The merged document: valid, whole, and saying everything that a client may send or meet."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from pydantic import create_model

from chassis.problems import ProblemView, problem_responses
from gateway.documents import merged_openapi
from gateway.edge_answers import PROBLEMS

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def document(services: dict[str, FastAPI]) -> dict[str, Any]:
    documents = {name: service.openapi() for name, service in services.items()}
    return merged_openapi(documents, "http://guild.example", "1")


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        found = {part["$ref"]} if isinstance(part.get("$ref"), str) else set[str]()
        return found.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set[str]().union(*(references(item) for item in part))
    return set()


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_an_invalid_one_is_seen(document: dict[str, Any]) -> None:
    broken = {**document, "paths": {"/x": {"get": {"responses": "none"}}}}
    with pytest.raises(Exception, match="none"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for pointed in references(document):
        part: Any = document
        for name in pointed.removeprefix("#/").split("/"):
            assert name in part, pointed
            part = part[name]


def test_no_schema_is_there_for_nothing(document: dict[str, Any]) -> None:
    pointed = {reference.rpartition("/")[2] for reference in references(document)}
    assert set(document["components"]["schemas"]) <= pointed
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))


def test_every_public_operation_is_there_and_nothing_for_services_alone(
    document: dict[str, Any], services: dict[str, FastAPI]
) -> None:
    there = operations(document)
    assert "post /v1/unions/{union}/transfers" in there
    assert "put /v1/unions/{union}/runs/{run}" not in there
    assert not [name for name in there if "/internal/" in name or "/livez" in name]
    for service in services.values():
        for path, item in service.openapi()["paths"].items():
            for method in METHODS & set(item):
                asked = {scheme for one in item[method].get("security", []) for scheme in one}
                if path.startswith("/v1/") and asked != {"service"}:
                    assert f"{method} {path}" in there


def test_an_act_needs_token_and_signature_both(document: dict[str, Any]) -> None:
    there = operations(document)
    assert there["post /v1/unions"]["security"] == [{"member": [], "act": []}]
    assert there["post /v1/unions/{union}/transfers"]["security"] == [{"member": [], "act": []}]
    assert there["get /v1/me"]["security"] == [{"member": []}]
    assert there["get /v1/unions/{union}/memberships"]["security"] == [{"member": []}, {}]
    assert there["get /v1/unions"]["security"] == []
    assert set(document["components"]["securitySchemes"]) == {"member", "act"}


def test_every_operation_declares_what_the_door_may_answer(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        assert {"401", "413", "421", "429", "503"} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert answer == {"$ref": f"#/components/responses/{PROBLEMS[int(status)][0]}"}, name


def test_headers_are_declared(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        named = {one["$ref"].rpartition("/")[2] for one in operation["parameters"] if "$ref" in one}
        assert "GuildhallAfter" in named, name
        is_keyed = name.startswith("post ") and bool(operation["security"])
        assert ("IdempotencyKey" in named) == is_keyed, name
        good = [answer for status, answer in operation["responses"].items() if int(status) < 400]
        assert all("Guildhall-Stale" in answer["headers"] for answer in good), name


def test_problems_are_problem_json(document: dict[str, Any]) -> None:
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]


def test_one_name_of_two_schemas_is_told_apart() -> None:
    one, two = FastAPI(generate_unique_id_function=lambda route: route.name), FastAPI()
    for app, field, path in ((one, "a", "/v1/me"), (two, "b", "/v1/unions/{union}/offers")):
        view = create_model("View", **{field: (int, ...)})  # type: ignore[call-overload]

        @app.get(path, response_model=view, responses=problem_responses(404))
        async def read() -> None: ...

    merged = merged_openapi({"identity": one.openapi(), "market": two.openapi()}, "http://guild.example", "1")
    schemas = merged["components"]["schemas"]
    assert set(schemas["View"]["properties"]) == {"a"}
    assert set(schemas["MarketView"]["properties"]) == {"b"}


def test_a_services_problems_are_told_as_problem_json_alone(services: dict[str, FastAPI]) -> None:
    for service in services.values():
        kinds = {
            tuple(answer["content"])
            for operation in operations(service.openapi()).values()
            for answer in operation["responses"].values()
            if "application/problem+json" in answer.get("content", {})
        }
        assert kinds == {("application/problem+json",)}


def test_the_body_of_a_problem_is_what_a_model_of_each_route_would_say(services: dict[str, FastAPI]) -> None:
    app = FastAPI()

    @app.get("/", responses={404: {"model": ProblemView}})
    async def read() -> None: ...

    said = app.openapi()["components"]["schemas"]["ProblemView"]
    for service in services.values():
        assert service.openapi()["components"]["schemas"]["ProblemView"] == said
