"""FastAPI dependencies: who is asking, and what they signed. Plain functions, none holds anything open."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends, Request

from chassis.auth.claims import Claims, MemberClaims, ServiceClaims
from chassis.auth.declarations import BearerScheme, SignatureScheme
from chassis.auth.exit_rights import EXIT_RIGHTS
from chassis.auth.jwks_client import KeysUnavailable
from chassis.auth.problems import (
    EXITS_ONLY,
    SERVICES_ONLY,
    act_problem,
    identity_unavailable,
    insufficient_authentication,
    unauthenticated,
)
from chassis.auth.stored_acts import store_act
from chassis.auth.verifier import TokenRefused
from chassis.peers import PeerUnavailable
from chassis.problems import Problem
from chassis.signatures import ActLimits, ActRefused, SignedAct, verify_act

if TYPE_CHECKING:
    from chassis.service import Chassis
    from chassis.unit_of_work import UnitOfWork

NOBODY = "nobody"
READING_METHODS = frozenset({"GET", "HEAD"})
MEMBER_SCHEME, OPTIONAL_MEMBER_SCHEME = "member", "optional-member"
SERVICE_SCHEME, ACT_SCHEME = "service", "act"


member_token = BearerScheme(
    scheme_name=MEMBER_SCHEME,
    description="A member's access token from POST /v1/auth/sessions.",
    auto_error=False,
)
optional_member_token = BearerScheme(
    scheme_name=OPTIONAL_MEMBER_SCHEME,
    description="A member's access token, where there is one.",
    auto_error=False,
)
service_token = BearerScheme(
    scheme_name=SERVICE_SCHEME,
    description="A token that a service signed under its own key.",
    auto_error=False,
)
act_signature = SignatureScheme(
    name="Signature",
    scheme_name=ACT_SCHEME,
    description="Besides the token: an RFC 9421 signature of the session's device key, label act, tag "
    "guildhall-act, over @method, @target-uri, content-digest and idempotency-key where it is sent. With alg "
    "eip712 it is the EIP-712 signature of the wallet that opened the session, over the same and the body.",
    auto_error=False,
)


async def caller_of(request: Request) -> Claims | None:
    """Whose token the request carries, verified once a request; None where it carries none.

    A token that is sent but not good is a 401 everywhere, so that a client learns to renew it.
    """
    known: tuple[Claims | None] | None = getattr(request.state, "caller", None)
    if known is None:
        known = (await _verified_caller(request),)
        request.state.caller = known
    return known[0]


async def _verified_caller(request: Request) -> Claims | None:
    sent = request.headers.getlist("authorization")
    if not sent:
        return None
    kind, _, token = sent[0].partition(" ")
    if len(sent) > 1 or kind.lower() != "bearer" or not token:
        raise unauthenticated("Authorization is not one Bearer token", is_token_bad=True)
    chassis: Chassis = request.app.state.chassis
    try:
        claims = await chassis.verifier.verify(token.strip())
    except TokenRefused as refusal:
        raise unauthenticated(refusal.reason, is_token_bad=True) from refusal
    except KeysUnavailable as outage:
        raise identity_unavailable() from outage
    if isinstance(claims, MemberClaims):
        await _require_living(chassis, claims, for_act=request.method not in READING_METHODS)
        if claims.exits_only and request.method not in READING_METHODS:
            _require_exit_right(request)
    return claims


def _require_exit_right(request: Request) -> None:
    """403 for what a session that may only take its leave does not do."""
    route = request.scope.get("route")
    if f"{request.method} {getattr(route, 'path', '')}" not in EXIT_RIGHTS:
        raise Problem(EXITS_ONLY)


async def _require_living(chassis: "Chassis", claims: MemberClaims, *, for_act: bool) -> None:
    """401 where the session has ended or its device key was revoked since the token was issued; 503 where
    that is not known well enough."""
    try:
        await chassis.revocations.ensure(for_act=for_act)
    except PeerUnavailable as outage:
        raise identity_unavailable() from outage
    if chassis.revocations.view.has_ended(claims.session_id, claims.device_key_id):
        raise unauthenticated("the session has ended", is_token_bad=True)


async def actor_of(request: Request) -> str:
    """The name of the caller in act log and idempotency scope: member:<id>, service:<name> or nobody."""
    caller = await caller_of(request)
    return NOBODY if caller is None else caller.actor


async def maybe_signed_in(
    request: Request, _: Annotated[None, Depends(optional_member_token)]
) -> MemberClaims | None:
    """The member who asks, or None for a request without a token."""
    caller = await caller_of(request)
    return caller if isinstance(caller, MemberClaims) else None


async def signed_in(request: Request, _: Annotated[None, Depends(member_token)]) -> MemberClaims:
    """The member who asks; 401 for anybody else."""
    caller = await caller_of(request)
    if caller is None:
        raise unauthenticated("the request carries no token", is_token_bad=False)
    if not isinstance(caller, MemberClaims):
        raise unauthenticated("the token is a service's, not a member's", is_token_bad=True)
    return caller


async def service_caller(request: Request, _: Annotated[None, Depends(service_token)]) -> ServiceClaims:
    """The service that asks; 401 without a token, 403 for a member."""
    caller = await caller_of(request)
    if caller is None:
        raise unauthenticated("the request carries no token", is_token_bad=False)
    if not isinstance(caller, ServiceClaims):
        raise Problem(SERVICES_ONLY)
    return caller


async def any_caller(
    request: Request, _: Annotated[None, Depends(member_token)], __: Annotated[None, Depends(service_token)]
) -> Claims:
    """The member or the service that asks; 401 without a token."""
    caller = await caller_of(request)
    if caller is None:
        raise unauthenticated("the request carries no token", is_token_bad=False)
    return caller


async def signed_act(
    request: Request,
    _: Annotated[None, Depends(member_token)],
    __: Annotated[None, Depends(act_signature)],
) -> SignedAct:
    """The act that this request is, signed by the session's device key and stored in its transaction.

    An act that was stored before is refused; the route class has answered a repeated Idempotency-Key by then.
    """
    act = await verified_act(request)
    member = await signed_in(request, None)
    await keep_act(request.state.unit, member.member_id, act)
    return act


async def freshly_signed_act(request: Request, act: Annotated[SignedAct, Depends(signed_act)]) -> SignedAct:
    """The act of a session whose member proved a key just now: for what a stolen session may not."""
    await _require_fresh_proof(request)
    return act


async def act_to_keep(
    request: Request,
    _: Annotated[None, Depends(member_token)],
    __: Annotated[None, Depends(act_signature)],
) -> SignedAct:
    """As `signed_act`, but not stored: its body names people, and who takes it keeps the digest alone. To do
    it again changes nothing."""
    return await verified_act(request)


async def fresh_act_to_keep(
    request: Request,
    _: Annotated[None, Depends(member_token)],
    __: Annotated[None, Depends(act_signature)],
) -> SignedAct:
    """As `freshly_signed_act`, but not stored: who takes it asks outside first, and then keeps it."""
    act = await verified_act(request)
    await _require_fresh_proof(request)
    return act


async def _require_fresh_proof(request: Request) -> None:
    """Problem 401 (RFC 9470) where the session began too long ago."""
    member = await signed_in(request, None)
    chassis: Chassis = request.app.state.chassis
    longest = chassis.settings.fresh_proof_max_seconds
    unit: UnitOfWork = request.state.unit
    proved_at = member.authenticated_at
    if proved_at is None or unit.now - proved_at > timedelta(seconds=longest):
        raise insufficient_authentication(longest)


async def keep_act(unit: "UnitOfWork", member_id: UUID, act: SignedAct) -> None:
    """Store a verified act in this transaction; Problem 409 for one that was stored before."""
    try:
        await store_act(await unit.raw(), member_id, act, unit.now)
    except ActRefused as refusal:
        raise act_problem(refusal) from refusal


async def verified_act(request: Request) -> SignedAct:
    """The act that this request is, for who stores it elsewhere than in the request's own transaction."""
    member = await signed_in(request, None)
    chassis: Chassis = request.app.state.chassis
    unit: UnitOfWork = request.state.unit
    settings = chassis.settings
    path = _path_as_sent(request)
    try:
        return verify_act(
            method=request.method,
            target_uri=f"{settings.public_url}{path}",
            headers=request.headers,
            body=await request.body(),
            public_key=lambda key_id: _device_key(member, key_id),
            wallets=() if member.wallet_address is None else (member.wallet_address,),
            now=unit.now,
            limits=ActLimits(
                settings.act_age_max_seconds,
                settings.act_ahead_max_seconds,
                settings.act_field_max_characters,
            ),
            seen_target_uri=f"{request.scope['scheme']}://{request.headers.get('host', '')}{path}",
        )
    except ActRefused as refusal:
        raise act_problem(refusal) from refusal


def _device_key(member: MemberClaims, key_id: str) -> Ed25519PublicKey | None:
    if key_id != member.device_key_id:
        return None
    return Ed25519PublicKey.from_public_bytes(member.device_public_key)


def _path_as_sent(request: Request) -> str:
    raw_path: bytes | None = request.scope.get("raw_path")
    path = (raw_path or request.scope["path"].encode()).decode("latin-1")
    query: bytes = request.scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path


SignedIn = Annotated[MemberClaims, Depends(signed_in)]
MaybeSignedIn = Annotated[MemberClaims | None, Depends(maybe_signed_in)]
ServiceCaller = Annotated[ServiceClaims, Depends(service_caller)]
AnyCaller = Annotated[Claims, Depends(any_caller)]
Act = Annotated[SignedAct, Depends(signed_act)]
FreshAct = Annotated[SignedAct, Depends(freshly_signed_act)]
ActToKeep = Annotated[SignedAct, Depends(act_to_keep)]
FreshActToKeep = Annotated[SignedAct, Depends(fresh_act_to_keep)]
