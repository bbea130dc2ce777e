"""Who opens a stream: by a token, by a ticket, or nobody; and until when it may stay open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.problems import Problem
from gateway.exchange import claims_of
from gateway.live.problems import STREAM_TICKET_REFUSED

if TYPE_CHECKING:
    from chassis.peers import Peers
    from gateway.exchange import Exchanged


@dataclass(frozen=True, slots=True)
class LiveCaller:
    """`counted_as`: what the limit on open streams counts by; None: in all alone. `good_until`: epoch."""

    counted_as: str | None
    good_until: float = math.inf
    member_id: UUID | None = None
    session_id: UUID | None = None
    device_key_id: str = ""


def caller_of_token(exchanged: Exchanged, member_token: bytes) -> LiveCaller:
    """The holder of a token that identity has just taken, or took within the minute."""
    return LiveCaller(
        counted_as=exchanged.member_id,
        good_until=float(claims_of(member_token.decode("latin-1"))["exp"]),
        member_id=UUID(exchanged.member_id),
        session_id=exchanged.session_id,
        device_key_id=exchanged.device_key_id,
    )


async def caller_of_ticket(peers: Peers, ticket: str) -> LiveCaller:
    """The holder of a ticket, which this uses up. Raises Problem 401, PeerUnavailable."""
    answer = await peers.call("identity", "POST", "/internal/stream-tickets/uses", {"ticket": ticket})
    if not answer.ok:
        raise Problem(STREAM_TICKET_REFUSED)
    return LiveCaller(
        counted_as=answer.body["member_id"],
        good_until=datetime.fromisoformat(answer.body["good_until"]).timestamp(),
        member_id=UUID(answer.body["member_id"]),
        session_id=UUID(answer.body["session_id"]),
        device_key_id=answer.body["device_key_id"],
    )


def nobody(counted_as: str | None, now: datetime, stream_max_seconds: int) -> LiveCaller:
    """Somebody without a token: shown what is public."""
    return LiveCaller(counted_as, (now + timedelta(seconds=stream_max_seconds)).timestamp())
