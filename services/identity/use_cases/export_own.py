"""All that is kept of a member, here and by the others, for them alone, as lines for a seal."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson

from chassis.unit_of_work import UnitOfWork
from services.identity.store.export import PARTS, rows_of
from services.identity.use_cases.gather_exports import OthersGiven

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


async def export_own(unit: UnitOfWork, member_id: UUID, rows_max: int, others: OthersGiven) -> Export:
    """A line that says what it is, then a line a row, table by table; those of the others come last."""
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
    for other in others.parts:
        named = {"kind": "export-row", "service": other.service, "table": other.table}
        lines += [orjson.dumps(named | {"row": row}) for row in other.rows]
        rows_count += len(other.rows)
        if other.is_cut:
            cut.append(f"{other.service}.{other.table}")
    cut += others.silent
    unit.record_act("own_profile", f"members/{member_id}", {"exported_rows": rows_count})
    return Export(b"".join(line + b"\n" for line in lines), rows_count, tuple(cut))
