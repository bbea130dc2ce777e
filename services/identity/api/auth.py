"""Nonces, sessions and refreshes: how a wallet becomes a session on a device."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import SignedIn
from chassis.contract_wallets import SIGNATURE_CHARACTERS_MAX, is_for_contract
from chassis.device_certificates import DeviceCertificate
from chassis.passkeys import passkey_user_handle, relying_party, write_base64url
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.siwe import SIGN_IN_PURPOSE
from services.identity.api.contract_sessions import ContractSignIn, open_by_contract
from services.identity.api.joined import ClientAddress, Joined, answer_or_refusal
from services.identity.api.session_view import (
    COOKIE_PATH,
    NONCE_COOKIE,
    REFRESH_COOKIE,
    NonceCookie,
    OriginHeader,
    RefreshCookie,
    SessionView,
    answer_opened,
    answer_sign_in,
    require_own_origin,
    session_view,
    set_cookie,
)
from services.identity.domain.errors import RefreshTokenMissing
from services.identity.use_cases.issue_nonce import IssuedNonce, issue_nonce
from services.identity.use_cases.limit_address import limit_address
from services.identity.use_cases.open_session import OpenSession
from services.identity.use_cases.refresh_session import refresh_session
from services.identity.use_cases.sign_in import sign_in
from services.identity.use_cases.sign_out import sign_out

router = APIRouter(prefix="/v1/auth", route_class=TransactionRoute, tags=["auth"])


class PasskeyOffer(BaseModel):
    """What a browser makes or asks a passkey with; the challenge is computed, not sent."""

    rp_id: str = Field(examples=["localhost"])
    rp_name: str = Field(examples=["Guildhall"])
    user_id: str = Field(
        description="The user handle of a passkey that is made with this nonce: base64url.",
        examples=["eM0Yc1hbmSNDCx5zV2DqYw"],
    )


class NonceView(BaseModel):
    """What the sign-in message has to say; the cookie that came along is sent back with it."""

    nonce: str = Field(examples=["5f2d3b1a4e6f7c1f9a8c0193e0c2d6b1"])
    domain: str = Field(examples=["localhost:8080"])
    uri: str = Field(examples=["http://localhost:8080"])
    chain_id: int = Field(examples=[1])
    purpose: str = Field(description="A resource that the message names.", examples=[SIGN_IN_PURPOSE])
    expires_at: datetime
    passkey: PasskeyOffer | None = Field(
        description="Null where passkeys cannot be used: at an address without a name, or over plain http. "
        "The challenge is SHA-256 of `guildhall passkey v1`, the nonce and the device key in base64url, "
        "joined by line feeds."
    )


class SessionBody(BaseModel):
    """An EIP-4361 message whose resources certify a device key, and the wallet's signature."""

    model_config = ConfigDict(extra="forbid")

    message: Annotated[str, Field(min_length=1, max_length=4_096)]
    signature: Annotated[
        str,
        Field(
            min_length=1,
            max_length=SIGNATURE_CHARACTERS_MAX,
            description="0x and hex: 65 bytes (r, s, v) of a key, or what a contract wallet gives (EIP-1271, "
            "EIP-6492).",
        ),
    ]


class RefreshBody(BaseModel):
    """The refresh token of a client that is no browser."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[str | None, Field(max_length=64)] = None


@router.post(
    "/nonces", status_code=201, response_model=NonceView, responses=problem_responses(401, 403, 422, 429, 503)
)
async def post_nonce(
    response: Response, unit: Unit, identity: Joined, address: ClientAddress, origin: OriginHeader = None
) -> NonceView | Response:
    """A nonce for one sign-in in this browser."""
    require_own_origin(identity, origin)

    async def work() -> IssuedNonce:
        await limit_address(unit, identity.settings, address)
        return await issue_nonce(unit, identity.settings, identity.random_bytes)

    issued = await answer_or_refusal(work())
    if isinstance(issued, Response):
        return issued
    set_cookie(identity, response, NONCE_COOKIE, issued.browser, identity.settings.nonce_seconds)
    return NonceView(
        nonce=issued.nonce,
        domain=urlsplit(identity.settings.public_url).netloc,
        uri=identity.settings.public_url,
        chain_id=identity.settings.chain_id,
        purpose=SIGN_IN_PURPOSE,
        expires_at=issued.expires_at,
        passkey=_passkey_offer(identity.settings.public_url, issued.nonce),
    )


@router.post(
    "/sessions",
    status_code=201,
    response_model=SessionView,
    responses=problem_responses(400, 401, 403, 409, 422, 429, 503),
)
async def post_session(
    request: Request,
    body: SessionBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> SessionView | Response:
    """Sign in with a wallet, a key's or a contract's; one seen for the first time is a new member."""
    certificate = DeviceCertificate(body.message, body.signature)
    if is_for_contract(certificate, identity.contract_wallets):
        require_own_origin(identity, origin)
        sent = ContractSignIn(certificate, browser, address)
        opened = await open_by_contract(request, unit, identity, sent)
        return answer_opened(identity, response, origin, opened)

    async def opening() -> OpenSession:
        return await sign_in(
            unit,
            identity.settings,
            identity.random_bytes,
            message=body.message,
            signature=body.signature,
            browser=browser,
            address=address,
        )

    return await answer_sign_in(unit, identity, response, origin, address, opening)


@router.post("/refreshes", response_model=SessionView, responses=problem_responses(401, 403, 422, 429, 503))
async def post_refresh(
    response: Response,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    body: RefreshBody | None = None,
    origin: OriginHeader = None,
    cookie: RefreshCookie = None,
) -> SessionView | Response:
    """A new access token and a new refresh token; the one that is sent is used up."""
    require_own_origin(identity, origin)
    token = cookie if origin is not None else (body.refresh_token if body else None)

    async def work() -> OpenSession:
        await limit_address(unit, identity.settings, address)
        if not token:
            raise RefreshTokenMissing
        identity.wake_revocations_after(unit)
        return await refresh_session(unit, identity.settings, token)

    opened = await answer_or_refusal(work())
    if isinstance(opened, Response):
        if origin is not None:
            opened.delete_cookie(REFRESH_COOKIE, path=COOKIE_PATH)
        return opened
    return session_view(identity, response, opened, origin)


@router.delete("/sessions/current", status_code=204, responses=problem_responses(401, 403, 503))
async def delete_session(
    response: Response, unit: Unit, identity: Joined, claims: SignedIn, origin: OriginHeader = None
) -> None:
    """Sign out: the session of this token is over."""
    require_own_origin(identity, origin)
    identity.wake_revocations_after(unit)
    await sign_out(unit, claims.session_id, claims.member_id)
    response.delete_cookie(REFRESH_COOKIE, path=COOKIE_PATH)


def _passkey_offer(public_url: str, nonce: str) -> PasskeyOffer | None:
    party = relying_party(public_url)
    if party is None:
        return None
    user_id = write_base64url(passkey_user_handle(nonce))
    return PasskeyOffer(rp_id=party.id, rp_name=party.name, user_id=user_id)
