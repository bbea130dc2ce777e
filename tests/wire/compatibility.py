"""The rule that keeps event schemas compatible in both directions, as a function over two JSON Schemas."""

from collections.abc import Iterator, Mapping
from typing import cast

Schema = Mapping[str, object]

_WORDS_ONLY = {"title", "description", "examples"}
_DECLARED = ("publisher", "class", "key", "audience", "named")


def _part(schema: Schema, name: str) -> Schema:
    return cast(Schema, schema.get(name, {}))


def _meaning(schema: object) -> object:
    """The schema without what only people read."""
    if isinstance(schema, Mapping):
        entries = cast(Mapping[str, object], schema)
        return {name: _meaning(part) for name, part in entries.items() if name not in _WORDS_ONLY}
    if isinstance(schema, list):
        return [_meaning(part) for part in cast(list[object], schema)]
    return schema


def _differences_of_object(where: str, released: Schema, current: Schema) -> Iterator[str]:
    old, new = _part(released, "properties"), _part(current, "properties")
    old_required = set(cast(list[str], released.get("required", [])))
    new_required = set(cast(list[str], current.get("required", [])))
    for name in old:
        if name not in new:
            yield f"{where}.{name} was removed: consumers of the release need it"
        elif _meaning(old[name]) != _meaning(new[name]):
            yield f"{where}.{name} changed its meaning"
    for name in sorted(old_required - new_required):
        if name in new:
            yield f"{where}.{name} became optional: consumers of the release need it"
    for name in sorted(new_required - old_required):
        yield f"{where}.{name} is required: events of the release do not have it"


def incompatibilities(released: Schema, current: Schema) -> list[str]:
    """Why `current` cannot replace `released`; only optional fields may be added. Else: a new type `x.v2`."""
    name = str(released.get("title"))
    found = list(_differences_of_object(name, released, current))
    old_parts, new_parts = _part(released, "$defs"), _part(current, "$defs")
    for part in old_parts:
        if part not in new_parts:
            found.append(f"{name} lost the part {part}")
        else:
            found += _differences_of_object(
                f"{name}/{part}", cast(Schema, old_parts[part]), cast(Schema, new_parts[part])
            )
    old_declared, new_declared = _part(released, "x-guildhall"), _part(current, "x-guildhall")
    found += [
        f"{name} changed its declared {word}"
        for word in _DECLARED
        if old_declared.get(word) != new_declared.get(word)
    ]
    return found
