"""One-time codes as hashes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork


async def replace_codes(unit: UnitOfWork, member_id: UUID, hashes: Sequence[bytes]) -> None:
    """These instead of all that were."""
    await drop_codes(unit, member_id)
    raw = await unit.raw()
    await raw.execute(
        "INSERT INTO recovery_codes (code_hash, member_id, made_at) SELECT unnest($1::bytea[]), $2, $3",
        list(hashes),
        member_id,
        unit.now,
    )


async def drop_codes(unit: UnitOfWork, member_id: UUID) -> None:
    await (await unit.raw()).execute("DELETE FROM recovery_codes WHERE member_id = $1", member_id)


async def use_code(unit: UnitOfWork, member_id: UUID, code_hash: bytes) -> bool:
    """False where it is not one of theirs, or was used."""
    raw = await unit.raw()
    status = await raw.execute(
        "UPDATE recovery_codes SET used_at = $3 WHERE code_hash = $1 AND member_id = $2 AND used_at IS NULL",
        code_hash,
        member_id,
        unit.now,
    )
    return status == "UPDATE 1"


async def codes_left(unit: UnitOfWork, member_id: UUID) -> tuple[int, datetime | None]:
    """How many were not used, and when they were made."""
    row = await (await unit.raw()).fetchrow(
        """
        SELECT count(*) FILTER (WHERE used_at IS NULL) AS left_count, min(made_at) AS made_at
        FROM recovery_codes WHERE member_id = $1
        """,
        member_id,
    )
    assert row is not None
    return row["left_count"], row["made_at"]
