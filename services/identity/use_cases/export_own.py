"""All that is kept of a member, here and by the others, for them alone, as lines for a seal."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson

from chassis.member_export.declaration import exported_rows
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.settings import IdentitySettings
from services.identity.store.export import PARTS
from services.identity.use_cases.gather_exports import OthersGiven
from services.identity.use_cases.limit_attempts import limit_attempts

FORM = "guildhall-export/1"


@dataclass(frozen=True, slots=True)
class Export:
    """`lines`: JSON, each ended by a line feed. `cut`: parts of which there is more than a file holds, and
    services that did not answer."""

    lines: bytes
    rows_count: int
    cut: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the lines, in hexadecimal: what is sealed."""
        return sha256(self.lines).hexdigest()


async def export_own(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, others: OthersGiven
) -> Export:
    """A line that says what it is, then a line a row, table by table, until a limit ends a table or all;
    those of the others come last.

    Raises AttemptLimitReached.
    """
    await limit_attempts(unit, settings, AttemptKind.EXPORT_OF_MEMBER, str(member_id))
    head = {
        "kind": "export",
        "form": FORM,
        "service": "identity",
        "member_id": str(member_id),
        "made_at": unit.now,
    }
    lines = [orjson.dumps(head) + b"\n"]
    left_bytes = settings.export_max_bytes - len(lines[0])
    cut: list[str] = []
    for part in PARTS:
        rows_count = 0
        async for row in exported_rows(unit, PARTS[part], member_id, settings.export_part_rows_max + 1):
            line = orjson.dumps({"kind": "export-row", "table": part, "row": row}) + b"\n"
            if rows_count == settings.export_part_rows_max or len(line) > left_bytes:
                cut.append(part)
                break
            lines.append(line)
            left_bytes -= len(line)
            rows_count += 1
    for other in others.parts:
        named = {"kind": "export-row", "service": other.service, "table": other.table}
        is_cut = other.is_cut
        for row in other.rows:
            line = orjson.dumps(named | {"row": row}) + b"\n"
            if len(line) > left_bytes:
                is_cut = True
                break
            lines.append(line)
            left_bytes -= len(line)
        if is_cut:
            cut.append(f"{other.service}.{other.table}")
    cut += others.silent
    unit.record_act("own_profile", f"members/{member_id}", {"exported_rows": len(lines) - 1})
    return Export(b"".join(lines), len(lines) - 1, tuple(cut))
