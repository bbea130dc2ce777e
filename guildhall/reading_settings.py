"""Reads settings once, at the start; a wrong one is a refusal that names it."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, ValidationError
from pydantic_settings import BaseSettings, SettingsError

from guildhall.refusals import StartRefused
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings, values_of_files

Read = TypeVar("Read", bound=BaseSettings)


def read_settings(kind: type[Read], environment_file: str | None, **given: Any) -> Read:
    """From `given`, else the environment, else the file, else the defaults. Raises StartRefused.

    The environment may name a file that holds the value: `MARKET_DATABASE_URL_FILE`.
    """
    try:
        names = {field: variable_name(kind, field) for field in kind.model_fields if field not in given}
        return kind(_env_file=environment_file, **values_of_files(names), **given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise StartRefused(said) from None
        raise StartRefused(f"{variable_name(kind, str(first['loc'][0]))}: {said}") from None
    except (SettingsError, OSError, ValueError) as error:
        raise StartRefused(f"settings cannot be read: {error}") from None


def read_guildhall_settings(folder: Path | None = None, port: int | None = None) -> GuildhallSettings:
    """What the command line says goes before everything else."""
    given: dict[str, Any] = {"folder": folder, "port": port}
    said = {name: value for name, value in given.items() if value is not None}
    return read_settings(GuildhallSettings, ENVIRONMENT_FILE, **said)


def variable_name(kind: type[BaseSettings], field: str) -> str:
    """The name of a setting in the environment."""
    information = kind.model_fields.get(field)
    alias = information.validation_alias if information is not None else None
    if isinstance(alias, AliasChoices):
        return str(alias.choices[-1])
    if information is None:  # pydantic names a field by its alias where it has one
        return field.upper()
    return f"{kind.model_config.get('env_prefix', '')}{field}".upper()
