"""Example data for any event, built from its JSON Schema alone, as a stranger to the house would."""

from collections.abc import Mapping
from typing import cast

_BY_FORMAT = {"uuid": "0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f", "date-time": "2026-01-02T03:04:05Z"}
_BY_PATTERN = {
    r"^[0-9]{1,19}$": "250000000",
    r"^[A-Z][A-Z0-9]{1,9}$": "GLD",
    r"^[a-z][a-z0-9_.]{0,47}$": "open",
    r"^[a-z0-9][a-z0-9-]{0,62}$": "weavers",
    r"^[A-Za-z0-9_-]{43,64}$": "a" * 43,
    r"^[a-z0-9-]{0,48}$": "",
}


def _string(schema: Mapping[str, object]) -> str:
    if "format" in schema:
        return _BY_FORMAT[str(schema["format"])]
    return _BY_PATTERN[str(schema["pattern"])]


def _example(schema: Mapping[str, object], parts: Mapping[str, object]) -> object:
    if "$ref" in schema:
        return _example(cast(Mapping[str, object], parts[str(schema["$ref"]).rsplit("/", 1)[1]]), parts)
    if "anyOf" in schema:
        return _example(cast(list[Mapping[str, object]], schema["anyOf"])[0], parts)
    match schema["type"]:
        case "object":
            return example_of(schema, parts)
        case "array":
            return [_example(cast(Mapping[str, object], schema["items"]), parts)]
        case "string":
            return _string(schema)
        case _:
            return True if schema["type"] == "boolean" else cast(int, schema.get("minimum", 0))


def example_of(
    schema: Mapping[str, object], parts: Mapping[str, object] | None = None, *, required_only: bool = False
) -> dict[str, object]:
    """Data that fits the schema: every declared field, or the required ones only."""
    known = parts if parts is not None else cast(Mapping[str, object], schema.get("$defs", {}))
    properties = cast(Mapping[str, Mapping[str, object]], schema.get("properties", {}))
    names = cast(list[str], schema.get("required", [])) if required_only else list(properties)
    return {name: _example(properties[name], known) for name in names}
