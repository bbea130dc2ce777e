"""Exchange a member's access token for one that a single service takes (RFC 8693)."""

from chassis.auth.claims import MemberClaims
from chassis.auth.issuer import IssuedToken, TokenIssuer
from chassis.auth.verifier import TokenRefused, TokenVerifier
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import ExchangeRefused, SessionEnded
from services.identity.store import sessions

AUDIENCES = frozenset({"identity", "graph", "market", "ledger", "funding", "assembly"})


async def exchange_token(
    unit: UnitOfWork, issuer: TokenIssuer, verifier: TokenVerifier, *, subject_token: str, audience: str
) -> IssuedToken:
    """The internal token; `verifier` takes members' access tokens.

    One indexed read and no write. Raises ExchangeRefused, SessionEnded.
    """
    if audience not in AUDIENCES:
        raise ExchangeRefused("the audience is no service of this deployment")
    try:
        claims = await verifier.verify(subject_token)
    except TokenRefused as refusal:
        raise ExchangeRefused(refusal.reason) from refusal
    if not isinstance(claims, MemberClaims):
        raise ExchangeRefused("the subject token is not a member's")
    if not await sessions.session_lives(unit, claims.session_id, claims.member_id, claims.device_key_id):
        raise SessionEnded
    return issuer.internal_token(claims, audience)
