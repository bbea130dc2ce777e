"""At which addresses passkeys work, and under which name."""

import pytest

from chassis.passkeys import relying_party, why_no_passkey


@pytest.mark.parametrize(
    ("public_url", "rp_id"),
    [
        ("https://guild.example", "guild.example"),
        ("https://guild.example:8443", "guild.example"),
        ("http://localhost:8080", "localhost"),
        ("http://guild.localhost:8080", "guild.localhost"),
        ("https://localhost", "localhost"),
    ],
)
def test_a_name_over_https_or_this_machine_has_passkeys(public_url: str, rp_id: str) -> None:
    party = relying_party(public_url)
    assert party is not None
    assert (party.id, party.origin) == (rp_id, public_url)


@pytest.mark.parametrize(
    ("public_url", "said"),
    [
        ("http://guild.example", "need https"),
        ("http://127.0.0.1:8080", "refuse the address 127.0.0.1"),
        ("https://127.1", "refuse the address 127.1"),
        ("https://[::1]:8443", "refuse the address ::1"),
        ("https://203.0.113.7", "refuse the address 203.0.113.7"),
        ("http://notlocalhost", "need https"),
        ("https://guild..example", "is not a name"),
        ("https://gu!ld.example", "is not a name"),
    ],
)
def test_elsewhere_it_is_said_why_there_are_none(public_url: str, said: str) -> None:
    assert relying_party(public_url) is None
    assert said in (why_no_passkey(public_url) or "")
