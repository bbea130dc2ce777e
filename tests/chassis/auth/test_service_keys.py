"""Key files: made once, readable by their owner alone, and refused by name when they do not fit."""

import stat
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.auth.keys import KeyFileWrong, create_signing_key, load_signing_key
from chassis.auth.service_keys import ServiceKeys, load_service_keys, provision_service_keys
from chassis.clock import ManualClock
from tests.chassis.auth.tokens import NOW, STRANGER_KEY

CLOCK = ManualClock(NOW)


def test_every_service_gets_a_key_once(tmp_path: Path) -> None:
    jwks = provision_service_keys(tmp_path, ("market", "ledger"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(before) == ["ledger.pem", "market.pem", "service-keys.json"]
    assert provision_service_keys(tmp_path, ("market", "ledger")) == jwks
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    keys = ServiceKeys.load("market", tmp_path / "market.pem", jwks, CLOCK)
    assert {key.service for key in keys.verifying.values()} == {"market", "ledger"}
    provision_service_keys(tmp_path, ("market", "ledger", "funding"))
    assert len(load_service_keys(jwks)) == 3


def test_private_keys_are_their_owners_alone(tmp_path: Path) -> None:
    provision_service_keys(tmp_path, ("market",))
    assert stat.S_IMODE((tmp_path / "market.pem").stat().st_mode) == 0o600
    assert b'"d"' not in (tmp_path / "service-keys.json").read_bytes()


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    made = create_signing_key(path)
    with pytest.raises(FileExistsError):
        create_signing_key(path)
    assert load_signing_key(path).key_id == made.key_id


def test_a_service_with_anothers_key_does_not_start(tmp_path: Path) -> None:
    jwks = provision_service_keys(tmp_path, ("market", "ledger"))
    with pytest.raises(KeyFileWrong, match="gives to ledger"):
        ServiceKeys.load("ledger", tmp_path / "market.pem", jwks, CLOCK)
    create_signing_key(tmp_path / "new.pem")
    with pytest.raises(KeyFileWrong, match="gives to market"):
        ServiceKeys.load("market", tmp_path / "new.pem", jwks, CLOCK)


def test_an_unusable_private_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(KeyFileWrong, match=r"key\.pem"):
        load_signing_key(path)
    path.write_text("no key")
    with pytest.raises(KeyFileWrong, match=r"key\.pem"):
        load_signing_key(path)
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFileWrong, match="another kind"):
        load_signing_key(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": 7}', '{"keys": []}'])
def test_an_unusable_key_set_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(KeyFileWrong, match=r"keys\.json"):
        load_service_keys(path)


def test_a_key_that_names_no_service_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(orjson.dumps({"keys": [STRANGER_KEY.jwk()]}))
    with pytest.raises(KeyFileWrong, match="gives no service"):
        load_service_keys(path)
