"""Give a session a ticket for one live stream: what a browser's EventSource can carry in an address."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.auth.claims import MemberClaims
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import StreamTicketRefused
from services.identity.domain.refresh_family import token_text
from services.identity.settings import IdentitySettings
from services.identity.store import sessions, stream_tickets
from services.identity.store.stream_tickets import TicketHolder
from services.identity.use_cases.issue_nonce import RandomBytes

TICKET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenedStream:
    """Whose stream a ticket has opened, and how long a token given now would be good for."""

    holder: TicketHolder
    good_until: datetime


async def issue_stream_ticket(
    unit: UnitOfWork, settings: IdentitySettings, random_bytes: RandomBytes, claims: MemberClaims
) -> str:
    """A ticket of 256 random bits; only its hash is kept, so that a copy of the database opens nothing."""
    ticket = token_text(random_bytes(TICKET_BYTES))
    holder = TicketHolder(claims.session_id, claims.member_id, claims.device_key_id)
    expires_at = unit.now + timedelta(seconds=settings.stream_ticket_seconds)
    await stream_tickets.add_ticket(unit, _hash(ticket), holder, expires_at)
    return ticket


async def open_stream(unit: UnitOfWork, settings: IdentitySettings, ticket: str) -> OpenedStream:
    """Use a ticket up. Raises StreamTicketRefused: the caller commits that too."""
    holder = await stream_tickets.use_up_ticket(unit, _hash(ticket))
    if holder is None:
        raise StreamTicketRefused
    if not await sessions.session_lives(unit, holder.session_id, holder.member_id, holder.device_key_id):
        raise StreamTicketRefused
    return OpenedStream(holder, unit.now + timedelta(seconds=settings.access_token_seconds))


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode("utf-8")).digest()
