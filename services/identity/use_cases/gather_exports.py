"""What the other services keep of a member, asked of each under identity's own key."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.peers import Peers, PeerUnavailable

OTHERS = ("graph", "market", "ledger", "funding")


@dataclass(frozen=True, slots=True)
class OtherPart:
    """Rows of another service's table."""

    service: str
    table: str
    rows: Sequence[dict[str, Any]]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class OthersGiven:
    """`silent`: services that did not answer, so that the file says that there is more."""

    parts: Sequence[OtherPart]
    silent: Sequence[str]


async def gather_exports(peers: Peers, member_id: UUID, rows_max: int) -> OthersGiven:
    """All at once, while no transaction is open."""
    answers = await asyncio.gather(*(_asked(peers, service, member_id, rows_max) for service in OTHERS))
    parts = [part for answer in answers if answer is not None for part in answer]
    return OthersGiven(parts, [name for name, answer in zip(OTHERS, answers, strict=True) if answer is None])


async def _asked(peers: Peers, service: str, member_id: UUID, rows_max: int) -> list[OtherPart] | None:
    path = f"/internal/members/{member_id}/export?rows_max={rows_max}"
    try:
        answer = await peers.call(service, "GET", path, member_id=member_id)
    except PeerUnavailable:
        return None
    if not answer.ok:
        return None
    return [OtherPart(service, part["table"], part["rows"], part["is_cut"]) for part in answer.body["parts"]]
