"""Every limit is a setting with its unit in its name."""

import ast
from collections.abc import Iterator
from typing import cast

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from tests.tidy.source_tree import SourceFile, Violation, dotted

# The units of the house. A setting that is a number ends in one of them.
UNITS = (
    "_ms", "_seconds", "_minutes", "_hours", "_days",
    "_bytes", "_mebibytes", "_count", "_max", "_min", "_default", "_length", "_characters",
    "_per_second", "_per_minute", "_per_hour", "_per_day",
    "_per_member", "_per_project", "_per_union", "_per_founder",
    "_minor", "_basis_points", "_port", "_size",
)  # fmt: skip
# Numbers that name a thing and limit nothing.
_NAMES = ("port", "chain_id")
_UNITLESS = ("timeout", "interval", "delay", "pause", "age", "ttl", "wait", "period")
_NUMBERS = ("int", "float", "Count", "DurationMs", "DurationSeconds", "PositiveInt", "NonNegativeInt")


def _is_number(annotation: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id in _NUMBERS for part in ast.walk(annotation))


def limits_name_their_unit(file: SourceFile) -> Iterator[Violation]:
    """Numeric fields of a class named ...Settings end in a unit; a duration says which unit of time."""
    if file.is_under("tests"):
        return
    for node in file.nodes:
        if not (isinstance(node, ast.ClassDef) and node.name.endswith("Settings")):
            continue
        for line in node.body:
            if not (isinstance(line, ast.AnnAssign) and _is_number(line.annotation)):
                continue
            name = dotted(line.target)
            if not f"_{name}".endswith((*UNITS, *_NAMES)):
                yield Violation(file.path, line.lineno, f"{name} does not end in a unit")
            elif name.rsplit("_", 1)[0].endswith(_UNITLESS) and name.endswith(("_max", "_min", "_default")):
                yield Violation(file.path, line.lineno, f"{name} is a duration without its unit")


_SECRET_WORDS = {"secret", "password", "token", "pepper"}


def unsound_settings(kind: type[BaseSettings]) -> Iterator[str]:
    """Settings that can change, say nothing, have no bound, or whose secrets print or are preset."""
    if not kind.model_config.get("frozen"):
        yield f"{kind.__name__} is not frozen"
    for name, field in kind.model_fields.items():
        where = f"{kind.__name__}.{name}"
        annotation = cast(object, field.annotation)
        number = annotation is int or annotation is float
        if not (field.description or "").strip().endswith("."):
            yield f"{where} has no description that ends in a full stop"
        if number and not f"_{name}".endswith((*UNITS, *_NAMES)):
            yield f"{where} does not end in a unit"
        if number and not field.metadata:
            yield f"{where} has no bound"
        if (
            set(name.split("_")) & _SECRET_WORDS
            and not number
            and annotation not in (SecretStr, SecretStr | None)
        ):
            yield f"{where} would be printed"
        if annotation is SecretStr and not field.is_required():
            yield f"{where} is a secret with a default"
