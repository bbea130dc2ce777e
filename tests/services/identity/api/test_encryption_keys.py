"""Encryption keys: set by a signed act, and shown so that anybody can check whose they are."""

import base64
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from guildhall.verify.acts import CheckedAct, check_act
from guildhall.verify.findings import Altered
from tests.services.identity.house import IdentityHouse, Member

PATH = "/v1/me/encryption-key"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_file(shown: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a key, as `guildhall verify` reads an act."""
    return {"kind": "act", "format": 1, "act": shown["act"], "certificate": shown["certificate"]}


async def shown_key(member: Member) -> CheckedAct:
    shown = (await member.ask("GET", f"/v1/members/{member.id}/encryption-key")).json()
    return check_act(as_file(shown))


def new_key() -> str:
    return text(X25519PrivateKey.generate().public_key().public_bytes_raw())


async def test_a_key_is_shown_with_what_proves_whose_it_is(house: IdentityHouse) -> None:
    """A reader checks it by the act, the device's certificate and the wallet, and asks us nothing more."""
    member, reader = await house.member(), await house.member()
    await member.ask("PATCH", "/v1/me", {"privacy": {"encryption_key": "public"}}, **{"if-match": "*"})
    key = new_key()
    assert (await member.act("PUT", PATH, {"public_key": new_key()})).status_code == 200
    assert (await member.act("PUT", PATH, {"public_key": key})).json() == {"public_key": key}
    seen = await reader.ask("GET", f"/v1/members/{member.id}")
    assert seen.json()["encryption_key"] == key, "the newest"
    shown = (await reader.ask("GET", f"/v1/members/{member.id}/encryption-key")).json()
    assert check_act(as_file(shown)).key == member.wallet.address
    assert orjson.loads(base64.b64decode(shown["act"]["body"])) == {"public_key": key}
    assert (shown["public_key"], shown["member_id"]) == (key, str(member.id))
    assert shown["act"]["device_key_id"] == member.device_key_id


async def test_the_certificate_is_of_when_the_key_was_set(house: IdentityHouse) -> None:
    """A later sign-in of the device certifies it anew, for another time."""
    member = await house.member()
    await member.act("PUT", PATH, {"public_key": new_key()})
    before = await shown_key(member)
    house.clock.advance(timedelta(days=40))
    assert (await member.sign_in()).status_code == 201
    after = await shown_key(member)
    assert len(await house.rows("SELECT 1 FROM device_certificates WHERE issuer = $1", before.key)) == 2
    assert after == before


async def test_another_key_under_the_same_act_is_found_out(house: IdentityHouse) -> None:
    member = await house.member()
    await member.act("PUT", PATH, {"public_key": new_key()})
    shown = (await member.ask("GET", f"/v1/members/{member.id}/encryption-key")).json()
    other = base64.b64encode(orjson.dumps({"public_key": new_key()})).decode()
    with pytest.raises(Altered, match="the body is not the one"):
        check_act(as_file(shown | {"act": shown["act"] | {"body": other}}))


async def test_a_key_that_was_taken_away_is_none(house: IdentityHouse) -> None:
    member = await house.member()
    await member.act("PUT", PATH, {"public_key": new_key()})
    for _ in range(2):
        assert (await member.act("DELETE", PATH)).status_code == 204
    assert (await member.ask("GET", "/v1/me")).json()["encryption_key"] is None
    refused = await member.ask("GET", f"/v1/members/{member.id}/encryption-key")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/encryption-key-not-found")
    rows = await house.rows(
        "SELECT public_key FROM encryption_keys WHERE member_id = $1 ORDER BY version", member.id
    )
    assert [row["public_key"] is None for row in rows] == [False, True], "what was is kept"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_token_alone_sets_no_key(house: IdentityHouse, method: str) -> None:
    member = await house.member()
    refused = await member.ask(method, PATH, {"public_key": new_key()} if method == "PUT" else None)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/act-unsigned")
    assert (await member.ask("GET", "/v1/me")).json()["encryption_key"] is None


ORDER_OF_EIGHT = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"


@pytest.mark.parametrize("point", ["00" * 32, "01" + "00" * 31, ORDER_OF_EIGHT])
async def test_a_point_with_which_everybodys_secret_is_the_same_is_refused(
    house: IdentityHouse, point: str
) -> None:
    """RFC 7748, section 6.1; the points of small order are those of Bernstein's list."""
    member = await house.member()
    refused = await member.act("PUT", PATH, {"public_key": text(bytes.fromhex(point))})
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/encryption-key-refused")


@pytest.mark.parametrize("key", ["", "AAAA", "=" * 43, "A" * 44, "é" * 43])
async def test_what_is_no_key_is_refused(house: IdentityHouse, key: str) -> None:
    refused = await (await house.member()).act("PUT", PATH, {"public_key": key})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")
