"""Events are public API: their schemas are current, compatible with the release, and say nothing personal."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from events.catalogue import CATALOGUE
from events.schemas_generator import SCHEMAS_FOLDER, main, schema_of, stale, write
from tests.wire.compatibility import incompatibilities
from tests.wire.examples import example_of

RELEASED = Path(__file__).parent / "released"
TYPES = sorted(CATALOGUE)

# Words of fields that would carry a person's name, text, address or memo.
PERSONAL = (
    "name", "title", "description", "text", "address", "memo", "note", "handle", "message", "email", "phone",
    "purpose", "comment", "reason", "signature", "wallet", "ip",
)  # fmt: skip


def _released(event_type: str) -> dict[str, Any]:
    return json.loads((RELEASED / f"{event_type}.json").read_text(encoding="utf-8"))


def _fields(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).items()


def _strings(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if schema.get("type") == "string":
        yield schema
    for inner in (*schema.get("anyOf", []), *schema.get("patternProperties", {}).values()):
        yield from _strings(inner)
    if isinstance(schema.get("items"), dict):
        yield from _strings(schema["items"])


def _personal(schema: Mapping[str, Any]) -> list[str]:
    """Fields that are named like something personal, or could carry free text."""
    found = [name for name, _ in _fields(schema) if set(name.split("_")) & set(PERSONAL)]
    for name, content in _fields(schema):
        loose = [part for part in _strings(content) if not {"pattern", "format", "enum"} & part.keys()]
        found += [name] * bool(loose)
        if content.get("type") == "object" and "patternProperties" not in content:
            found.append(name)
    return found


def test_checked_in_schemas_are_the_generated_ones() -> None:
    assert stale() == [], "run python -m events.schemas_generator"


def test_the_generator_sees_changed_missing_and_surplus_files(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "union.json").write_text("{}", encoding="utf-8")
    (tmp_path / "voice.json").unlink()
    (tmp_path / "surplus.json").write_text("{}", encoding="utf-8")
    assert stale(tmp_path) == ["surplus.json", "union.json", "voice.json"]
    write(tmp_path)
    assert stale(tmp_path) == []


def test_the_generator_answers_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["--check"]) == 0
    monkeypatch.setattr("events.schemas_generator.stale", lambda: ["union.json"])
    assert main(["--check"]) == 1


@pytest.mark.parametrize("event_type", sorted(path.stem for path in RELEASED.glob("*.json")))
def test_a_released_event_stays_compatible(event_type: str) -> None:
    assert event_type in CATALOGUE, "a released type is kept; a new meaning is a new type"
    assert incompatibilities(_released(event_type), schema_of(CATALOGUE[event_type])) == []


@pytest.mark.parametrize("event_type", sorted(path.stem for path in RELEASED.glob("*.json")))
def test_events_of_the_release_are_read_today(event_type: str) -> None:
    event = CATALOGUE[event_type]
    for required_only in (True, False):
        data = example_of(_released(event_type), required_only=required_only)
        assert event.model_validate_json(json.dumps(data)).key()


@pytest.mark.parametrize("event_type", TYPES)
def test_an_unknown_field_is_skipped(event_type: str) -> None:
    event = CATALOGUE[event_type]
    data = example_of(schema_of(event))
    plain = event.model_validate_json(json.dumps(data))
    assert event.model_validate_json(json.dumps({**data, "of_a_later_release": {"deep": [1]}})) == plain


@pytest.mark.parametrize("event_type", TYPES)
def test_what_is_written_is_what_was_read(event_type: str) -> None:
    event = CATALOGUE[event_type]
    written = event.model_validate(example_of(schema_of(event))).model_dump_json()
    assert event.model_validate_json(written).model_dump_json() == written


@pytest.mark.parametrize("event_type", TYPES)
def test_an_event_carries_no_names_texts_addresses_or_memos(event_type: str) -> None:
    assert _personal(schema_of(CATALOGUE[event_type])) == []


@pytest.mark.parametrize("event_type", TYPES)
def test_amounts_are_strings_of_digits_in_json(event_type: str) -> None:
    for name, content in _fields(schema_of(CATALOGUE[event_type])):
        if name == "minor" or name.endswith("_minor"):
            assert content["type"] == "string", name
            assert content["pattern"] == "^[0-9]{1,19}$", name
        assert content.get("type") != "number", f"{name} is a float"


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ({"member_name": {"type": "string", "pattern": "^[a-z]+$"}}, ["member_name"]),
        ({"state": {"type": "string"}}, ["state"]),
        ({"states": {"type": "array", "items": {"type": "string"}}}, ["states"]),
        ({"extra": {"type": "object", "additionalProperties": True}}, ["extra"]),
        ({"leader_id": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}}, []),
    ],
)
def test_a_personal_field_would_be_seen(planted: dict[str, Any], seen: list[str]) -> None:
    assert _personal({"properties": planted}) == seen


def _drop(schema: dict[str, Any]) -> None:
    del schema["properties"]["slug"]


def _retype(schema: dict[str, Any]) -> None:
    schema["properties"]["token_scale"]["type"] = "string"


def _loosen(schema: dict[str, Any]) -> None:
    schema["required"].remove("slug")


def _demand(schema: dict[str, Any]) -> None:
    schema["properties"]["banner_id"] = {"type": "string", "format": "uuid"}
    schema["required"].append("banner_id")


def _rekey(schema: dict[str, Any]) -> None:
    schema["x-guildhall"]["key"] = ["slug"]


def _reopen(schema: dict[str, Any]) -> None:
    schema["x-guildhall"]["audience"] = "public_and_more"


def _add_optional(schema: dict[str, Any]) -> None:
    schema["properties"]["banner_id"] = {"type": "string", "format": "uuid"}


def _reword(schema: dict[str, Any]) -> None:
    schema["properties"]["slug"]["title"] = "The slug"


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (_drop, 1), (_retype, 1), (_loosen, 1), (_demand, 1), (_rekey, 1), (_reopen, 1), (_add_optional, 0),
        (_reword, 0),
    ],
)  # fmt: skip
def test_the_rule_of_compatibility_refuses_and_allows(
    change: Callable[[dict[str, Any]], None], count: int
) -> None:
    released = schema_of(CATALOGUE["union"])
    current = cast(dict[str, Any], copy.deepcopy(released))
    change(current)
    assert len(incompatibilities(released, current)) == count


def test_the_schemas_folder_holds_one_file_per_type() -> None:
    assert sorted(path.stem for path in SCHEMAS_FOLDER.glob("*.json")) == TYPES
