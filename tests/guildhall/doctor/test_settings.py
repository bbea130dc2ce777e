"""What the doctor says of settings: those that were changed, and addresses at which people cannot sign in."""

from pathlib import Path

import pytest

from guildhall.doctor.finding import Level
from guildhall.doctor.settings import changed, public_address, settings_findings
from guildhall.environment_example import settings_classes
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings

PROXY = "127.0.0.1/32"


@pytest.mark.parametrize(
    ("public_url", "listens", "proxies", "expected"),
    [
        ("http://localhost:8080", "127.0.0.1", "", {"address.others": Level.OFF}),
        ("http://localhost:8080", "0.0.0.0", "", {"address.open": Level.UNSAFE}),
        ("https://guild.example", "0.0.0.0", PROXY, {"address.https": Level.WELL}),
        ("https://guild.example", "127.0.0.1", PROXY, {"address.https": Level.WELL}),
        (
            "http://guild.example",
            "0.0.0.0",
            PROXY,
            {"address.https": Level.UNSAFE, "address.passkeys": Level.UNSAFE},
        ),
        (
            "https://guild.example",
            "0.0.0.0",
            "",
            {"address.https": Level.WELL, "address.proxies": Level.UNSAFE},
        ),
        (
            "https://10.0.0.3",
            "0.0.0.0",
            PROXY,
            {"address.https": Level.WELL, "address.passkeys": Level.UNSAFE},
        ),
        (
            "http://127.0.0.1:8080",
            "127.0.0.1",
            "",
            {"address.others": Level.OFF, "address.passkeys": Level.UNSAFE},
        ),
        (
            "https://[2001:db8::1]",
            "::",
            PROXY,
            {"address.https": Level.WELL, "address.passkeys": Level.UNSAFE},
        ),
    ],
)
def test_where_people_reach_it(
    public_url: str, listens: str, proxies: str, expected: dict[str, Level]
) -> None:
    found = list(public_address(public_url, listens, proxies))
    assert {finding.name: finding.level for finding in found} == expected
    assert all(finding.mend for finding in found if finding.level is not Level.WELL)


def test_what_differs_from_its_preset_is_named_with_where_and_secrets_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("MARKET_TITLE_MAX_CHARACTERS=90\nGUILDHALL_PORT=8080\n")
    monkeypatch.delenv("GUILDHALL_DATA", raising=False)
    monkeypatch.setenv("GUILDHALL_LISTEN_ADDRESS", "0.0.0.0")
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:hidden@127.0.0.1/postgres")
    said = {finding.name: finding.says for finding in changed(settings_classes(), file)}
    assert said == {
        "settings.MARKET_TITLE_MAX_CHARACTERS": f"MARKET_TITLE_MAX_CHARACTERS=90 in {file}; preset: 120",
        "settings.GUILDHALL_LISTEN_ADDRESS": (
            "GUILDHALL_LISTEN_ADDRESS=0.0.0.0 in the environment; preset: 127.0.0.1"
        ),
        "settings.DATABASE_URL": "DATABASE_URL=(secret) in the environment; preset: None",
    }


def test_a_slip_in_the_file_is_broken(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MARKET_TITEL_MAX_CHARACTERS=90\n")
    settings = read_settings(GuildhallSettings, None)
    found = [one for one in settings_findings(settings, "", file) if one.name == "settings.known"]
    assert [one.level for one in found] == [Level.BROKEN]
    assert "MARKET_TITEL" in found[0].says
