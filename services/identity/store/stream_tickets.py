"""Tickets that open a live stream: rows, so that any gateway takes one, and only one of them does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TicketHolder:
    """Whose stream a ticket opens."""

    session_id: UUID
    member_id: UUID
    device_key_id: str


async def add_ticket(
    unit: UnitOfWork, ticket_hash: bytes, holder: TicketHolder, expires_at: datetime
) -> None:
    raw = await unit.raw()
    await raw.execute(
        """
        INSERT INTO stream_tickets (ticket_hash, session_id, member_id, device_key_id, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        ticket_hash,
        holder.session_id,
        holder.member_id,
        holder.device_key_id,
        expires_at,
    )


async def use_up_ticket(unit: UnitOfWork, ticket_hash: bytes) -> TicketHolder | None:
    """Take the ticket away from everybody; its holder where it was there, in time."""
    raw = await unit.raw()
    row = await raw.fetchrow("DELETE FROM stream_tickets WHERE ticket_hash = $1 RETURNING *", ticket_hash)
    if row is None or row["expires_at"] <= unit.now:
        return None
    return TicketHolder(row["session_id"], row["member_id"], row["device_key_id"])


async def forget_tickets(unit: UnitOfWork, limit: int) -> int:
    """Drop expired tickets, at most `limit`; returns how many."""
    raw = await unit.raw()
    rows = await raw.fetch(
        """
        DELETE FROM stream_tickets WHERE ticket_hash IN (
            SELECT ticket_hash FROM stream_tickets WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        RETURNING 1
        """,
        unit.now,
        limit,
    )
    return len(rows)
