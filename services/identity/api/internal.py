"""What only services may ask: the token exchange, and unions, memberships and device keys as they stand."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from chassis.auth.claims import ServiceClaims
from chassis.auth.dependencies import ServiceCaller
from chassis.device_keys import write_public_key
from chassis.revocations.log import RevocationKind
from chassis.route import TransactionRoute, Unit
from events.identity import MembershipState, OfficeGrantState, UnionState
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.domain.errors import ServiceOnly
from services.identity.offices.use_cases.read_offices import read_grants
from services.identity.use_cases.exchange_token import exchange_token
from services.identity.use_cases.publish_state import membership_event, union_event
from services.identity.use_cases.read_device_key import read_device_key
from services.identity.use_cases.read_memberships import read_membership
from services.identity.use_cases.read_union import read_charter

router = APIRouter(prefix="/internal", route_class=TransactionRoute, tags=["internal"])

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
EXCHANGERS = ("gateway",)
WAIT_MAX_SECONDS = 30
FORM = "application/x-www-form-urlencoded"


class ExchangeBody(BaseModel):
    """RFC 8693, as JSON or as a form."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:token-exchange"]
    subject_token: Annotated[str, Field(min_length=1, max_length=4_096)]
    subject_token_type: Literal["urn:ietf:params:oauth:token-type:access_token"] = ACCESS_TOKEN
    audience: Annotated[str, Field(min_length=1, max_length=64)]


class ExchangeView(BaseModel):
    """RFC 8693, section 2.2.1."""

    access_token: str
    issued_token_type: str = ACCESS_TOKEN
    token_type: str = "Bearer"
    expires_in: int


class CertificateView(BaseModel):
    """What certified a device key, as it was signed."""

    issuer_kind: str
    issuer: str
    message: str
    signature: str
    certified_at: datetime


class DeviceKeyView(BaseModel):
    """A device key; `certificates` are its newest, newest first."""

    id: str
    member_id: UUID
    kind: str
    public_key: str = Field(description="The 32 bytes in base64url, unpadded.")
    revoked_at: datetime | None
    certificates: list[CertificateView]


class RevocationView(BaseModel):
    """Something that ended. Kinds: session, device_key, membership, and rights where they are asked for."""

    number: int
    kind: str
    subject: str = Field(description="The id of the session, the device key or the union.")
    member_id: UUID
    version: int = Field(
        description="Of a membership or rights, the version that ended what was before; else 0."
    )
    state: str = Field(description="Of a membership: left, suspended, expelled; else empty.")
    until: datetime = Field(description="Nothing given out before is good any longer.")


class RevocationsView(BaseModel):
    """Entries after a number, in order; `head` is the newest number, `next_after` where to read on."""

    items: list[RevocationView]
    head: int
    next_after: int
    waited_ms: int = Field(description="So long after the question the log was looked at last.")


@router.get("/revocations")
async def get_revocations(
    _: ServiceCaller,
    identity: Joined,
    after: Annotated[int, Query(ge=0)] = 0,
    wait_seconds: Annotated[float, Query(ge=0, le=WAIT_MAX_SECONDS)] = 0,
    with_rights: Annotated[
        bool, Query(description="Rights too: a reader of the release before knows none.")
    ] = False,
) -> RevocationsView:
    """What has ended after an entry; where nothing has, the answer waits for it, at most so long."""
    page = await identity.revocations.read(after, wait_seconds)
    return RevocationsView(
        items=[
            RevocationView(
                number=entry.number,
                kind=entry.kind.value,
                subject=entry.subject,
                member_id=entry.member_id,
                version=entry.version,
                state=entry.state,
                until=entry.until,
            )
            for entry in page.items
            if with_rights or entry.kind is not RevocationKind.RIGHTS
        ],
        head=page.head,
        next_after=page.next_after,
        waited_ms=int(page.waited_seconds * 1_000),
    )


@router.post("/token-exchange")
async def post_token_exchange(
    request: Request, response: Response, unit: Unit, identity: Joined, caller: ServiceCaller
) -> ExchangeView:
    """A member's access token for one that a single service takes; for the gateway."""
    require_service(caller, EXCHANGERS)
    body = await _exchange_body(request)
    token = await exchange_token(
        unit,
        identity.issuer,
        identity.access_tokens,
        subject_token=body.subject_token,
        audience=body.audience,
    )
    response.headers["Cache-Control"] = "no-store"
    return ExchangeView(access_token=token.text, expires_in=token.lifetime_seconds)


@router.get("/unions/{union}")
async def get_union_state(union: UnionOfPath, unit: Unit, _: ServiceCaller) -> UnionState:
    """The union's present state, as its event says it."""
    found, adopted = await read_charter(unit, union, None)
    return union_event(found, adopted.charter)


@router.get("/unions/{union}/memberships/{member_id}")
async def get_membership_state(
    union: UnionOfPath, member_id: UUID, unit: Unit, _: ServiceCaller
) -> MembershipState:
    """The membership's present state, as its event says it."""
    __, membership = await read_membership(unit, union, member_id)
    return membership_event(membership)


@router.get("/unions/{union}/office-grants/{member_id}")
async def get_office_grants(
    union: UnionOfPath, member_id: UUID, unit: Unit, _: ServiceCaller
) -> OfficeGrantState:
    """What a member holds by offices now, as its event says it."""
    return await read_grants(unit, union, member_id)


@router.get("/device-keys/{device_key_id}")
async def get_device_key(
    device_key_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")], unit: Unit, _: ServiceCaller
) -> DeviceKeyView:
    """A device key with what certified it, for whoever checks a signed act."""
    record = await read_device_key(unit, device_key_id)
    return DeviceKeyView(
        id=record.id,
        member_id=record.member_id,
        kind=record.kind,
        public_key=write_public_key(record.public_key),
        revoked_at=record.revoked_at,
        certificates=[
            CertificateView(
                issuer_kind=certificate.issuer_kind,
                issuer=certificate.issuer,
                message=certificate.message,
                signature=certificate.signature,
                certified_at=certificate.certified_at,
            )
            for certificate in record.certificates
        ],
    )


def require_service(caller: ServiceClaims, allowed: tuple[str, ...]) -> None:
    if caller.service not in allowed:
        raise ServiceOnly(allowed)


async def _exchange_body(request: Request) -> ExchangeBody:
    content = await request.body()
    try:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() == FORM:
            return ExchangeBody.model_validate(dict(parse_qsl(content.decode("utf-8"), max_num_fields=20)))
        return ExchangeBody.model_validate_json(content)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    except ValueError as error:
        fault = {"loc": ("body",), "msg": "the form cannot be read", "type": "value_error"}
        raise RequestValidationError([fault]) from error
