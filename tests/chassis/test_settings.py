"""The limits of a deployment are its settings; what services must agree on is one setting for all."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chassis.auth.verifier import TokenLimits
from chassis.settings import ServiceSettings, SignInSettings
from chassis.signatures import ActLimits
from chassis.siwe import SignInLimits
from services.identity.settings import IdentitySettings
from services.ledger.settings import LedgerSettings

_GIVEN: dict[str, Any] = {
    "database_url": "postgresql://x@localhost/x",
    "owner_database_url": "postgresql://x@localhost/x",
    "bus_url": "postgresql://x@localhost/x",
    "service_key_file": Path("x.pem"),
    "service_keys_file": Path("x.json"),
}


@pytest.mark.parametrize("kind", [IdentitySettings, LedgerSettings])
def test_what_signs_in_means_the_same_in_every_service(
    kind: type[SignInSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIN_ID", "11155111")
    monkeypatch.setenv("FILES_FOLDER", "files")
    monkeypatch.setenv("DEVICE_KEY_LIFETIME_SECONDS", "3600")
    monkeypatch.setenv("SIGN_IN_AHEAD_MAX_SECONDS", "7")
    monkeypatch.setenv(f"{kind.model_config.get('env_prefix')}CHAIN_ID", "5")
    settings = kind(**_GIVEN)
    assert (settings.chain_id, settings.device_key_lifetime_seconds) == (11_155_111, 3_600)
    assert settings.sign_in_ahead_max_seconds == 7


def test_the_limits_of_tokens_are_settings() -> None:
    settings = ServiceSettings(
        **_GIVEN, token_max_bytes=1, good_tokens_max=2, bad_tokens_max=3, bad_token_seconds=4,
        token_ahead_max_seconds=5, good_token_seconds=6,
    )  # fmt: skip
    assert TokenLimits.of(settings) == TokenLimits(
        token_max_bytes=1,
        good_tokens_max=2,
        bad_tokens_max=3,
        bad_token_seconds=4,
        ahead_seconds=5,
        good_token_seconds=6,
    )


def test_the_limits_in_code_are_those_of_the_settings() -> None:
    settings = SignInSettings(**_GIVEN)
    assert TokenLimits.of(settings) == TokenLimits()
    assert SignInLimits(
        ahead_seconds=settings.sign_in_ahead_max_seconds,
        device_key_lifetime_seconds=settings.device_key_lifetime_seconds,
    ) == SignInLimits()  # fmt: skip
    assert ActLimits(
        settings.act_age_max_seconds, settings.act_ahead_max_seconds, settings.act_field_max_characters
    ) == ActLimits()  # fmt: skip


def test_a_public_url_is_an_origin() -> None:
    assert (
        ServiceSettings(**_GIVEN, public_url="https://guild.example/").public_url == "https://guild.example"
    )
    with pytest.raises(ValidationError):
        ServiceSettings(**_GIVEN, public_url="https://guild.example/path")
