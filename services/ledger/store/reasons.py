"""Why the ledger itself moved something, kept beside the transfer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from services.ledger.domain.reasons import Reason

if TYPE_CHECKING:
    import asyncpg

_WRITE = """
INSERT INTO transfer_reasons (union_id, sequence, charter_version, figures, decision_id)
SELECT $1, sequence, $2, figures, decision_id
FROM unnest($3::bigint[], $4::text[], $5::uuid[]) AS reason (sequence, figures, decision_id)
"""
_FIND = """
SELECT charter_version, figures, decision_id FROM transfer_reasons WHERE union_id = $1 AND sequence = $2
"""


_DECISIONS = """
SELECT sequence, decision_id FROM transfer_reasons
WHERE union_id = $1 AND sequence = ANY($2::bigint[]) AND decision_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class KeptReason:
    """A reason, and the charter's version under which it held."""

    reason: Reason
    charter_version: int


async def write_reasons(
    raw: asyncpg.Connection, union_id: UUID, charter_version: int, reasons: Sequence[tuple[int, Reason]]
) -> None:
    """Keep them, each by the sequence of its transfer."""
    if reasons:
        await raw.execute(
            _WRITE,
            union_id,
            charter_version,
            [sequence for sequence, _ in reasons],
            [orjson.dumps(reason.figures).decode() for _, reason in reasons],
            [reason.decision_id for _, reason in reasons],
        )


async def find_reason(raw: asyncpg.Connection, union_id: UUID, sequence: int) -> KeptReason | None:
    """None where somebody else asked for the transfer, or it is of a release that kept no reasons."""
    row = await raw.fetchrow(_FIND, union_id, sequence)
    if row is None:
        return None
    return KeptReason(Reason(orjson.loads(row["figures"]), row["decision_id"]), row["charter_version"])


async def decisions_of(raw: asyncpg.Connection, union_id: UUID, sequences: Sequence[int]) -> dict[int, UUID]:
    """The decisions that wanted these transfers, by sequence."""
    return dict(await raw.fetch(_DECISIONS, union_id, sequences))
