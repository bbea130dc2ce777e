"""What is personal in a service's tables: whose a row is, and what becomes of it when they are erased.

The SQL here is made of declarations in the code, never of what anybody sends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FUNCTION = "erase_append_only"
"""Erases what the run-time role may only add to; made anew at each migration, of the same list."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One table's part. `of_member`: an SQL condition on its rows, $1 being the member's id; no column of it
    is qualified. `becomes`: the SQL value of each personal column once it is erased; without any, the rows
    are deleted. Of a value that differs from row to row `held` says when it is erased.
    """

    table: str
    of_member: str
    becomes: Mapping[str, str] = field(default_factory=dict[str, str])
    held: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def left(self) -> str:
        """The condition on rows of the member in which something is left; $1 is their id."""
        if not self.becomes:
            return f"({self.of_member})"
        unlike = [
            f"NOT ({self.held[column]})" if column in self.held else f"{column} IS DISTINCT FROM {value}"
            for column, value in self.becomes.items()
        ]
        return f"({self.of_member}) AND ({' OR '.join(unlike)})"

    @property
    def is_left(self) -> str:
        """Whether anything of member $1 is."""
        return f"SELECT EXISTS (SELECT FROM {self.table} WHERE {self.left})"  # noqa: S608 - made of a declaration

    @property
    def statement(self) -> str:
        """Erases at most $2 rows of member $1."""
        stretch = f"WITH stretch AS (SELECT ctid FROM {self.table} WHERE {self.left} LIMIT $2 FOR UPDATE)"  # noqa: S608 - made of a declaration
        here = f"{self.table}.ctid IN (SELECT ctid FROM stretch)"  # noqa: S608 - as above
        if not self.becomes:
            return f"{stretch} DELETE FROM {self.table} WHERE {here}"  # noqa: S608 - as above
        values = ", ".join(f"{column} = {value}" for column, value in self.becomes.items())
        return f"{stretch} UPDATE {self.table} SET {values} WHERE {here}"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class FileErasure(Erasure):
    """Files, whose contents are swept once nothing refers to them."""

    @property
    def statement(self) -> str:
        return f"""
WITH gone AS (
    DELETE FROM files WHERE ctid IN (SELECT ctid FROM files WHERE {self.left} LIMIT $2 FOR UPDATE)
    RETURNING union_id, content_digest),
counted AS (SELECT union_id, content_digest, count(*) AS number FROM gone GROUP BY 1, 2)
UPDATE file_contents SET references_count = references_count - counted.number
FROM counted WHERE (file_contents.union_id, file_contents.content_digest)
    = (counted.union_id, counted.content_digest)"""  # noqa: S608 - made of a declaration


CHASSIS_STAYS: Mapping[str, str] = MappingProxyType(
    {
        "outbox": "events: ids, amounts and states",
        "inbox": "events: ids",
        "parked_events": "events: ids, amounts and states",
        "idempotency_keys": "answers, dropped after the days of a setting",
        "intents": "what was asked of another service: ids, amounts, acts as they were signed",
        "timers": "ids of what is due",
        "act_log": "who did what by which right: ids",
        "signed_acts": "the signature, and the digest of what it is of",
    }
)
"""Of every service: why what the chassis keeps stays, but for what the service's own list says."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A service's list. `erased`: in this order, what rows of other tables refer to coming after those.
    `stays`: by table, or by table and column, why what could hold words about somebody is kept.

    A test holds it against the tables: each column of text, bytes or JSON stands on one side.
    """

    erased: tuple[Erasure, ...]
    stays: Mapping[str, str]

    def append_only(self, tables: Collection[str]) -> tuple[Erasure, ...]:
        return tuple(one for one in self.erased if one.table in tables)

    def changeable(self, append_only: Collection[str]) -> tuple[Erasure, ...]:
        return tuple(one for one in self.erased if one.table not in append_only)


def function_body(erasures: Collection[Erasure]) -> str:
    """PL/pgSQL: refuses whoever is not recorded as erased; returns how many rows it erased, 0 for none."""
    steps = "\n".join(
        f"    {one.statement};\n    GET DIAGNOSTICS step = ROW_COUNT;\n    done := done + step;"
        for one in erasures
    )
    return f"""
DECLARE
    done bigint := 0;
    step bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM erased_members e WHERE e.member_id = $1) THEN
        RAISE EXCEPTION 'member % is not recorded as erased', $1;
    END IF;
{steps}
    RETURN done;
END
"""
