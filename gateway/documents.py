"""One OpenAPI 3.1 document of the whole house, merged from those of the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.auth.dependencies import ACT_SCHEME, MEMBER_SCHEME, OPTIONAL_MEMBER_SCHEME, SERVICE_SCHEME
from chassis.problems import problem_schemas
from gateway.acts.document import CERTIFICATE, act_schemas, acts_paths
from gateway.edge_answers import complete_operation, shared_components
from gateway.home.document import home_paths, home_schemas
from gateway.live.document import SCHEMAS as LIVE_SCHEMAS
from gateway.live.document import live_paths
from gateway.routing import IDENTITY, service_of

DESCRIPTION = """\
Found and run a network union. Amounts are strings of minor units. Acts that bind are signed with the member's
device key (RFC 9421): the operation says so. Errors are problems (RFC 9457). Lists have pages: send
`next_cursor` back as `cursor`. A POST with an `Idempotency-Key` may be repeated.
"""
_METHODS = frozenset({"get", "put", "post", "patch", "delete", "head", "options"})
_OF_SERVICES = frozenset({OPTIONAL_MEMBER_SCHEME, SERVICE_SCHEME})


def merged_openapi(
    documents: Mapping[str, Mapping[str, Any]], public_url: str, version: str
) -> dict[str, Any]:
    """The public operations of all services, from the document of each, and of the gateway. A name of two
    schemas gets its service's name."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = problem_schemas()
    security_schemes: dict[str, Any] = {}
    views: dict[tuple[str, str], str] = {}
    for name, document in documents.items():
        components = document.get("components", {})
        renamed = _add_schemas(schemas, components.get("schemas", {}), name)
        for view in components.get("schemas", {}):
            views[name, str(view)] = renamed.get(view, str(view))
        security_schemes |= components.get("securitySchemes", {})
        for path, item in document.get("paths", {}).items():
            operations = _public_operations(item, name) if service_of(path) == name else {}
            if operations:
                paths[path] = _renamed(operations, renamed)
    for path, item in (live_paths() | home_paths() | acts_paths()).items():
        paths[path] = {method: complete_operation(method, operation) for method, operation in item.items()}

    def view_of(service: str, view: str) -> dict[str, str]:
        known = views.get((service, view))
        return {"type": "object"} if known is None else {"$ref": f"#/components/schemas/{known}"}

    schemas |= LIVE_SCHEMAS | act_schemas(view_of(IDENTITY, CERTIFICATE))
    schemas |= home_schemas(lambda part: view_of(part.service, part.schema))
    kept = _referred_schemas(paths, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"},
        },
        "servers": [{"url": public_url}],
        "tags": [{"name": tag} for tag in sorted(_tags_of(paths))],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: schemas[name] for name in sorted(kept)},
            "securitySchemes": {
                name: scheme for name, scheme in security_schemes.items() if name not in _OF_SERVICES
            },
            **shared_components(),
        },
    }


def _public_operations(item: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The operations of a path that people may call; those that take only services' tokens are left out."""
    operations: dict[str, Any] = {}
    for method, declared in item.items():
        if method not in _METHODS:
            continue
        asked = {scheme for requirement in declared.get("security", []) for scheme in requirement}
        if asked == {SERVICE_SCHEME}:
            continue
        operation = {**declared, "operationId": f"{service}_{declared['operationId']}"}
        operation["security"] = _security(asked)
        operations[method] = complete_operation(method, operation)
    return operations


def _security(asked: set[str]) -> list[dict[str, list[str]]]:
    """One requirement: an act needs the token and the signature, both."""
    if ACT_SCHEME in asked:
        return [{MEMBER_SCHEME: [], ACT_SCHEME: []}]
    if MEMBER_SCHEME in asked:
        return [{MEMBER_SCHEME: []}]
    return [{MEMBER_SCHEME: []}, {}] if OPTIONAL_MEMBER_SCHEME in asked else []


def _tags_of(paths: Mapping[str, Any]) -> set[str]:
    return {
        tag for item in paths.values() for operation in item.values() for tag in operation.get("tags", [])
    }


def _add_schemas(all_schemas: dict[str, Any], added: Mapping[str, Any], service: str) -> dict[str, str]:
    """Take over a service's schemas; what had to be renamed, by its old name."""
    renamed = {
        name: f"{service.capitalize()}{name}"
        for name, schema in added.items()
        if name in all_schemas and all_schemas[name] != schema
    }
    for name, schema in added.items():
        all_schemas[renamed.get(name, name)] = _renamed(schema, renamed)
    return renamed


def _renamed(part: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _reference(key, value, renamed) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(item, renamed) for item in part]
    return part


def _reference(key: str, value: Any, renamed: Mapping[str, str]) -> Any:
    if key == "$ref" and isinstance(value, str):
        start, _, name = value.rpartition("/")
        return f"{start}/{renamed.get(name, name)}"
    return _renamed(value, renamed)


def _referred_schemas(paths: Any, schemas: Mapping[str, Any]) -> set[str]:
    """The schemas that the operations need, and those that these need."""
    found: set[str] = {"ProblemView"}
    looked: list[Any] = [paths]
    while looked:
        for name in _references(looked.pop()) - found:
            found.add(name)
            looked.append(schemas[name])
    return found


def _references(part: Any) -> set[str]:
    if isinstance(part, dict):
        found = set[str]().union(*(_references(value) for value in part.values()))
        pointed = part.get("$ref")
        if isinstance(pointed, str) and pointed.startswith("#/components/schemas/"):
            found.add(pointed.rpartition("/")[2])
        return found
    if isinstance(part, list):
        return set[str]().union(*(_references(item) for item in part))
    return set()
