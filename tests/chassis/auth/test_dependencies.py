"""Routes learn who is asking and what was signed; all else is a problem, and nothing is done twice."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import orjson
import pytest
from fastapi import APIRouter

from chassis.auth.dependencies import Act, AnyCaller, FreshAct, MaybeSignedIn, ServiceCaller, SignedIn
from chassis.auth.issuer import TokenIssuer
from chassis.auth.keys import create_signing_key
from chassis.auth.service_keys import ServiceKeys, provision_service_keys
from chassis.clock import ManualClock
from chassis.consumers import Consumers
from chassis.ids import IdSource
from chassis.migrations import ServiceSchema, migrate_service
from chassis.route import TransactionRoute
from chassis.service import ServiceParts, Surroundings, build_service
from chassis.settings import ServiceSettings
from chassis.signatures import sign_act
from tests.chassis.auth.tokens import DEVICE, DEVICE_PUBLIC, MEMBER, PUBLIC_URL, SESSION, private_key
from tests.support.ended import nothing_ended_after
from tests.support.held_keys import HeldKeys
from tests.support.postgres import Databases, ServiceDatabase

router = APIRouter(route_class=TransactionRoute)


@router.get("/v1/me")
async def read_me(member: SignedIn) -> dict[str, str]:
    return {"member": str(member.member_id), "device": member.device_key_id}


@router.get("/v1/page")
async def read_page(member: MaybeSignedIn) -> dict[str, bool]:
    return {"signed_in": member is not None}


@router.get("/internal/totals")
async def read_totals(caller: ServiceCaller) -> dict[str, str | None]:
    return {"service": caller.service, "member": str(caller.member_id)}


@router.get("/v1/both")
async def read_both(caller: AnyCaller) -> dict[str, str]:
    return {"actor": caller.actor}


@router.post("/v1/acts/{name}", status_code=201)
async def do_act(name: str, act: Act) -> dict[str, str | None]:
    return {"name": name, "nonce": act.nonce, "target": act.target_uri, "key": act.idempotency_key}


@router.delete("/v1/keys/{name}", status_code=204)
async def remove_key(name: str, _: FreshAct) -> None:
    del name


class Identity:
    """What the verifier asks of identity: its key set."""

    def __init__(self, issuer: TokenIssuer) -> None:
        self.issuer = issuer
        self.is_down = False

    def client(self, service: str) -> httpx.AsyncClient:
        def answer(request: httpx.Request) -> httpx.Response:
            if self.is_down:
                return httpx.Response(503)
            if request.url.path == "/internal/revocations":
                return httpx.Response(200, json=nothing_ended_after(request.url.params["after"]))
            return httpx.Response(200, json=self.issuer.jwk_set())

        return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"http://{service}")


@dataclass
class House:
    """A service with these routes, and those who call it."""

    client: httpx.AsyncClient
    database: ServiceDatabase
    clock: ManualClock
    identity: Identity
    ledger: ServiceKeys
    nonces_count: int = 0

    def member_token(
        self,
        device: bytes = DEVICE_PUBLIC,
        audience: str = "market",
        authenticated_at: datetime | None = None,
    ) -> str:
        from chassis.auth.claims import MemberClaims
        from chassis.device_keys import device_key_id

        until = self.clock.now() + timedelta(minutes=10)
        claims = MemberClaims(
            MEMBER, SESSION, device_key_id(device), device, "guildhall", until, authenticated_at
        )
        return self.identity.issuer.internal_token(claims, audience).text

    async def get(self, path: str, token: str | None = None) -> httpx.Response:
        return await self.client.get(path, headers={"authorization": f"Bearer {token}"} if token else {})

    def signed(self, path: str = "/v1/acts/join", body: bytes = b"{}", **changes: Any) -> dict[str, str]:
        from chassis.device_keys import device_key_id

        self.nonces_count += 1
        named: dict[str, Any] = {
            "private_key": DEVICE,
            "key_id": device_key_id(DEVICE_PUBLIC),
            "method": "POST",
            "target_uri": f"{PUBLIC_URL}{path}",
            "body": body,
            "created": self.clock.now(),
            "nonce": f"nonce-{self.nonces_count:016}",
        }
        return sign_act(**{**named, **changes})

    async def act(
        self,
        headers: dict[str, str],
        path: str = "/v1/acts/join",
        body: bytes = b"{}",
        token: str | None = None,
        host: str = "localhost:8080",
    ) -> httpx.Response:
        sent = {"authorization": f"Bearer {token or self.member_token()}", "host": host, **headers}
        return await self.client.post(path, content=body, headers=sent)

    async def stored_acts(self) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.url)
        try:
            return await connection.fetch("SELECT * FROM signed_acts ORDER BY nonce")
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def schema(tmp_path_factory: pytest.TempPathFactory) -> ServiceSchema:
    return ServiceSchema("market", tmp_path_factory.mktemp("versions"))


@pytest.fixture(scope="module")
async def migrated(databases: Databases, schema: ServiceSchema) -> AsyncGenerator[ServiceDatabase]:
    """The chassis' own tables and no others."""
    database = await databases.blank("market")
    await migrate_service(schema, database.owner_url)
    yield database
    await databases.drop(database)


@pytest.fixture
async def database(migrated: ServiceDatabase) -> ServiceDatabase:
    connection = await asyncpg.connect(migrated.superuser_url)
    await connection.execute("TRUNCATE signed_acts, idempotency_keys")
    await connection.close()
    return migrated


@pytest.fixture
async def house(
    database: ServiceDatabase, schema: ServiceSchema, clock: ManualClock, ids: IdSource, tmp_path: Path
) -> AsyncGenerator[House]:
    keys_file = provision_service_keys(tmp_path, ("market", "ledger"))
    settings = ServiceSettings.model_validate(
        {
            "public_url": PUBLIC_URL,
            "database_url": database.url,
            "owner_database_url": database.owner_url,
            "bus_url": "unused",
            "service_key_file": tmp_path / "market.pem",
            "service_keys_file": keys_file,
        }
    )
    identity = Identity(TokenIssuer(HeldKeys(create_signing_key(tmp_path / "tokens.pem")), PUBLIC_URL, clock))
    app = build_service(
        ServiceParts(schema, [router], {}, Consumers("market")),
        settings,
        Surroundings(clock, ids, identity, cast(Any, None)),
    )
    await app.state.chassis.keep_house()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        ledger = ServiceKeys.load("ledger", tmp_path / "ledger.pem", keys_file, clock)
        yield House(client, database, clock, identity, ledger)
    await app.state.chassis.database.close()


def problem_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.json()["status"] == answer.status_code
    return answer.json()["type"].removeprefix("/problems/")


async def test_a_member_is_known_by_the_token(house: House) -> None:
    answer = await house.get("/v1/me", house.member_token())
    assert (answer.status_code, answer.json()["member"]) == (200, str(MEMBER))


async def test_without_a_token_one_is_asked_to_sign_in(house: House) -> None:
    answer = await house.get("/v1/me")
    assert (answer.status_code, problem_of(answer)) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="guildhall"'


@pytest.mark.parametrize("path", ["/v1/me", "/v1/page", "/v1/both", "/internal/totals"])
async def test_a_bad_token_is_refused_everywhere(house: House, path: str) -> None:
    for token in ("x", house.member_token(audience="ledger")):
        answer = await house.get(path, token)
        assert (answer.status_code, problem_of(answer)) == (401, "unauthenticated")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("authorization", ["Basic eDp5", "Bearer", "Bearer ", "Token x", ""])
async def test_another_kind_of_authorization_is_refused(house: House, authorization: str) -> None:
    answer = await house.client.get("/v1/me", headers={"authorization": authorization})
    assert answer.status_code == 401


async def test_two_tokens_are_refused(house: House) -> None:
    sent = [("authorization", f"Bearer {house.member_token()}")] * 2
    assert (await house.client.get("/v1/me", headers=sent)).status_code == 401


async def test_a_public_page_is_for_anybody(house: House) -> None:
    assert (await house.get("/v1/page")).json() == {"signed_in": False}
    assert (await house.get("/v1/page", house.member_token())).json() == {"signed_in": True}


async def test_internal_routes_are_for_services_alone(house: House) -> None:
    assert (await house.get("/internal/totals")).status_code == 401
    answer = await house.get("/internal/totals", house.member_token())
    assert (answer.status_code, problem_of(answer)) == (403, "services-only")
    token = house.ledger.token_for("market", member_id=MEMBER)
    answer = await house.get("/internal/totals", token)
    assert answer.json() == {"service": "ledger", "member": str(MEMBER)}


async def test_a_service_is_no_member(house: House) -> None:
    token = house.ledger.token_for("market", member_id=MEMBER)
    assert (await house.get("/v1/me", token)).status_code == 401
    assert (await house.get("/v1/both", token)).json() == {"actor": "service:ledger"}
    assert (await house.get("/v1/both", house.member_token())).json() == {"actor": f"member:{MEMBER}"}
    assert (await house.get("/v1/both")).status_code == 401


async def test_while_identitys_keys_cannot_be_asked_for_nothing_is_said_of_a_token(house: House) -> None:
    house.identity.is_down = True
    answer = await house.get("/v1/me", house.member_token())
    assert (answer.status_code, problem_of(answer)) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"


async def test_an_act_is_done_and_stored_whole(house: House) -> None:
    path, body = "/v1/acts/join?invitation=a%20b", b'{"charter_version":1}'
    headers = house.signed(path, body, idempotency_key="join-1")
    answer = await house.act(headers, path, body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["target"] == f"{PUBLIC_URL}{path}"
    (row,) = await house.stored_acts()
    assert row["member_id"] == MEMBER
    assert (row["body"], row["method"], row["target_uri"]) == (body, "POST", f"{PUBLIC_URL}{path}")
    assert row["signature_input"] == headers["signature-input"]
    assert row["signature"] == headers["signature"]
    assert (row["created"], row["stored_at"]) == (house.clock.now(), house.clock.now())
    assert row["idempotency_key"] == "join-1"


async def test_a_replayed_act_is_refused(house: House) -> None:
    headers = house.signed()
    assert (await house.act(headers)).status_code == 201
    answer = await house.act(headers)
    assert (answer.status_code, problem_of(answer)) == (409, "act-replayed")
    assert len(await house.stored_acts()) == 1


async def test_a_nonce_is_spent_for_other_acts_too(house: House) -> None:
    assert (await house.act(house.signed(nonce="n" * 16))).status_code == 201
    other = house.signed("/v1/acts/leave", nonce="n" * 16)
    assert problem_of(await house.act(other, "/v1/acts/leave")) == "act-replayed"


async def test_the_same_idempotency_key_gets_its_stored_answer(house: House) -> None:
    headers = house.signed(idempotency_key="once")
    first = await house.act(headers)
    same = await house.act(headers)
    signed_anew = await house.act(house.signed(idempotency_key="once"))
    assert first.status_code == same.status_code == signed_anew.status_code == 201
    assert first.json() == same.json() == signed_anew.json()
    assert len(await house.stored_acts()) == 1


async def test_an_unsigned_act_is_refused(house: House) -> None:
    answer = await house.act({})
    assert (answer.status_code, problem_of(answer)) == (401, "act-unsigned")
    assert not await house.stored_acts()


async def test_an_act_needs_a_token_too(house: House) -> None:
    answer = await house.client.post("/v1/acts/join", content=b"{}", headers=house.signed())
    assert (answer.status_code, problem_of(answer)) == (401, "unauthenticated")


async def test_what_was_signed_for_something_else_is_refused(house: House) -> None:
    refused: dict[str, tuple[int, str]] = {}

    async def send(what: str, headers: dict[str, str], **sent: Any) -> None:
        answer = await house.act(headers, **sent)
        refused[what] = (answer.status_code, problem_of(answer))

    await send("body", house.signed(), body=b'{"more":1}')
    await send("method", house.signed(method="PUT"))
    await send("path", house.signed("/v1/acts/leave"))
    await send("query", house.signed("/v1/acts/join?x=1"))
    await send("another deployment", house.signed(target_uri="http://guild.example/v1/acts/join"))
    seen = house.signed(target_uri="http://127.0.0.1:8080/v1/acts/join")
    await send("seen address", seen, host="127.0.0.1:8080")
    await send("stale", house.signed(created=house.clock.now() - timedelta(seconds=301)))
    await send("future", house.signed(created=house.clock.now() + timedelta(seconds=31)))
    await send("another key", house.signed(key_id="k" * 43))
    await send("forged", house.signed(private_key=private_key(9)))
    await send("form", {**house.signed(), "signature-input": "act"})
    assert refused == {
        "body": (400, "act-digest-wrong"),
        "method": (401, "act-signature-wrong"),
        "path": (401, "act-signature-wrong"),
        "query": (401, "act-signature-wrong"),
        "another deployment": (401, "act-signature-wrong"),
        "seen address": (401, "act-for-another-target"),
        "stale": (401, "act-too-old"),
        "future": (401, "act-from-the-future"),
        "another key": (401, "act-key-unknown"),
        "forged": (401, "act-signature-wrong"),
        "form": (400, "act-malformed"),
    }
    assert not await house.stored_acts()


async def test_another_session_cannot_send_what_this_device_signed(house: House) -> None:
    other = private_key(9).public_key().public_bytes_raw()
    answer = await house.act(house.signed(), token=house.member_token(other))
    assert (answer.status_code, problem_of(answer)) == (401, "act-key-unknown")


@pytest.mark.parametrize(("age_seconds", "status"), [(0, 204), (299, 204), (301, 401), (None, 401)])
async def test_what_is_sensitive_needs_a_fresh_proof_of_a_key(
    house: House, age_seconds: int | None, status: int
) -> None:
    proved_at = None if age_seconds is None else house.clock.now() - timedelta(seconds=age_seconds)
    headers = house.signed("/v1/keys/phone", b"", method="DELETE")
    headers["authorization"] = f"Bearer {house.member_token(authenticated_at=proved_at)}"
    answer = await house.client.delete("/v1/keys/phone", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["type"] == "/problems/insufficient-user-authentication"
        assert answer.json()["max_age_seconds"] == 300
        assert 'error="insufficient_user_authentication", max_age="300"' in answer.headers["www-authenticate"]


async def test_stored_acts_are_only_added_to(house: House) -> None:
    await house.act(house.signed())
    connection = await asyncpg.connect(house.database.url)
    try:
        for statement in (
            "UPDATE signed_acts SET nonce = 'x'",
            "DELETE FROM signed_acts",
            "TRUNCATE signed_acts",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


def test_every_refusal_of_an_act_has_its_problem() -> None:
    from chassis.auth.problems import ACT_PROBLEMS
    from chassis.signatures import ActRefused

    assert set(ACT_PROBLEMS) == set(ActRefused.__subclasses__())
    assert len({kind.slug for kind in ACT_PROBLEMS.values()}) == len(ACT_PROBLEMS)


async def test_the_document_tells_tokens_and_signatures(house: House) -> None:
    transport = cast(httpx.ASGITransport, house.client._transport)  # pyright: ignore[reportPrivateUsage]
    document = cast(Any, transport.app).openapi()
    schemes = {"member", "optional-member", "service", "act"}
    assert set(document["components"]["securitySchemes"]) == schemes
    assert orjson.dumps(document["paths"]["/v1/me"]["get"]["security"]) == b'[{"member":[]}]'
