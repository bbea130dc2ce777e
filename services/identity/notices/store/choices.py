"""When members want to be told, as rows; who chose nothing has none."""

from datetime import time
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.domain.choice import NoticeChoice, QuietHours

_FIND = """
SELECT version, language, zone, quiet_from, quiet_until, digest_at FROM notice_choices WHERE member_id = $1
"""
_SAVE = """
INSERT INTO notice_choices AS present
    (member_id, version, language, zone, quiet_from, quiet_until, digest_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (member_id) DO UPDATE SET version = excluded.version, language = excluded.language,
    zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
    digest_at = excluded.digest_at
WHERE present.version = excluded.version - 1
RETURNING 1
"""


async def choice_of(unit: UnitOfWork, member_id: UUID) -> NoticeChoice:
    row = await (await unit.raw()).fetchrow(_FIND, member_id)
    if row is None:
        return NoticeChoice()
    quiet = None
    if row["quiet_from"] is not None:
        quiet = QuietHours(time.fromisoformat(row["quiet_from"]), time.fromisoformat(row["quiet_until"]))
    digest_at = None if row["digest_at"] is None else time.fromisoformat(row["digest_at"])
    return NoticeChoice(row["language"], row["zone"], quiet, digest_at, row["version"])


async def save_choice(unit: UnitOfWork, member_id: UUID, choice: NoticeChoice) -> bool:
    """Write the next version; False when another change was first."""
    return (
        await (await unit.raw()).fetchval(
            _SAVE,
            member_id,
            choice.version,
            choice.language,
            choice.zone,
            None if choice.quiet is None else _written(choice.quiet.begin),
            None if choice.quiet is None else _written(choice.quiet.end),
            None if choice.digest_at is None else _written(choice.digest_at),
        )
        is not None
    )


def _written(at: time) -> str:
    return f"{at:%H:%M}"
