"""Writes events/schemas/*.json, one JSON Schema per event type: `python -m events.schemas_generator`.

With --check it writes nothing and exits 1, naming the files that differ.
"""

import json
import sys
from pathlib import Path

from events.catalogue import CATALOGUE
from events.declaration import Event

SCHEMAS_FOLDER = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event: type[Event]) -> dict[str, object]:
    """The schema of an event's data, with its declaration under `x-guildhall`."""
    declared = event.declaration
    return {
        "$schema": DIALECT,
        "$id": f"/schemas/{declared.schema_file}",
        **event.model_json_schema(mode="serialization"),
        "title": declared.type,
        "x-guildhall": {
            "type": declared.type,
            "publisher": declared.publisher,
            "class": declared.event_class.value,
            "key": list(declared.key),
            "audience": declared.audience.value,
            "named": list(declared.named),
            "retention_days": declared.retention_days,
        },
    }


def rendered() -> dict[str, str]:
    """File name -> text of every schema."""
    return {
        event.declaration.schema_file: json.dumps(schema_of(event), indent=2, sort_keys=True) + "\n"
        for event in CATALOGUE.values()
    }


def stale(folder: Path = SCHEMAS_FOLDER) -> list[str]:
    """Names of the files that are missing, differ, or belong to no event."""
    wanted = rendered()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(folder: Path = SCHEMAS_FOLDER) -> None:
    """Write every schema and remove the files that belong to no event."""
    folder.mkdir(exist_ok=True)
    wanted = rendered()
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write, or with --check compare; the exit code for the shell."""
    if arguments == ["--check"]:
        names = stale()
        if names:
            sys.stderr.write(f"stale: {', '.join(names)}; run python -m events.schemas_generator\n")
        return 1 if names else 0
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
