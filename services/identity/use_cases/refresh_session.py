"""Trade a refresh token for its successor."""

from dataclasses import replace
from datetime import timedelta

from chassis.unit_of_work import UnitOfWork
from services.identity.domain import refresh_family
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import RefreshTokenRefused, RefreshTokenReused
from services.identity.domain.refresh_family import RefreshAnswer, token_hash
from services.identity.operators.store.acts import is_locked
from services.identity.settings import IdentitySettings
from services.identity.store import revocations, sessions
from services.identity.use_cases.limit_attempts import limit_attempts
from services.identity.use_cases.open_session import OpenSession


async def refresh_session(unit: UnitOfWork, settings: IdentitySettings, token: str) -> OpenSession:
    """The session with a refresh token that is not used yet.

    Raises RefreshTokenRefused, AttemptLimitReached, and RefreshTokenReused when the family was ended: the
    caller commits that.
    """
    presented_hash = token_hash(token)
    found = await sessions.find_refresh_token(unit, presented_hash)
    if found is None:
        raise RefreshTokenRefused
    member = str(found.session.member_id)
    await limit_attempts(unit, settings, AttemptKind.REFRESH_OF_MEMBER, member)
    grace = timedelta(seconds=settings.refresh_grace_seconds)
    answer = refresh_family.answer(found.presented, unit.now, grace)
    if answer is RefreshAnswer.REFUSE:
        raise RefreshTokenRefused
    if answer is RefreshAnswer.END_FAMILY:
        await sessions.end_session(unit, found.session.id, "refresh_reused")
        unit.record_act(
            "refresh_reused",
            f"sessions/{found.session.id}",
            {"ended": True},
            on_behalf_of=f"member:{found.session.member_id}",
        )
        await revocations.record_ended_session(unit, found.session.id, found.session.member_id)
        raise RefreshTokenReused
    successor = refresh_family.successor(token, found.refresh_salt)
    if answer is RefreshAnswer.ROTATE:
        await sessions.rotate_refresh_token(
            unit,
            found.session.id,
            presented_hash,
            token_hash(successor),
            found.presented.generation + 1,
        )
        unit.record_act(
            "refresh_token",
            f"sessions/{found.session.id}",
            {"generation": found.presented.generation + 1},
            on_behalf_of=f"member:{found.session.member_id}",
        )
    exits_only = await is_locked(unit, found.session.member_id)
    return OpenSession(replace(found.session, exits_only=exits_only), successor)
