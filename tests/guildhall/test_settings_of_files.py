"""A setting whose name ends in _FILE is read from that file."""

from pathlib import Path

import pytest

from chassis.network.settings import NetworkSettings
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings


def test_a_value_comes_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://somebody@somewhere/x\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    settings = read_settings(GuildhallSettings, None)
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://somebody@somewhere/x"


def test_an_empty_file_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/dev/null")
    assert read_settings(GuildhallSettings, None).database_url is None


def test_a_value_of_a_file_is_checked_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("market")
    monkeypatch.setenv("MARKET_URL_FILE", str(tmp_path / "url"))
    with pytest.raises(StartRefused, match=r"MARKET_URL: .*http://host:port"):
        read_settings(NetworkSettings, None)


def test_a_file_that_is_not_there_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere/url")
    with pytest.raises(StartRefused, match="/nowhere/url"):
        read_settings(GuildhallSettings, None)


def test_a_setting_that_is_given_twice_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("postgresql://one/x")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://other/x")
    with pytest.raises(StartRefused, match="DATABASE_URL and DATABASE_URL_FILE are both set"):
        read_settings(GuildhallSettings, None)
