"""Joining and signing in by passkey."""

from fastapi import APIRouter, Response

from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import ClientAddress, Joined
from services.identity.api.passkey_bodies import NewPasskeyBody, PasskeySessionBody
from services.identity.api.session_view import NonceCookie, OriginHeader, SessionView, answer_sign_in
from services.identity.use_cases.open_session import OpenSession
from services.identity.use_cases.register_passkey import register_passkey
from services.identity.use_cases.sign_in_by_passkey import sign_in_by_passkey

router = APIRouter(prefix="/v1/auth", route_class=TransactionRoute, tags=["auth"])


@router.post(
    "/passkeys",
    status_code=201,
    response_model=SessionView,
    responses=problem_responses(400, 401, 403, 409, 413, 422, 429, 503),
)
async def post_passkey(
    body: NewPasskeyBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> SessionView | Response:
    """Become a member by a new passkey, which certifies this device's key."""

    async def opening() -> OpenSession:
        return await register_passkey(
            unit, identity.settings, identity.random_bytes, body.made(), browser=browser, address=address
        )

    return await answer_sign_in(unit, identity, response, origin, address, opening)


@router.post(
    "/passkey-sessions",
    status_code=201,
    response_model=SessionView,
    responses=problem_responses(400, 401, 403, 409, 413, 422, 429, 503),
)
async def post_passkey_session(
    body: PasskeySessionBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> SessionView | Response:
    """Sign in by a passkey, which certifies this device's key."""

    async def opening() -> OpenSession:
        return await sign_in_by_passkey(
            unit, identity.settings, identity.random_bytes, body.asked(), browser=browser
        )

    return await answer_sign_in(unit, identity, response, origin, address, opening)
