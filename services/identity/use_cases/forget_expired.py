"""Drop what is over: nonces, windows, tickets, old sessions, deliveries and notices, revocations all know."""

from datetime import timedelta

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.applications import forget_answers
from services.identity.admission.store.invitees import forget_invitees
from services.identity.admission.store.proofs import forget_proofs
from services.identity.deletion.store.ends import forget_looks
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.notices.store.notices import forget_notices
from services.identity.settings import IdentitySettings
from services.identity.store import (
    address_windows,
    attempt_windows,
    nonces,
    revocations,
    sessions,
    stream_tickets,
)
from services.identity.use_cases.limit_attempts import limit_of
from services.identity.webhooks.store.deliveries import forget_deliveries


async def forget_expired(unit: UnitOfWork, settings: IdentitySettings) -> int:
    """Returns the number of rows dropped, at most the batch of each kind."""
    limit = settings.forget_batch_max
    window = timedelta(seconds=settings.address_window_seconds)
    dropped = await nonces.forget_nonces(unit, unit.now, limit)
    dropped += await address_windows.forget_windows(unit, unit.now - window, limit)
    longest = max(limit_of(settings, kind)[1] for kind in AttemptKind)
    dropped += await attempt_windows.forget_attempts(unit, unit.now - timedelta(seconds=longest), limit)
    dropped += await stream_tickets.forget_tickets(unit, limit)
    log_kept = timedelta(days=settings.webhook_deliveries_kept_days)
    dropped += await forget_deliveries(await unit.raw(), unit.now - log_kept, limit)
    notices_kept = timedelta(days=settings.notice_kept_days)
    dropped += await forget_notices(unit, unit.now - notices_kept, limit)
    dropped += await forget_looks(unit, limit)
    dropped += await forget_invitees(unit, settings.invitation_list_batch_max)
    answers_kept = timedelta(days=settings.application_kept_days)
    dropped += await forget_answers(unit, unit.now - answers_kept, limit)
    proofs_kept = timedelta(days=settings.admission_proof_kept_days)
    dropped += await forget_proofs(unit, unit.now - proofs_kept, limit)
    kept = timedelta(days=settings.revocation_kept_days)
    dropped += await revocations.forget_revocations(unit, kept, limit)
    return dropped + await sessions.forget_sessions(unit, timedelta(days=settings.session_kept_days), limit)
