"""Where one is told beyond the page: an e-mail address, the browsers of one's devices."""

from datetime import datetime
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator

from chassis.auth.dependencies import Act, SignedIn
from chassis.passkeys.base64url import read_base64url
from chassis.passkeys.errors import PasskeyMalformed
from chassis.problems import problem_of, problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.admission.use_cases.stop_invitations import stop_invitations
from services.identity.api.joined import Joined
from services.identity.api.problems import PROBLEMS
from services.identity.notices.domain.address import Address, ChannelKind, PushKeys
from services.identity.notices.store.addresses import addresses_of
from services.identity.notices.use_cases.keep_browser import end_browser, name_browser
from services.identity.notices.use_cases.keep_email import (
    confirm_email,
    end_email,
    end_email_by_token,
    name_email,
)

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["notices"])

POINT_BYTES, AUTH_BYTES = 65, 16


class EmailAddressView(BaseModel):
    """`fault`: why the last message was not taken; null where it was, or none was sent."""

    address: str = Field(examples=["ada@guild.example"])
    is_confirmed: bool
    named_at: datetime
    told_at: datetime | None
    fault: str | None

    @classmethod
    def of(cls, address: Address) -> "EmailAddressView":
        return cls(
            address=address.target,
            is_confirmed=address.is_confirmed,
            named_at=address.named_at,
            told_at=address.told_at,
            fault=address.fault,
        )


class PushSubscriptionView(BaseModel):
    """A browser in which one is told, by its device."""

    device_key_id: str
    is_this: bool
    named_at: datetime
    told_at: datetime | None
    fault: str | None


class NoticeChannelsView(BaseModel):
    """What this deployment can do, and what one has made of it."""

    has_email: bool = Field(description="Whether notices are sent by e-mail here.")
    email: EmailAddressView | None
    has_push: bool = Field(description="Whether notices are sent to browsers here.")
    push_key: str | None = Field(description="What a browser subscribes with: `applicationServerKey`.")
    push: list[PushSubscriptionView]


class EmailAddressBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: Annotated[EmailStr, StringConstraints(max_length=254)] = Field(examples=["ada@guild.example"])


class EmailCodeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] = Field(examples=["042917"])


class PushKeysBody(BaseModel):
    """As `PushSubscription.toJSON()` says them."""

    model_config = ConfigDict(extra="forbid")

    p256dh: Annotated[str, StringConstraints(max_length=100)] = Field(description="A point of P-256.")
    auth: Annotated[str, StringConstraints(max_length=40)] = Field(description="16 bytes.")

    @field_validator("p256dh")
    @classmethod
    def is_a_point(cls, value: str) -> str:
        point = _bytes("p256dh", value, POINT_BYTES)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return value

    @field_validator("auth")
    @classmethod
    def is_a_secret(cls, value: str) -> str:
        _bytes("auth", value, AUTH_BYTES)
        return value


class PushSubscriptionBody(BaseModel):
    """As `PushSubscription.toJSON()` says it, but for `expirationTime`."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=8_192)] = Field(
        examples=["https://push.example/send/abc"]
    )
    keys: PushKeysBody


def _bytes(what: str, written: str, count: int) -> bytes:
    try:
        content = read_base64url(what, written)
    except PasskeyMalformed as malformed:
        raise ValueError(str(malformed)) from malformed
    if len(content) != count:
        raise ValueError(f"{what} has {len(content)} bytes instead of {count}")
    return content


@router.get("/me/notice-channels", responses=problem_responses(401, 503))
async def get_my_notice_channels(unit: Unit, identity: Joined, claims: SignedIn) -> NoticeChannelsView:
    """Where one is told, and where one could be."""
    found = await addresses_of(unit, claims.member_id)
    settings = identity.settings
    email = [EmailAddressView.of(one) for one in found if one.kind is ChannelKind.EMAIL]
    return NoticeChannelsView(
        has_email=settings.has_email,
        email=email[0] if email else None,
        has_push=settings.has_push,
        push_key=identity.push_key if settings.has_push else None,
        push=[
            PushSubscriptionView(
                device_key_id=one.device_key_id or "",
                is_this=one.device_key_id == claims.device_key_id,
                named_at=one.named_at,
                told_at=one.told_at,
                fault=one.fault,
            )
            for one in found
            if one.kind is ChannelKind.PUSH
        ],
    )


@router.put("/me/email-address", responses=problem_responses(400, 401, 403, 409, 413, 422, 429, 503))
async def put_my_email_address(
    body: EmailAddressBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> EmailAddressView:
    """Name one's e-mail address, in place of the one before: a code is sent there. A signed act."""
    named = await name_email(unit, identity.settings, identity.random_bytes, claims.member_id, body.address)
    return EmailAddressView.of(named)


@router.post(
    "/me/email-address/confirmations",
    response_model=EmailAddressView,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def post_my_email_confirmation(
    body: EmailCodeBody, unit: Unit, claims: SignedIn, _: Act
) -> EmailAddressView | Response:
    """Tell the code that was sent: from then on one is told there. A signed act."""
    answer = await confirm_email(unit, claims.member_id, body.code)
    if isinstance(answer, Address):
        return EmailAddressView.of(answer)
    return problem_of(answer, PROBLEMS).response()


@router.delete("/me/email-address", status_code=204, responses=problem_responses(400, 401, 403, 503))
async def delete_my_email_address(unit: Unit, claims: SignedIn, _: Act) -> None:
    """Be told by e-mail no more; the address is forgotten. A signed act."""
    await end_email(unit, claims.member_id)


@router.put(
    "/me/push-subscription", status_code=204, responses=problem_responses(400, 401, 403, 409, 413, 422, 503)
)
async def put_my_push_subscription(
    body: PushSubscriptionBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> None:
    """Be told in the browser of the device that signs this, for as long as one is signed in there."""
    keys = PushKeys(body.keys.p256dh, body.keys.auth)
    await name_browser(unit, identity.settings, claims, body.endpoint, keys)


@router.delete("/me/push-subscription", status_code=204, responses=problem_responses(400, 401, 403, 503))
async def delete_my_push_subscription(unit: Unit, claims: SignedIn, _: Act) -> None:
    """Be told in the browser of this device no more. A signed act."""
    await end_browser(unit, claims)


@router.post("/email-unsubscriptions/{token}", status_code=204, responses=problem_responses(422, 503))
async def post_email_unsubscription(
    token: Annotated[
        str,
        Path(
            pattern=r"^[A-Za-z0-9_-]{16,64}$",
            description="From the message.",
            examples=["Zm9yIHRlc3RzIG9ubHk"],
        ),
    ],
    unit: Unit,
    identity: Joined,
) -> None:
    """End e-mail to an address: the one click of RFC 8058. An unknown token is answered alike."""
    if not await stop_invitations(unit, identity.links_key, token):
        await end_email_by_token(unit, token)
