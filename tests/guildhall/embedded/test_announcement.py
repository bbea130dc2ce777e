"""What a start says of an address at which no passkey works."""

from pathlib import Path

import pytest

from guildhall.embedded.announcement import announcement
from guildhall.embedded.chain import started_chain
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings


@pytest.mark.parametrize(
    ("public_url", "said"),
    [
        ("http://localhost:8080", None),
        ("https://guild.example", None),
        ("http://127.0.0.1:8080", "passkeys: they are bound to a name and refuse the address 127.0.0.1"),
        ("http://guild.example", "passkeys: they need https, and http://guild.example is not"),
    ],
)
def test_an_address_without_passkeys_is_said_at_start(
    public_url: str, said: str | None, tmp_path: Path
) -> None:
    settings = read_settings(GuildhallSettings, None, devnet="off")
    with started_chain(tmp_path, settings) as chain:
        lines = announcement(public_url, tmp_path, "a database", chain, settings, [])
    assert ("passkeys" in lines) == (said is not None)
    assert said is None or f"{said} (PUBLIC_URL=https://your.name, or http://localhost)" in lines


def test_what_services_do_not_have_is_said_at_start(tmp_path: Path) -> None:
    settings = read_settings(GuildhallSettings, None, devnet="off")
    with started_chain(tmp_path, settings) as chain:
        lines = announcement("http://localhost:8080", tmp_path, "a database", chain, settings, ["telepathy"])
    assert lines.splitlines()[-2].strip() == "telepathy"
