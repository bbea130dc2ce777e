"""Everything that identity keeps of a member, for them alone, as lines that a seal can be put under."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson

from chassis.unit_of_work import UnitOfWork
from services.identity.store.export import PARTS, rows_of

FORM = "guildhall-export/1"


@dataclass(frozen=True, slots=True)
class Export:
    """`lines`: JSON, each ended by a line feed. `cut`: parts of which there is more than a file holds."""

    lines: bytes
    rows_count: int
    cut: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the lines, in hexadecimal: what is sealed."""
        return sha256(self.lines).hexdigest()


async def export_own(unit: UnitOfWork, member_id: UUID, rows_max: int) -> Export:
    """A line that says what it is, then a line a row, table by table."""
    head = {
        "kind": "export",
        "form": FORM,
        "service": "identity",
        "member_id": str(member_id),
        "made_at": unit.now,
    }
    lines, rows_count, cut = [orjson.dumps(head)], 0, list[str]()
    for part in PARTS:
        rows, more = await rows_of(unit, part, member_id, rows_max)
        lines += [orjson.dumps({"kind": "export-row", "table": part, "row": row}) for row in rows]
        rows_count += len(rows)
        if more:
            cut.append(part)
    unit.record_act("own_profile", f"members/{member_id}", {"exported_rows": rows_count})
    return Export(b"".join(line + b"\n" for line in lines), rows_count, tuple(cut))
