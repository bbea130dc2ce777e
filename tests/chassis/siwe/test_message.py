"""EIP-4361 messages are read strictly, whole, and written back as they were."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.siwe import SiweMalformed, SiweMessage, parse_siwe_message

ADDRESS = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
FULL = SiweMessage(
    scheme="https",
    domain="guild.example:8443",
    address=ADDRESS,
    statement="Sign in to Guildhall. No gas, no payment!",
    uri="https://guild.example:8443/v1/auth/sessions",
    chain_id=1,
    nonce="abcdefgh12345678",
    issued_at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
    expiration_time=datetime(2026, 5, 30, 12, 0, 0, 250_000, tzinfo=UTC),
    not_before=datetime(2026, 3, 1, 11, 59, tzinfo=UTC),
    request_id="request-7",
    resources=("urn:guildhall:purpose:sign-in", "https://guild.example/charter?v=1#rules"),
)
LEAST = SiweMessage(
    domain="localhost",
    address=ADDRESS,
    uri="http://localhost",
    chain_id=31337,
    nonce="12345678",
    issued_at=datetime(2026, 3, 1, tzinfo=UTC),
)


def vectors(name: str) -> list[Any]:
    folder = os.environ.get("GUILDHALL_DATA")
    path = Path(folder or "", "siwe-vectors", f"{name}.json")
    if not folder or not path.is_file():
        reason = "GUILDHALL_DATA names no folder with siwe-vectors"
        return [pytest.param("", None, marks=pytest.mark.skip(reason=reason), id=f"{name} absent")]
    return [pytest.param(title, vector, id=title) for title, vector in json.loads(path.read_text()).items()]


@pytest.mark.parametrize(("title", "vector"), vectors("parsing_positive"))
def test_a_message_of_the_public_vectors_is_read(title: str, vector: dict[str, Any]) -> None:
    message = parse_siwe_message(vector["message"])
    fields = vector["fields"]
    assert message.domain == fields["domain"]
    assert message.scheme == fields.get("scheme")
    assert message.address == fields["address"]
    assert message.statement == fields.get("statement")
    assert message.uri == fields["uri"]
    assert message.chain_id == fields["chainId"]
    assert message.nonce == fields["nonce"]
    assert message.issued_at == datetime.fromisoformat(fields["issuedAt"])
    assert list(message.resources or ()) == fields.get("resources", [])
    assert parse_siwe_message(message.text()) == message


@pytest.mark.parametrize(("title", "vector"), vectors("parsing_negative"))
def test_a_message_that_the_public_vectors_refuse_is_refused(title: str, vector: str) -> None:
    with pytest.raises(SiweMalformed):
        parse_siwe_message(vector)


@pytest.mark.parametrize(
    "message", [FULL, LEAST, replace(LEAST, resources=()), replace(LEAST, request_id="")]
)
def test_what_is_written_is_read_back(message: SiweMessage) -> None:
    assert parse_siwe_message(message.text()) == message


def test_the_text_is_that_of_the_standard() -> None:
    assert FULL.text().split("\n") == [
        "https://guild.example:8443 wants you to sign in with your Ethereum account:",
        ADDRESS,
        "",
        "Sign in to Guildhall. No gas, no payment!",
        "",
        "URI: https://guild.example:8443/v1/auth/sessions",
        "Version: 1",
        "Chain ID: 1",
        "Nonce: abcdefgh12345678",
        "Issued At: 2026-03-01T12:00:00Z",
        "Expiration Time: 2026-05-30T12:00:00.250000Z",
        "Not Before: 2026-03-01T11:59:00Z",
        "Request ID: request-7",
        "Resources:",
        "- urn:guildhall:purpose:sign-in",
        "- https://guild.example/charter?v=1#rules",
    ]
    assert LEAST.text().startswith(
        f"localhost wants you to sign in with your Ethereum account:\n{ADDRESS}\n\n\nURI"
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("guild.example:8443 wants", " wants"),
        ("guild.example:8443 wants", "guild.example:port wants"),
        ("guild.example:8443 wants", "guild example wants"),
        ("guild.example:8443 wants", "[::zz] wants"),
        ("https://guild.example:8443 wants", "https://https://guild.example wants"),
        ("account:", "account: "),
        ("Ethereum", "ethereum"),
        (ADDRESS, ADDRESS.lower()),
        (ADDRESS, ADDRESS[:-1]),
        (ADDRESS, ADDRESS.replace("0x", "0X")),
        (ADDRESS, ADDRESS + " "),
        (f"{ADDRESS}\n\n", f"{ADDRESS}\n"),
        ("payment!", "payment%!"),
        ("payment!", "paym\u00ebnt!"),
        ("payment!", "payment!\r"),
        ("payment!", 'pay "now"'),
        ("payment!\n", "payment!\n\n"),
        ("URI: https", "URI:  https"),
        ("URI: https", "uri: https"),
        ("auth/sessions", "auth/%zz"),
        ("auth/sessions", "auth /sessions"),
        ("Version: 1", "Version: 2"),
        ("Version: 1", "Version: 01"),
        ("Chain ID: 1", "Chain ID: 0x1"),
        ("Chain ID: 1", "Chain ID: -1"),
        ("Chain ID: 1", "Chain ID: \u0661"),
        ("Chain ID: 1\n", "Chain ID: \n"),
        ("abcdefgh12345678", "abcdefg"),
        ("abcdefgh12345678", "abcdefgh-1234567"),
        ("2026-03-01T12:00:00Z", "2026-03-01 12:00:00Z"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00"),
        ("2026-03-01T12:00:00Z", "2026-02-30T12:00:00Z"),
        ("2026-03-01T12:00:00Z", "2026-03-01T24:00:00Z"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00Z"),
        ("2026-03-01T12:00:00Z", "0001-01-01T00:00:00+01:00"),
        ("2026-03-01T12:00:00Z", "0000-01-01T00:00:00Z"),
        ("2026-03-01T12:00:00Z", "20260301T120000Z"),
        ("request-7", "request 7"),
        ("Resources:", "Resources: "),
        ("- urn", "-urn"),
        ("- urn", "* urn"),
        ("urn:guildhall:purpose:sign-in", "no-uri"),
        ("#rules", "#rules\n"),
        ("#rules", "#rules\nRequest ID: 8"),
        ("#rules", "#rules#twice"),
    ],
)
def test_a_message_off_the_grammar_is_refused(wrong: str, right: str) -> None:
    text = FULL.text()
    assert wrong in text
    with pytest.raises(SiweMalformed):
        parse_siwe_message(text.replace(wrong, right, 1))


def test_a_refusal_names_the_line_and_what_would_be_right() -> None:
    with pytest.raises(SiweMalformed) as refusal:
        parse_siwe_message(FULL.text().replace("Version: 1", "Version: 2"))
    assert refusal.value.parameters() == {"line": 7, "what": "'Version' is not 1"}


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_message_cut_short_is_refused_or_lacks_only_optional_lines(cut: int) -> None:
    lines = LEAST.text().split("\n")
    if cut < len(lines):
        with pytest.raises(SiweMalformed):
            parse_siwe_message("\n".join(lines[:-cut]))


def test_messages_and_their_resources_have_a_limit() -> None:
    with pytest.raises(SiweMalformed, match="longer"):
        parse_siwe_message("a" * 5_000)
    with pytest.raises(SiweMalformed, match="more than 32"):
        replace(LEAST, resources=("urn:a:b",) * 33).text()


def test_fields_that_no_text_can_hold_are_not_written() -> None:
    for message in (
        replace(LEAST, statement="one\nURI: http://evil.example"),
        replace(LEAST, statement=""),
        replace(LEAST, nonce="short"),
        replace(LEAST, domain="a b"),
        replace(LEAST, resources=("urn:a:b\n- urn:c:d e",)),
    ):
        with pytest.raises(SiweMalformed):
            message.text()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(SiweMalformed):
        parse_siwe_message(text)


@settings(max_examples=500, deadline=None)
@given(place=st.integers(min_value=0), cut=st.integers(0, 3), put=st.text(max_size=3))
def test_any_edit_is_refused_or_is_read_as_it_stands(place: int, cut: int, put: str) -> None:
    whole = FULL.text()
    place %= len(whole)
    edited = whole[:place] + put + whole[place + cut :]
    try:
        message = parse_siwe_message(edited)
    except SiweMalformed:
        return
    assert parse_siwe_message(message.text()) == message


URI_CHARACTERS = "abcXYZ019-._~!$&'()*+,;=:@/"


@settings(max_examples=200, deadline=None)
@given(
    message=st.builds(
        SiweMessage,
        scheme=st.sampled_from([None, "https", "http"]),
        domain=st.text("abc019-._~", min_size=1, max_size=20),
        address=st.just(ADDRESS),
        statement=st.none() | st.text(URI_CHARACTERS + " ?#[]", min_size=1, max_size=60),
        uri=st.text(URI_CHARACTERS, max_size=40).map(lambda path: f"https://guild.example/{path}"),
        chain_id=st.integers(0, 10**18 - 1),
        nonce=st.text("abcXYZ019", min_size=8, max_size=64),
        issued_at=st.datetimes(
            min_value=datetime(1, 1, 2),  # noqa: DTZ001 Hypothesis adds the zone
            max_value=datetime(9999, 12, 30),  # noqa: DTZ001
            timezones=st.just(UTC),
        ),
        request_id=st.none() | st.text(URI_CHARACTERS.replace("/", ""), max_size=20),
        resources=st.none()
        | st.lists(st.text("abc:-", max_size=9).map(lambda name: f"urn:{name}"), max_size=4).map(tuple),
    )
)
def test_every_message_survives_writing_and_reading(message: SiweMessage) -> None:
    assert parse_siwe_message(message.text()) == message
