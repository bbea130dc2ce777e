"""Settings: frozen, described, bounded, with units, secrets without a default, all in `.env.example`."""

import typing
from pathlib import Path

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from guildhall.environment_example import environment_example, settings_classes, write_environment_example
from tests.tidy.laws.limits import unsound_settings
from tests.tidy.source_tree import ROOT

CLASSES = settings_classes()


def test_the_example_is_equal_to_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == environment_example(), "run make generate"


def test_a_changed_example_is_seen(tmp_path: Path) -> None:
    page = tmp_path / ".env.example"
    assert not write_environment_example(page, check=True)
    assert write_environment_example(page, check=False)
    assert write_environment_example(page, check=True)
    page.write_text(
        page.read_text(encoding="utf-8").replace("PUBLIC_URL", "PUBLIC_URLS", 1), encoding="utf-8"
    )
    assert not write_environment_example(page, check=True)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_settings_are_sound(kind: type[BaseSettings]) -> None:
    assert list(unsound_settings(kind)) == []


def test_prefixes_are_not_shared() -> None:
    prefixes = [kind.model_config.get("env_prefix", "") for kind in CLASSES]
    assert all(prefixes), "a service without a prefix reads what is meant for another"
    assert len(set(prefixes)) == len(prefixes)


def _planted(
    field: str, annotation: object, default: object, description: str = "Planted."
) -> type[BaseSettings]:
    """A settings class with one field."""
    namespace = {
        "__module__": __name__,
        "__annotations__": {field: annotation},
        "model_config": SettingsConfigDict(frozen=True, env_prefix="PLANTED_"),
        field: Field(default, description=description),
    }
    return typing.cast(type[BaseSettings], type("PlantedSettings", (BaseSettings,), namespace))


@pytest.mark.parametrize(
    ("field", "annotation", "default", "description"),
    [
        ("retries", typing.Annotated[int, Field(ge=1)], 3, "Planted."),
        ("retries_max", int, 3, "Planted."),
        ("retries_max", typing.Annotated[int, Field(ge=1)], 3, ""),
        ("signing_secret", SecretStr, SecretStr("preset"), "Planted."),
        ("signing_secret", str, ..., "Planted."),
    ],
)
def test_an_unsound_setting_is_seen(
    field: str, annotation: object, default: object, description: str
) -> None:
    assert len(list(unsound_settings(_planted(field, annotation, default, description)))) == 1


def test_a_sound_setting_passes() -> None:
    assert not list(unsound_settings(_planted("retries_max", typing.Annotated[int, Field(ge=1)], 3)))
    assert not list(unsound_settings(_planted("signing_secret", SecretStr, ...)))


def test_settings_that_can_be_changed_are_seen() -> None:
    class LooseSettings(BaseSettings):
        pass

    assert list(unsound_settings(LooseSettings)) == ["LooseSettings is not frozen"]
