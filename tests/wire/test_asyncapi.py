"""events/asyncapi.json: equal to the catalogue, whole in itself, and AsyncAPI 3.0 by its own schema."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from chassis.bus.envelope import Envelope
from chassis.bus.kafka.records import to_record
from chassis.bus.kafka.topics import Topics
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events import asyncapi
from events.catalogue import CATALOGUE
from events.declaration import Audience
from events.visibility import NAMES_SHOWN, OUTSIDE_TYPES

SPECIFICATION = "@asyncapi/specs@6.11.1"
DOCUMENT: dict[str, Any] = json.loads(asyncapi.ASYNCAPI_FILE.read_text())


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in cast("dict[str, object]", part).items():
            if name == "$ref":
                yield str(value)
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for item in cast("list[object]", part):
            yield from _references(item)


def test_the_file_is_what_the_catalogue_says() -> None:
    assert asyncapi.main(["--check"]) == 0


def test_a_file_that_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asyncapi, "ASYNCAPI_FILE", tmp_path / "asyncapi.json")
    assert asyncapi.main(["--check"]) == 1
    assert asyncapi.main([]) == 0
    assert asyncapi.main(["--check"]) == 0
    (tmp_path / "asyncapi.json").write_text("{}")
    assert asyncapi.main(["--check"]) == 1
    assert "asyncapi.json" in capsys.readouterr().err


def test_every_reference_leads_to_something() -> None:
    references = set(_references(DOCUMENT))
    assert len(references) > len(OUTSIDE_TYPES)
    for reference in references:
        if reference.startswith("#/"):
            part: Any = DOCUMENT
            for name in reference.removeprefix("#/").split("/"):
                part = part[name]
        else:
            assert asyncapi.ASYNCAPI_FILE.parent.joinpath(reference).is_file(), reference


def test_it_names_what_outsiders_may_ever_see_and_nothing_else() -> None:
    messages = DOCUMENT["components"]["messages"]
    assert messages.keys() == OUTSIDE_TYPES
    audiences = {name: CATALOGUE[name].declaration.audience for name in OUTSIDE_TYPES}
    assert set(audiences.values()) == {Audience.PUBLIC, Audience.UNION}
    assert {name for name, audience in audiences.items() if audience is Audience.UNION} == set(NAMES_SHOWN)
    for channel in DOCUMENT["channels"].values():
        assert channel["messages"].keys() == OUTSIDE_TYPES


@pytest.mark.parametrize("event_type", sorted(OUTSIDE_TYPES))
def test_the_headers_are_those_of_a_record(event_type: str, clock: ManualClock, ids: IdSource) -> None:
    envelope = Envelope(ids.new(), "/services/x", event_type, "a:b", clock.now(), b"{}", False, 7)
    record = to_record(envelope, Topics("guildhall", CATALOGUE).of(event_type))
    headers = {name: value.decode() for name, value in record.headers}
    schema = DOCUMENT["components"]["messageTraits"]["cloudEvent"]["headers"]
    assert headers.keys() <= schema["properties"].keys()
    jsonschema.validate(headers, schema)
    for required in schema["required"]:
        fewer = {name: value for name, value in headers.items() if name != required}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(fewer, schema)


@pytest.fixture(scope="module")
def specification(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """AsyncAPI's own schema, as npm brings it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("AsyncAPI's schema was left out: no npm on this machine")
    folder = tmp_path_factory.mktemp("asyncapi")
    command = [npm, "pack", "--silent", SPECIFICATION]
    packed = subprocess.run(command, check=False, cwd=folder, capture_output=True, timeout=120)
    if packed.returncode != 0:
        pytest.skip(f"AsyncAPI's schema was left out: npm cannot bring {SPECIFICATION}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        file = archive.extractfile("package/schemas/3.0.0.json")
        assert file is not None
        return json.load(file)


@pytest.mark.slow
def test_it_is_asyncapi_3_by_its_own_schema(specification: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(specification)
    assert [error.message for error in validator.iter_errors(DOCUMENT)] == []
    wrong = {**DOCUMENT, "operations": {"sendIt": {"action": "shout", "channel": {"$ref": "#/channels/x"}}}}
    assert list(validator.iter_errors(wrong))
