"""Encryption keys: set by a signed act, and shown so that anybody can check whose they are."""

import base64

import orjson
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from chassis.signatures import ActLimits, ActRefused, verify_act
from chassis.siwe import recover_wallet
from tests.services.identity.house import IdentityHouse

PATH = "/v1/me/encryption-key"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(given: str) -> bytes:
    return base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))


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
    act, device = shown["act"], shown["device"]
    signed = verify_act(
        method=act["method"],
        target_uri=act["target_uri"],
        headers={
            name: act[name.replace("-", "_")] for name in ("content-digest", "signature-input", "signature")
        },
        body=data(act["body"]),
        public_key=lambda key_id: (
            Ed25519PublicKey.from_public_bytes(data(device["public_key"])) if key_id == device["id"] else None
        ),
        now=house.clock.now(),
        limits=ActLimits(),
        seen_target_uri=act["target_uri"],
    )
    assert orjson.loads(signed.body) == {"public_key": shown["public_key"]} == {"public_key": key}
    assert recover_wallet(device["message"], device["signature"]) == device["issuer"] == member.wallet.address
    assert device["id"] == member.device_key_id and device["issuer_kind"] == "wallet"


async def test_another_key_under_the_same_act_does_not_verify(house: IdentityHouse) -> None:
    member = await house.member()
    await member.act("PUT", PATH, {"public_key": new_key()})
    shown = (await member.ask("GET", f"/v1/members/{member.id}/encryption-key")).json()
    act, device = shown["act"], shown["device"]
    with pytest.raises((ActRefused, InvalidSignature)):
        verify_act(
            method=act["method"],
            target_uri=act["target_uri"],
            headers={
                name: act[name.replace("-", "_")]
                for name in ("content-digest", "signature-input", "signature")
            },
            body=orjson.dumps({"public_key": new_key()}),
            public_key=lambda _: Ed25519PublicKey.from_public_bytes(data(device["public_key"])),
            now=house.clock.now(),
            limits=ActLimits(),
            seen_target_uri=act["target_uri"],
        )


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
