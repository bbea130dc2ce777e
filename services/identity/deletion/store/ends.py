"""What ends with a member, in their own rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.store.row_counts import rows_of

_MARK = "UPDATE members SET erasing_since = $2, locked_by = NULL WHERE id = $1"
_END_RECOVERIES = """
UPDATE recoveries SET state = 'refused' WHERE member_id = $1 AND state IN ('asked', 'waiting', 'cancelled')
"""
_WITHDRAW = """
UPDATE applications SET state = 'withdrawn', waiting_since = NULL, decided_at = $2
WHERE applicant_id = $1
  AND (state IN ('applied', 'waiting') OR state = 'admitted' AND joined_at IS NULL)
"""
_WITHDRAW_VOUCHES = """
UPDATE vouches SET withdrawn_at = $2
WHERE (voucher_id = $1 OR vouched_id = $1) AND withdrawn_at IS NULL AND joined_at IS NULL
"""
# An appeal that nobody hears in time is won: then the member is who they were, and that is out.
_LEFT_BY_THEMSELVES = """
UPDATE expulsions SET left_before = true WHERE member_id = $1 AND state IN ('expelled', 'appealed')
"""
_WARDS = """
SELECT DISTINCT member_id FROM guardians WHERE guardian_id = $1 AND resigned_at IS NULL
ORDER BY member_id LIMIT $2
"""
_KEEP_LOOKS = """
INSERT INTO erased_looks (look_hash, kept_until) SELECT unnest($1::bytea[]), $2
ON CONFLICT (look_hash) DO UPDATE SET kept_until = greatest(erased_looks.kept_until, excluded.kept_until)
"""
_FORGET_LOOKS = """
DELETE FROM erased_looks WHERE look_hash IN (
    SELECT look_hash FROM erased_looks WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2)
"""


async def hold_member(unit: UnitOfWork, member_id: UUID) -> None:
    """Until the commit nothing begins that refers to them: no session, no membership, no union."""
    await (await unit.raw()).execute("SELECT FROM members WHERE id = $1 FOR UPDATE", member_id)


async def is_locked(unit: UnitOfWork, member_id: UUID) -> bool:
    """By guardians."""
    raw = await unit.raw()
    return await raw.fetchval("SELECT locked_by FROM members WHERE id = $1", member_id) is not None


async def mark_erasing(unit: UnitOfWork, member_id: UUID) -> None:
    """From now on nobody signs in as them or finds them; recoveries of them are over."""
    raw = await unit.raw()
    await raw.execute(_MARK, member_id, unit.now)
    await raw.execute(_END_RECOVERIES, member_id)


async def end_what_waits(unit: UnitOfWork, member_id: UUID) -> None:
    """Applications, vouches, and what would bring them back into a union."""
    raw = await unit.raw()
    await raw.execute(_WITHDRAW, member_id, unit.now)
    await raw.execute(_WITHDRAW_VOUCHES, member_id, unit.now)
    await raw.execute(_LEFT_BY_THEMSELVES, member_id)


async def wards_to_leave(unit: UnitOfWork, member_id: UUID, limit: int) -> Sequence[UUID]:
    rows = await (await unit.raw()).fetch(_WARDS, member_id, limit)
    return [row["member_id"] for row in rows]


async def looks_of(unit: UnitOfWork, member_id: UUID) -> Sequence[str]:
    """As few as a member may change their handle."""
    raw = await unit.raw()
    rows = await raw.fetch("SELECT look FROM handle_looks WHERE member_id = $1 ORDER BY look", member_id)
    return [row["look"] for row in rows]


async def keep_looks(unit: UnitOfWork, hashes: Sequence[bytes], until: datetime) -> None:
    await (await unit.raw()).execute(_KEEP_LOOKS, list(hashes), until)


async def forget_looks(unit: UnitOfWork, limit: int) -> int:
    """Those whose time is over; returns how many."""
    done = await (await unit.raw()).execute(_FORGET_LOOKS, unit.now, limit)
    return rows_of(done)


async def be_called(unit: UnitOfWork, member_id: UUID, handle: str) -> None:
    """By what is made of the id alone."""
    query = "UPDATE members SET handle = $2, version = version + 1 WHERE id = $1"
    await (await unit.raw()).execute(query, member_id, handle)
