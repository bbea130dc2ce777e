"""A session as it is told to who opened it, and the cookies by which a browser keeps it."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Cookie, Header, Response
from pydantic import BaseModel, Field

from chassis.unit_of_work import UnitOfWork
from services.identity.api.joined import Identity, answer_or_refusal
from services.identity.domain.errors import OriginRefused
from services.identity.use_cases.limit_address import limit_address
from services.identity.use_cases.open_session import OpenSession

NONCE_COOKIE = "guildhall_nonce"
REFRESH_COOKIE = "guildhall_refresh"
COOKIE_PATH = "/v1/auth"

OriginHeader = Annotated[
    str | None, Header(alias="origin", description="Browsers send it; it must be the deployment's own.")
]
NonceCookie = Annotated[str | None, Cookie(alias=NONCE_COOKIE, max_length=64)]
RefreshCookie = Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=64)]


class SignedInMember(BaseModel):
    id: UUID
    handle: str


class SessionView(BaseModel):
    """A session: the access token for the Authorization header, and how it is renewed."""

    access_token: str
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in_seconds: int = Field(examples=[600])
    refresh_token: str | None = Field(
        description="Null for a browser, which holds it in an HttpOnly cookie instead."
    )
    session_id: UUID
    device_key_id: str
    member: SignedInMember
    exits_only: bool = Field(
        description="An operator has locked the account: the session reads and has the exit rights alone. "
        "Why: GET /v1/me/operator-acts."
    )


async def answer_sign_in(
    unit: UnitOfWork,
    identity: Identity,
    response: Response,
    origin: str | None,
    address: str | None,
    opening: Callable[[], Awaitable[OpenSession]],
) -> SessionView | Response:
    """Answer what opens a session by a nonce of this browser; a refusal keeps what it used up."""
    require_own_origin(identity, origin)

    async def work() -> OpenSession:
        await limit_address(unit, identity.settings, address)
        return await opening()

    return answer_opened(identity, response, origin, await answer_or_refusal(work()))


def answer_opened(
    identity: Identity, response: Response, origin: str | None, opened: OpenSession | Response
) -> SessionView | Response:
    """The session that a nonce of this browser opened, or the refusal as it is."""
    if isinstance(opened, Response):
        return opened
    response.delete_cookie(NONCE_COOKIE, path=COOKIE_PATH)
    return session_view(identity, response, opened, origin)


def require_own_origin(identity: Identity, origin: str | None) -> None:
    if origin is not None and origin != identity.settings.public_url:
        raise OriginRefused(identity.settings.public_url)


def session_view(
    identity: Identity, response: Response, opened: OpenSession, origin: str | None
) -> SessionView:
    session = opened.session
    token = identity.issuer.access_token(
        member_id=session.member_id,
        session_id=session.id,
        device_public_key=session.public_key,
        authenticated_at=session.began_at,
        exits_only=session.exits_only,
        wallet_address=session.wallet_address,
    )
    if origin is not None:
        set_cookie(
            identity, response, REFRESH_COOKIE, opened.refresh_token, identity.settings.session_seconds
        )
    response.headers["Cache-Control"] = "no-store"
    return SessionView(
        access_token=token.text,
        token_type="Bearer",
        expires_in_seconds=token.lifetime_seconds,
        refresh_token=opened.refresh_token if origin is None else None,
        session_id=session.id,
        device_key_id=session.device_key_id,
        member=SignedInMember(id=session.member_id, handle=session.handle),
        exits_only=session.exits_only,
    )


def set_cookie(identity: Identity, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=COOKIE_PATH,
        secure=identity.settings.public_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )
