"""A token is taken by its key, type, issuer, audience and time, and by nothing that it says of itself."""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.auth.claims import MemberClaims, ServiceClaims
from chassis.auth.tokens import MEMBER_TOKEN_TYPE, signed_token
from chassis.auth.verifier import TokenLimits, TokenRefused
from chassis.device_keys import device_key_id, public_jwk
from tests.chassis.auth.tokens import (
    DEVICE_PUBLIC,
    IDENTITY_KEY,
    INTENT,
    LEDGER_KEY,
    MARKET_KEY,
    MEMBER,
    NOW,
    SESSION,
    STRANGER_KEY,
    House,
    claims_of,
    hand_made,
    private_key,
    segment,
)
from tests.support.held_keys import HeldKeys

MEMBER_HEADER = {"alg": "Ed25519", "typ": "at+jwt", "kid": IDENTITY_KEY.key_id}
SERVICE_HEADER = {"alg": "Ed25519", "typ": "guildhall-service+jwt", "kid": MARKET_KEY.key_id}


async def refusal_of(house: House, token: str) -> str:
    with pytest.raises(TokenRefused) as refusal:
        await house.verifier.verify(token)
    return refusal.value.reason


async def test_a_members_internal_token_tells_member_session_and_device() -> None:
    house = House()
    assert await house.verifier.verify(house.internal_token()) == MemberClaims(
        member_id=MEMBER,
        session_id=SESSION,
        device_key_id=device_key_id(DEVICE_PUBLIC),
        device_public_key=DEVICE_PUBLIC,
        audience="ledger",
        expires_at=NOW + timedelta(seconds=60),
    )


async def test_an_access_token_is_for_the_gateway_and_ten_minutes() -> None:
    house = House(audience="guildhall")
    issued = house.issuer.access_token(member_id=MEMBER, session_id=SESSION, device_public_key=DEVICE_PUBLIC)
    assert issued.lifetime_seconds == 600
    claims = await house.verifier.verify(issued.text)
    assert isinstance(claims, MemberClaims)
    assert claims.expires_at == issued.expires_at == NOW + timedelta(minutes=10)


async def test_an_internal_token_never_outlives_the_access_token() -> None:
    house = House(audience="guildhall")
    claims = await house.verifier.verify(house.access_token())
    assert isinstance(claims, MemberClaims)
    house.clock.advance(timedelta(seconds=575))
    issued = house.issuer.internal_token(claims, "market")
    assert issued.expires_at == claims.expires_at
    assert issued.lifetime_seconds == 25


async def test_that_an_account_is_locked_goes_with_the_token_through_the_exchange() -> None:
    gateway, ledger = House(audience="guildhall"), House()
    issued = gateway.issuer.access_token(
        member_id=MEMBER, session_id=SESSION, device_public_key=DEVICE_PUBLIC, exits_only=True
    )
    claims = await gateway.verifier.verify(issued.text)
    assert isinstance(claims, MemberClaims)
    exchanged = await ledger.verifier.verify(gateway.issuer.internal_token(claims, "ledger").text)
    assert isinstance(exchanged, MemberClaims)
    assert claims.exits_only
    assert exchanged.exits_only


@pytest.mark.parametrize("said", [True, "false", 0, None])
async def test_a_restriction_that_cannot_be_read_holds(said: object) -> None:
    house = House()
    token = hand_made({**house.member_claims(), "exits_only": said}, private_key(1), MEMBER_HEADER)
    claims = await house.verifier.verify(token)
    assert isinstance(claims, MemberClaims)
    assert claims.exits_only


async def test_when_a_key_was_proved_goes_with_the_token_through_the_exchange() -> None:
    house = House(audience="guildhall")
    proved_at = NOW - timedelta(minutes=3)
    access = house.issuer.access_token(
        member_id=MEMBER, session_id=SESSION, device_public_key=DEVICE_PUBLIC, authenticated_at=proved_at
    )
    claims = await house.verifier.verify(access.text)
    assert isinstance(claims, MemberClaims)
    exchanged = await House(audience="market").verifier.verify(
        house.issuer.internal_token(claims, "market").text
    )
    assert isinstance(exchanged, MemberClaims)
    assert claims.authenticated_at == exchanged.authenticated_at == proved_at


@pytest.mark.parametrize("auth_time", ["now", -1, 1.5, None, True])
async def test_a_time_of_proof_that_is_none_is_refused(auth_time: object) -> None:
    house = House()
    token = hand_made(house.member_claims() | {"auth_time": auth_time}, private_key(1), MEMBER_HEADER)
    assert await refusal_of(house, token) == "the token has no time auth_time"


async def test_a_services_token_tells_service_member_and_intent() -> None:
    house = House()
    token = house.market.token_for("ledger", member_id=MEMBER, intent_id=INTENT)
    assert await house.verifier.verify(token) == ServiceClaims(
        service="market",
        audience="ledger",
        expires_at=NOW + timedelta(seconds=60),
        member_id=MEMBER,
        intent_id=INTENT,
    )
    alone = await house.verifier.verify(house.market.token_for("ledger"))
    assert isinstance(alone, ServiceClaims)
    assert (alone.member_id, alone.intent_id) == (None, None)


async def test_another_audience_is_refused() -> None:
    for house in (House(audience="market"), House(audience="guildhall")):
        assert "audience" in await refusal_of(house, House().internal_token())
        assert "audience" in await refusal_of(house, House().market.token_for("ledger"))
    assert "audience" in await refusal_of(House(), House().access_token())


async def test_an_expired_token_is_refused_also_when_it_was_remembered() -> None:
    house = House()
    tokens = [house.internal_token(), house.market.token_for("ledger")]
    for token in tokens:
        await house.verifier.verify(token)
    house.clock.advance(timedelta(seconds=59))
    for token in tokens:
        await house.verifier.verify(token)
    house.clock.advance(timedelta(seconds=1))
    for token in tokens:
        assert "expired" in await refusal_of(house, token)


async def test_a_token_that_is_not_valid_yet_is_refused_and_taken_later() -> None:
    house, ahead = House(), House()
    ahead.clock.advance(timedelta(seconds=6))
    token = ahead.internal_token()
    assert "not valid yet" in await refusal_of(house, token)
    house.clock.advance(timedelta(seconds=1))
    assert await house.verifier.verify(token)
    claims = {**house.member_claims(), "nbf": int(NOW.timestamp()) + 30}
    assert "not valid yet" in await refusal_of(house, hand_made(claims, private_key(1), MEMBER_HEADER))


async def test_an_unknown_key_is_refused_and_not_remembered_as_bad() -> None:
    house = House()
    token = hand_made(house.member_claims(), private_key(4), {**MEMBER_HEADER, "kid": STRANGER_KEY.key_id})
    with pytest.raises(TokenRefused) as refusal:
        await house.verifier.verify(token)
    assert "unknown key" in refusal.value.reason
    assert not refusal.value.is_final


async def test_a_strangers_signature_under_a_known_kid_is_refused() -> None:
    house = House()
    token = hand_made(house.member_claims(), private_key(4), MEMBER_HEADER)
    assert "signature" in await refusal_of(house, token)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA", "ES256", "RS256", "Ed448", ""])
async def test_the_algorithm_is_the_keys_and_not_the_tokens(algorithm: str) -> None:
    house = House()
    token = hand_made(house.member_claims(), private_key(1), {**MEMBER_HEADER, "alg": algorithm})
    assert await refusal_of(house, token)
    unsigned = token.rpartition(".")[0] + "."
    assert await refusal_of(house, unsigned)


@pytest.mark.parametrize("form", ["raw", "pem", "x"])
async def test_a_public_key_is_no_shared_secret(form: str) -> None:
    house = House()
    public = private_key(1).public_key()
    secret = {
        "raw": public.public_bytes_raw(),
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "x": public_jwk(public.public_bytes_raw())["x"].encode(),
    }[form]
    signed = (
        f"{segment(orjson.dumps({**MEMBER_HEADER, 'alg': 'HS256'}))}."
        f"{segment(orjson.dumps(house.member_claims()))}"
    )
    forged = f"{signed}.{segment(hmac.digest(secret, signed.encode(), sha256))}"
    assert await refusal_of(house, forged)


async def test_keys_that_a_token_brings_along_are_ignored() -> None:
    house = House()
    brought: list[dict[str, Any]] = [
        {"jwk": STRANGER_KEY.jwk()},
        {"jku": "http://evil.example/jwks.json"},
        {"x5u": "http://evil.example/certificate.pem"},
    ]
    for extra in brought:
        token = hand_made(house.member_claims(), private_key(4), {**MEMBER_HEADER, **extra})
        assert await refusal_of(house, token)
        honest = hand_made(house.member_claims(), private_key(1), {**MEMBER_HEADER, **extra})
        assert isinstance(await house.verifier.verify(honest), MemberClaims)


async def test_a_service_cannot_speak_as_identity_nor_as_another_service() -> None:
    house = House()
    as_member = hand_made(house.member_claims(), private_key(2), {**MEMBER_HEADER, "kid": MARKET_KEY.key_id})
    assert "unknown key" in await refusal_of(house, as_member)
    under_service_type = hand_made(house.member_claims(), private_key(2), SERVICE_HEADER)
    assert "another service" in await refusal_of(house, under_service_type)
    as_ledger = {
        "iss": "service:ledger",
        "sub": "service:ledger",
        "aud": "ledger",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
    }
    assert "another service" in await refusal_of(house, hand_made(as_ledger, private_key(2), SERVICE_HEADER))
    mixed = {**as_ledger, "iss": "service:market"}
    assert "another service" in await refusal_of(house, hand_made(mixed, private_key(2), SERVICE_HEADER))
    assert LEDGER_KEY.key_id != MARKET_KEY.key_id


async def test_identity_cannot_sign_for_a_service() -> None:
    house = House()
    token = hand_made(
        {"iss": "service:market", "sub": "service:market", "aud": "ledger"},
        private_key(1),
        {**SERVICE_HEADER, "kid": IDENTITY_KEY.key_id},
    )
    assert "unknown key" in await refusal_of(house, token)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", "http://elsewhere"),
        ("iss", None),
        ("aud", ["ledger", "market"]),
        ("aud", None),
        ("sub", "7"),
        ("sub", None),
        ("sid", 8),
        ("sid", "not-a-uuid"),
        ("exp", None),
        ("exp", "1900000000"),
        ("exp", 1.9e9),
        ("exp", True),
        ("exp", -1),
        ("exp", 10**18),
        ("iat", None),
        ("cnf", None),
        ("cnf", {"jkt": "x"}),
        ("cnf", {"jkt": device_key_id(DEVICE_PUBLIC), "jwk": {"x": "short"}}),
        ("cnf", {"jkt": "x" * 43, "jwk": public_jwk(DEVICE_PUBLIC)}),
        ("cnf", {"jkt": device_key_id(DEVICE_PUBLIC), "jwk": public_jwk(bytes(32))}),
    ],
)
async def test_wrong_claims_are_refused_though_identity_signed_them(name: str, value: object) -> None:
    house = House()
    claims = house.member_claims()
    if value is None:
        del claims[name]
    else:
        claims[name] = value
    assert await refusal_of(house, hand_made(claims, private_key(1), MEMBER_HEADER))


@pytest.mark.parametrize("act", [7, "x", {"member": "x"}, {"intent": 3}, {"member": None}])
async def test_wrong_claims_of_a_service_are_refused(act: object) -> None:
    house = House()
    now_seconds = int(NOW.timestamp())
    claims = {"iss": "service:market", "sub": "service:market", "aud": "ledger", "act": act}
    claims |= {"iat": now_seconds, "exp": now_seconds + 60}
    assert await refusal_of(house, hand_made(claims, private_key(2), SERVICE_HEADER))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "Ed25519", "typ": "at+jwt"},
        {"alg": "Ed25519", "typ": "at+jwt", "kid": 7},
        {"alg": "Ed25519", "kid": IDENTITY_KEY.key_id},
        {"alg": "Ed25519", "typ": "JWT", "kid": IDENTITY_KEY.key_id},
        {**MEMBER_HEADER, "crit": ["exp"], "exp": 1},
        {**MEMBER_HEADER, "b64": False, "crit": ["b64"]},
    ],
)
async def test_another_header_is_refused(header: dict[str, Any]) -> None:
    house = House()
    assert await refusal_of(house, hand_made(house.member_claims(), private_key(1), header))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "\u00e9.b.c",
        "..",
        "e30.e30.",
        "\udc80",
        "[" * 3000,
        "bnVsbA.e30.e30",
    ],
)
async def test_what_is_no_token_is_refused(text: str) -> None:
    assert await refusal_of(House(), text)


async def test_a_long_token_is_refused_unread() -> None:
    house = House(limits=TokenLimits(token_max_bytes=100))
    assert "too long" in await refusal_of(house, house.internal_token())


async def test_a_tampered_token_is_refused() -> None:
    house = House()
    head, payload, signature = house.internal_token().split(".")
    other = {**house.member_claims(), "sub": str(INTENT)}
    assert await refusal_of(house, f"{head}.{segment(orjson.dumps(other))}.{signature}")
    assert await refusal_of(house, f"{head}.{payload}.{signature[:-2]}AA")


async def test_good_tokens_are_verified_once_and_bad_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from chassis.auth import verifier as module

    decoded: list[str] = []
    decode = module.jwt.decode

    def counted(token: str, *arguments: Any, **named: Any) -> Any:
        decoded.append(token)
        return decode(token, *arguments, **named)

    monkeypatch.setattr(module.jwt, "decode", counted)
    house = House(limits=TokenLimits(good_tokens_max=2, bad_tokens_max=1))
    good, bad = house.internal_token(), hand_made(house.member_claims(), private_key(4), MEMBER_HEADER)
    for _ in range(3):
        await house.verifier.verify(good)
        await refusal_of(house, bad)
    assert decoded == [good, bad]
    others = [house.market.token_for("ledger", intent_id=INTENT), house.market.token_for("ledger")]
    for token in others:
        await house.verifier.verify(token)
    await house.verifier.verify(good)
    assert decoded == [good, bad, *others, good]


async def test_bad_tokens_do_not_push_good_ones_out(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(limits=TokenLimits(good_tokens_max=1, bad_tokens_max=1))
    good = house.internal_token()
    await house.verifier.verify(good)
    for number in range(5):
        await refusal_of(house, f"bad.{number}")
    monkeypatch.setattr("chassis.auth.verifier.jwt.decode", None)
    assert await house.verifier.verify(good)


async def test_a_remembered_token_is_looked_at_again_after_five_minutes_for_its_key_may_have_gone() -> None:
    house = House(audience="guildhall")
    forever = {**claims_of(house.access_token()), "exp": int((NOW + timedelta(days=9)).timestamp())}
    token = signed_token(IDENTITY_KEY, MEMBER_TOKEN_TYPE, forever)
    assert isinstance(await house.verifier.verify(token), MemberClaims)
    house.verifier._member_keys = HeldKeys(STRANGER_KEY)  # pyright: ignore[reportPrivateUsage]
    house.clock.advance(timedelta(seconds=299))
    await house.verifier.verify(token)
    house.clock.advance(timedelta(seconds=1))
    with pytest.raises(TokenRefused, match="unknown key"):
        await house.verifier.verify(token)
