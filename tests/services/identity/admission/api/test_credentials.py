"""A credential as a way in: presented by whom it is about, and by nobody else; each attack is refused."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from tests.services.identity.admission.api.test_applications import (
    DAY,
    applied,
    founded,
    path_of,
    state_in,
)
from tests.services.identity.admission.issuer import Issuer, base64url, time_text
from tests.services.identity.admission.people import sign_in_again, told
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import passkey_member

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def subject_of(member: Member, chain_id: int = 1) -> str:
    return f"did:pkh:eip155:{chain_id}:{member.wallet.address}"


async def presented(member: Member, union: dict[str, Any], credential: str) -> httpx.Response:
    return await member.act(
        "PUT", path_of(union, "admission-proofs/mine/credential"), {"credential": credential}
    )


async def ground(member: Member, union: dict[str, Any], credential: str) -> str:
    """Why it was refused; that it let nobody in is seen, too."""
    answer = await presented(member, union, credential)
    assert told(answer) == (400, "credential-refused"), answer.text
    assert told(await member.join(union)) == (403, "admission-unmet")
    return answer.json()["ground"]


@pytest.fixture
async def scene(house: IdentityHouse) -> tuple[Issuer, dict[str, Any], Member]:
    """An issuer, a union that asks for their credential, and somebody who wants to come in."""
    issuer = Issuer()
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, f"Bakers {founder.id.hex}", rule=issuer.way())
    return issuer, union, worker


Scene = tuple[Issuer, dict[str, Any], Member]


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES256K"])
async def test_who_presents_a_credential_that_is_asked_for_comes_in(
    house: IdentityHouse, algorithm: str
) -> None:
    issuer = Issuer(algorithm)
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, f"Bakers by {algorithm}", rule=f"invitation or {issuer.way()}")
    refused = await worker.join(union)
    assert (told(refused), refused.json()["unmet"]) == (
        (403, "admission-unmet"),
        f"invitation, {issuer.way()}",
    )
    until = house.clock.now() + DAY
    text = issuer.issued(subject_of(worker), "Baker", "Miller", validUntil=time_text(until))
    answer = await presented(worker, union, text)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "ways": [issuer.way()],
        "valid_until": time_text(until),
        "has_joined": False,
    }
    shown = (await worker.ask("GET", path_of(union, "admission-proofs/mine"))).json()
    assert [(one["name"], one["is_so"]) for one in shown["ways"]] == [
        ("invitation", None),
        ("credential", True),
    ]
    assert shown["admits"] is True
    assert (await worker.join(union)).status_code == 201
    assert told(await presented(worker, union, text)) == (409, "already-member")


async def test_a_credential_of_the_first_data_model_and_the_new_name_of_its_algorithm(scene: Scene) -> None:
    issuer, union, worker = scene
    now = worker.house.clock.now()
    assert (
        await presented(worker, union, issuer.issued_before(subject_of(worker), now=now))
    ).status_code == 200
    renamed = issuer.sign(issuer.header(alg="Ed25519"), issuer.payload(subject_of(worker)))
    assert (await presented(worker, union, renamed)).status_code == 200
    assert (await worker.join(union)).status_code == 201


async def test_a_member_without_a_wallet_is_named_by_their_address_here(
    house: IdentityHouse, scene: Scene
) -> None:
    issuer, union, other = scene
    worker = await passkey_member(house)
    text = issuer.issued(f"https://guild.example/v1/members/{worker.id}")
    assert "not about you" in await ground(other, union, text)
    assert (await presented(worker, union, text)).status_code == 200
    assert (await worker.join(union)).status_code == 201


async def test_an_application_that_waited_for_a_credential_lets_in_by_it(house: IdentityHouse) -> None:
    issuer = Issuer()
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Bakers Who Apply", rule=f"application and {issuer.way()}")
    path = await applied(worker, union)
    admitted = (await founder.act("PUT", f"{path}/admission")).json()
    assert (admitted["state"], admitted["joined_at"]) == ("admitted", None)
    answer = await presented(worker, union, issuer.issued(subject_of(worker)))
    assert answer.json()["has_joined"] is True
    assert await state_in(worker, union) == "active"


async def test_the_text_is_kept_nowhere_and_its_hash_is(house: IdentityHouse, scene: Scene) -> None:
    issuer, union, worker = scene
    text = issuer.issued(subject_of(worker), secret="Her birthday is in May.")
    assert (await presented(worker, union, text)).status_code == 200
    [proof] = await house.rows("SELECT * FROM admission_proofs WHERE member_id = $1", worker.id)
    assert proof["digest"] == hashlib.sha256(text.rpartition(".")[0].encode()).digest()
    assert (proof["way"], proof["valid_until"]) == (issuer.way(), None)
    acts = await house.rows(
        "SELECT FROM signed_acts WHERE device_key_id = $1 AND target_uri LIKE '%admission-proofs%'",
        worker.device_key_id,
    )
    assert acts == []
    [log] = await house.rows(
        "SELECT changed::text FROM act_log WHERE subject LIKE '%/admission-proofs/' || $1", str(worker.id)
    )
    assert "content_digest" in log["changed"]
    assert issuer.did not in log["changed"]


async def test_who_may_present_what(house: IdentityHouse, scene: Scene) -> None:
    issuer, union, worker = scene
    text = issuer.issued(subject_of(worker))
    path = path_of(union, "admission-proofs/mine/credential")
    assert told(await worker.ask("PUT", path, {"credential": text})) == (401, "act-unsigned")
    for way in ("open", f"vouching:1 or {Issuer().way()}"):
        other = await founded(await house.member(), f"No Bakers {len(way)}", rule=way)
        assert told(await presented(worker, other, text)) == (409, "credential-not-asked")
    assert told(await presented(worker, {"id": "nowhere"}, text)) == (404, "union-not-found")
    assert (await worker.ask("GET", path_of({"id": "nowhere"}, "admission-proofs/mine"))).status_code == 404
    another_type = issuer.issued(subject_of(worker), "Miller")
    assert told(await presented(worker, union, another_type)) == (409, "credential-not-asked")
    another_issuer = Issuer().issued(subject_of(worker))
    assert told(await presented(worker, union, another_issuer)) == (409, "credential-not-asked")
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_a_credential_counts_between_its_times(scene: Scene) -> None:
    issuer, union, worker = scene
    now, subject = worker.house.clock.now(), subject_of(worker)
    later, earlier = time_text(now, hours=1), time_text(now, hours=-1)
    assert "not valid before" in await ground(worker, union, issuer.issued(subject, validFrom=later))
    assert "valid until" in await ground(worker, union, issuer.issued(subject, validUntil=earlier))
    assert "valid until" in await ground(worker, union, issuer.issued(subject, validUntil=time_text(now)))
    # The narrowest of what it says.
    seconds = int(now.timestamp())
    for narrower in ({"nbf": seconds + 60}, {"iat": seconds + 60}, {"exp": seconds}, {"exp": seconds - 60}):
        text = issuer.issued(subject, validFrom=earlier, validUntil=later, **narrower)
        assert "valid" in await ground(worker, union, text)
        assert "valid" in await ground(worker, union, issuer.issued_before(subject, now=now, **narrower))
    for wrong in (
        {"validUntil": "tomorrow"},
        {"validUntil": "2027-13-01T00:00:00Z"},
        {"validUntil": "2030-01-01"},
        {"validUntil": seconds + 60},
        {"validFrom": "0001-01-01T00:00:00+23:59"},
        {"exp": str(seconds + 60)},
        {"exp": True},
        {"exp": 1e300},
        {"nbf": -1},
    ):
        assert "not a time" in await ground(worker, union, issuer.issued(subject, **wrong))
    whole = issuer.issued(subject, validFrom=earlier, validUntil=later)
    assert (await presented(worker, union, whole)).status_code == 200
    worker.house.clock.advance(timedelta(hours=1))
    await sign_in_again(worker)
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_it_is_about_its_presenter_alone(house: IdentityHouse, scene: Scene) -> None:
    issuer, union, worker = scene
    other = await house.member()
    text = issuer.issued(subject_of(worker))
    assert "not about you" in await ground(other, union, text)
    for subject in (
        subject_of(other),
        f"did:pkh:eip155:0:{worker.wallet.address}",
        f"did:pkh:solana:1:{worker.wallet.address}",
        f"{subject_of(worker)} ",
        f"did:key:{worker.device_key_id}",
        f"https://guild.example.evil.example/v1/members/{worker.id}",
        f"https://guild.example/v1/members/{other.id}",
        str(worker.id),
    ):
        assert "not about you" in await ground(worker, union, issuer.issued(subject))
    for about in (
        None,
        [],
        subject_of(worker),
        {"name": "Ada"},
        {"id": 7},
        [{"id": subject_of(worker)}, {"id": subject_of(other)}],
    ):
        text = issuer.issued(subject_of(worker), credentialSubject=about)
        assert "subject" in await ground(worker, union, text)
    two = issuer.issued(subject_of(worker), sub=subject_of(other))
    assert "subject" in await ground(worker, union, two)
    # A wallet of a key is the same one on whatever chain.
    assert (await presented(worker, union, issuer.issued(subject_of(worker, chain_id=10)))).status_code == 200


async def test_one_credential_lets_one_member_in(house: IdentityHouse, scene: Scene) -> None:
    issuer, union, worker = scene
    other = await house.member()
    text = issuer.issued(subject_of(worker))
    digest = hashlib.sha256(text.rpartition(".")[0].encode()).digest()
    await house.rows(
        "INSERT INTO admission_proofs (union_id, member_id, way, proven_at, digest) "
        "VALUES ($1::text::uuid, $2, $3, $4, $5)",
        union["id"],
        other.id,
        issuer.way(),
        house.clock.now(),
        digest,
    )
    assert told(await presented(worker, union, text)) == (409, "credential-used")


async def test_a_signature_written_otherwise_is_the_same_credential(house: IdentityHouse) -> None:
    issuer = Issuer("ES256")
    worker = await house.member()
    union = await founded(await house.member(), "Bakers Twice", rule=issuer.way())
    text = issuer.issued(subject_of(worker))
    signed, _, signature = text.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    flipped = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:])).to_bytes(32)
    digests = set[bytes]()
    for spelling in (text, f"{signed}.{base64url(flipped)}"):
        assert (await presented(worker, union, spelling)).status_code == 200
        [row] = await house.rows("SELECT digest FROM admission_proofs WHERE member_id = $1", worker.id)
        digests.add(row["digest"])
    assert len(digests) == 1


async def test_a_signature_that_is_none_of_the_issuers_is_refused(scene: Scene) -> None:
    issuer, union, worker = scene
    payload = issuer.payload(subject_of(worker))
    thief = Issuer()
    # By another key, under the issuer's name.
    assert "did not sign" in await ground(worker, union, thief.sign(issuer.header(), payload))
    # With another payload under a good signature.
    signed = issuer.issued(subject_of(worker), "Miller").split(".")
    swapped = ".".join((signed[0], base64url(orjson.dumps(payload)), signed[2]))
    assert "did not sign" in await ground(worker, union, swapped)
    for signature in ("A", "AAAA", base64url(bytes(64)), base64url(bytes(63)), base64url(bytes(4_000))):
        assert "did not sign" in await ground(worker, union, f"{signed[0]}.{signed[1]}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES256", "RS256", "ES256K", "Ed448", None, 7])
async def test_the_algorithm_is_the_keys(scene: Scene, algorithm: object) -> None:
    issuer, union, worker = scene
    header = issuer.header(alg=algorithm)
    payload = issuer.payload(subject_of(worker))
    honest = issuer.sign(header, payload)
    assert "key signs by" in await ground(worker, union, honest)
    text = honest.rpartition(".")[0]
    for secret in (issuer.public, issuer.did.encode()):
        forged = hmac.digest(secret, text.encode(), "sha256")
        assert "key signs by" in await ground(worker, union, f"{text}.{base64url(forged)}")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {"kid": "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"},
        lambda _: {"kid": "../../../../dev/null"},
        lambda _: {"kid": "' OR 1=1 --"},
        lambda _: {"kid": 7},
        lambda _: {"kid": None},
        lambda thief: {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": base64url(thief.public)}},
        lambda _: {"jku": "https://evil.example/jwks.json"},
        lambda _: {"x5u": "https://evil.example/cert.pem"},
        lambda _: {"x5c": ["MIIB"]},
        lambda _: {"crit": ["b64"], "b64": False},
        lambda _: {"b64": False},
        lambda thief: {"iss": thief.did},
        lambda _: {"cty": "vp"},
        lambda _: {"typ": "vp+jwt"},
        lambda _: {"typ": "at+jwt"},
        lambda _: {"typ": ["vc+jwt"]},
    ],
)
async def test_a_header_brings_no_key_and_no_other_meaning(
    scene: Scene, change: Callable[[Issuer], dict[str, Any]]
) -> None:
    issuer, union, worker = scene
    thief = Issuer()
    header, payload = issuer.header(**change(thief)), issuer.payload(subject_of(worker))
    for signer in (issuer, thief):
        assert await ground(worker, union, signer.sign(header, payload))


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": None},
        {"issuer": ["did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"]},
        {"issuer": "did:web:guild.example"},
        {"issuer": "https://guild.example/issuer"},
        {"iss": "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"},
        {"@context": []},
        {"@context": ["https://www.w3.org/2018/credentials/v1"]},
        {"@context": None},
        {"type": ["Baker"]},
        {"type": "VerifiableCredential"},
        {"type": ["VerifiableCredential", "Baker", 7]},
        {"type": ["VerifiableCredential", "Baker", {}]},
        {"vp": {}},
        {"vc": {}},
        {"vc": None},
        {"credentialStatus": {"type": "BitstringStatusListEntry"}},
    ],
)
async def test_what_is_no_whole_credential_is_refused(scene: Scene, change: dict[str, Any]) -> None:
    issuer, union, worker = scene
    answer = await presented(worker, union, issuer.issued(subject_of(worker), **change))
    assert told(answer) in {(400, "credential-refused"), (409, "credential-not-asked")}, answer.text
    assert told(await worker.join(union)) == (403, "admission-unmet")


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def signed_over(issuer: Issuer, body: bytes) -> str:
    """A compact JWS of the issuer's over whatever this is."""
    text = f"{base64url(orjson.dumps(issuer.header()))}.{base64url(body)}"
    return f"{text}.{base64url(issuer.signature(text.encode()))}"


async def test_huge_and_nested_texts_are_refused(scene: Scene) -> None:
    issuer, union, worker = scene
    subject = subject_of(worker)
    huge = issuer.issued(subject, padding="x" * 20_000)
    assert (await presented(worker, union, huge)).status_code == 422
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    assert "plain JSON" in await ground(worker, union, issuer.issued(subject, evidence=deep))
    assert "in base64url" in await ground(worker, union, signed_over(issuer, nested(5_000)))
    assert "plain JSON" in await ground(worker, union, signed_over(issuer, b'{"a": %b}' % nested(1_000)))
    for body in (b"[]", b"7", b"{", b"\xff", b'{"a": NaN}'):
        assert "JSON" in await ground(worker, union, signed_over(issuer, body))
    for text in ("", "a.b", "a.b.c.d", "a..c", f"{issuer.issued(subject)}\n", "ä.b.c", "a=.b.c"):
        assert (await presented(worker, union, text)).status_code == 422
    whole = {"credential": issuer.issued(subject), "member_id": str(worker.id)}
    path = path_of(union, "admission-proofs/mine/credential")
    assert (await worker.act("PUT", path, whole)).status_code == 422
