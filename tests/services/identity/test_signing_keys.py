"""Identity goes over to the next signing key while it runs, and what is derived from the first one stays."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from joserfc import jws

from chassis.auth.key_ring import ring_file
from chassis.auth.keys import load_signing_key
from guildhall.keys import MEMBER_TOKENS_KEY
from guildhall.signing_keys.rotation import rotate
from guildhall.verify.command import SOUND, verify
from services.identity.signing_keys import SigningKeys
from tests.services.identity.conftest import identity_house
from tests.services.identity.house import IdentityHouse
from tests.support.postgres import Databases

AHEAD = timedelta(minutes=15)
OVERLAP = timedelta(minutes=11)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "secrets"


@pytest.fixture
async def rotating(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> AsyncGenerator[IdentityHouse]:
    changed: dict[str, Any] = {"signing_key_file": folder / MEMBER_TOKENS_KEY, "address_requests_max": 100}
    async with identity_house(databases, tmp_path_factory, **changed) as made:
        yield made


def keys_of(house: IdentityHouse) -> SigningKeys:
    return house.app.state.identity.issuer._keys


async def published(house: IdentityHouse) -> list[str]:
    return [key["kid"] for key in (await house.get("/.well-known/jwks.json")).json()["keys"]]


def key_id_of(token: str) -> str:
    return str(jws.extract_compact(token.encode()).headers()["kid"])


def claims_of(token: str) -> dict[str, Any]:
    return orjson.loads(jws.extract_compact(token.encode()).payload)


async def test_new_tokens_are_under_the_new_key_and_old_ones_live_their_life(
    rotating: IdentityHouse, folder: Path
) -> None:
    house = rotating
    [first] = await published(house)
    member = await house.member()
    made = rotate(folder, house.clock.now(), AHEAD, at_once=False)
    new = made.later[-1].key.key_id
    assert await published(house) == [first], "nothing is known before the file is read anew"
    await keys_of(house).look()
    assert await published(house) == [first, new], "published before it signs"
    house.clock.advance(AHEAD - timedelta(seconds=1))
    assert (await member.sign_in()).status_code == 201
    old_token = member.session["access_token"]
    assert key_id_of(old_token) == key_id_of(member.token) == first

    house.clock.advance(timedelta(seconds=1))
    assert (await member.sign_in()).status_code == 201
    new_token = member.session["access_token"]
    assert key_id_of(new_token) == key_id_of(member.token) == new
    house.clock.advance(timedelta(seconds=590))
    exchanged = await house.exchange(old_token)
    assert exchanged.status_code == 200
    assert key_id_of(exchanged.json()["access_token"]) == new, "also of an old token"

    house.clock.advance(OVERLAP - timedelta(seconds=591))
    assert await published(house) == [first, new]
    house.clock.advance(timedelta(seconds=1))
    assert await published(house) == [new], "withdrawn"
    assert (await house.exchange(old_token)).status_code != 200


async def test_a_key_in_wrong_hands_signs_nothing_any_more(rotating: IdentityHouse, folder: Path) -> None:
    house = rotating
    member = await house.member()
    remembered = member.session["access_token"]
    nonce = await member.nonce()
    never_shown = (await member.present(member.message(nonce.nonce), nonce.cookie)).json()["access_token"]
    made = rotate(folder, house.clock.now(), AHEAD, at_once=True)
    await keys_of(house).look()
    assert await published(house) == [made.later[-1].key.key_id]
    refused = await house.exchange(never_shown)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/exchange-refused")
    assert "unknown key" in refused.json()["detail"]
    house.clock.advance(timedelta(seconds=house.settings.good_token_seconds))
    assert house.clock.now() < datetime.fromtimestamp(claims_of(remembered)["exp"], UTC), "it has not run out"
    refused = await house.exchange(remembered)
    assert refused.status_code == 400 and "unknown key" in refused.json()["detail"]
    unseen = (await member.sign_in()).json()["access_token"]
    assert key_id_of(unseen) == made.later[-1].key.key_id


async def test_codes_and_push_subscriptions_do_not_depend_on_which_key_signs(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> None:
    told: list[tuple[bytes, str]] = []
    changed: dict[str, Any] = {
        "signing_key_file": folder / MEMBER_TOKENS_KEY,
        "push_contact": "keys@guild.example",
    }
    for _ in range(2):
        async with identity_house(databases, tmp_path_factory, **changed) as house:
            identity = house.app.state.identity
            told.append((identity.codes_key, identity.push_key))
            rotate(folder, house.clock.now(), timedelta(0), at_once=True)
    assert told[0] == told[1]


async def test_the_seal_of_an_export_outlives_the_key_of_tokens(
    rotating: IdentityHouse, folder: Path, tmp_path: Path
) -> None:
    house = rotating
    made = await (await house.member()).act("POST", "/v1/me/exports")
    rotate(folder, house.clock.now(), AHEAD, at_once=True)
    await keys_of(house).look()
    export, keys = tmp_path / "export.jsonl", tmp_path / "keys.json"
    export.write_bytes(made.content)
    keys.write_bytes((await house.get("/v1/export-keys")).content)
    assert verify([export, keys], as_json=False) == SOUND


async def test_replicas_agree_by_the_file_and_the_clock(rotating: IdentityHouse, folder: Path) -> None:
    house = rotating
    other = SigningKeys.load(house.settings, house.clock)
    rotate(folder, house.clock.now(), AHEAD, at_once=False)
    for replica in (keys_of(house), other):
        await replica.look()
    third = SigningKeys.load(house.settings, house.clock)  # one that starts now
    for seconds in (0, 899, 1, 659, 1):
        house.clock.advance(timedelta(seconds=seconds))
        for replica in (other, third):
            assert replica.signing().key_id == keys_of(house).signing().key_id
            assert [key.key_id for key in replica.published()] == await published(house)


async def test_a_file_that_cannot_be_read_changes_nothing_and_is_told(
    rotating: IdentityHouse, folder: Path
) -> None:
    house = rotating
    made = rotate(folder, house.clock.now(), timedelta(0), at_once=False)
    keys = keys_of(house)
    await keys.look()
    file = ring_file(folder / MEMBER_TOKENS_KEY)
    good = file.read_bytes()
    for spoilt in (b"{", b"", None):
        file.unlink()
        if spoilt is not None:
            file.write_bytes(spoilt)
        await keys.look()
        [warning] = house.app.state.chassis.parts.warnings()
        assert warning.startswith("the signing keys cannot be read")
        assert keys.signing().key_id == made.later[-1].key.key_id
        file.write_bytes(good)
        await keys.look()
        assert house.app.state.chassis.parts.warnings() == []


async def test_without_another_key_the_first_signs_as_before(rotating: IdentityHouse, folder: Path) -> None:
    first = load_signing_key(folder / MEMBER_TOKENS_KEY)
    assert await published(rotating) == [first.key_id]
    rotating.clock.advance(timedelta(days=400))
    assert keys_of(rotating).signing().key_id == first.key_id
