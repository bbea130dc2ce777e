"""The promises about offices: nobody holds a right that no living grant gives, nor pays by one.

What holds is derived a second time here, from raw rows alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of
from guildhall.audit.succession import HEADS

_OFFICES = """
SELECT o.union_id, o.id, o.parent_id, v.rights FROM offices o CROSS JOIN LATERAL (
    SELECT rights FROM office_versions WHERE (union_id, office_id) = (o.union_id, o.id)
    ORDER BY version DESC LIMIT 1) v
WHERE o.ended_at IS NULL
"""
_HOLDINGS = """
SELECT h.union_id, h.id, h.office_id, h.member_id, h.under_id, h.until FROM office_holdings h
JOIN memberships m ON (m.union_id, m.member_id) = (h.union_id, h.member_id)
JOIN unions u ON u.id = h.union_id AND u.state = 'active'
WHERE h.ended_at IS NULL AND h.until > $1
  AND m.state = 'active' AND m.joined_at <= h.begins_at
"""
# Whoever appoints stands above the office, holds that place, and gives no longer than they have it.
_NOT_THEIRS_TO_GIVE = f"""
SELECT h.union_id, h.id AS holding_id FROM office_holdings h
JOIN unions u ON u.id = h.union_id
LEFT JOIN office_holdings a ON (a.union_id, a.id) = (h.union_id, h.under_id)
WHERE CASE WHEN h.under_id IS NULL THEN NOT EXISTS (
        SELECT FROM {HEADS} head WHERE (head.union_id, head.head_id) = (u.id, h.appointed_by)
          AND h.begins_at BETWEEN head.since AND coalesce(head.until, 'infinity'))
      ELSE a.member_id <> h.appointed_by OR a.begins_at > h.begins_at OR a.until < h.until
        OR coalesce(a.ended_at, a.until) < h.begins_at
        OR NOT EXISTS (
            WITH RECURSIVE above AS (
                SELECT parent_id FROM offices WHERE (union_id, id) = (h.union_id, h.office_id)
                UNION SELECT o.parent_id FROM offices o JOIN above ON o.id = above.parent_id
                WHERE o.union_id = h.union_id)
            SELECT FROM above WHERE parent_id = a.office_id) END
"""  # noqa: S608 - made of the audit's own text
_OUTLIVING = """
SELECT h.union_id, h.id AS holding_id, h.under_id FROM office_holdings h
JOIN office_holdings a ON (a.union_id, a.id) = (h.union_id, h.under_id)
WHERE a.ended_at IS NOT NULL AND (h.ended_at IS NULL OR h.ended_at > a.ended_at) AND h.until > a.ended_at
"""
_TOLD = """
SELECT g.union_id, g.member_id, one.* FROM office_grants g CROSS JOIN LATERAL
    jsonb_to_recordset(g.grants) AS one ("right" text, holding_id uuid, until timestamptz, charges jsonb)
WHERE one.until > $1
"""
_VERSIONS = "SELECT union_id, member_id, version, grants FROM office_grants"


@dataclass(frozen=True, slots=True)
class _Union:
    offices: Mapping[UUID, Any]
    holdings: Mapping[UUID, Any]

    def limit(self, office_id: UUID | None, right: str) -> tuple[bool, int | None]:
        """Whether the office and all above it have the right, and the least of their limits."""
        limits: list[int] = []
        seen: set[UUID] = set()
        while office_id is not None:
            office = self.offices.get(office_id)
            if office is None or office_id in seen or right not in _rights(office):
                return False, None
            seen.add(office_id)
            limit = _rights(office)[right]
            if limit is not None:
                limits.append(int(limit))
            office_id = office["parent_id"]
        return True, min(limits, default=None)

    def chain(self, holding: Any) -> list[Any]:
        """Empty where a holding of it does not live."""
        chain = [holding]
        while chain[-1]["under_id"] is not None:
            above = self.holdings.get(chain[-1]["under_id"])
            if above is None or above in chain:
                return []
            chain.append(above)
        return chain


def _rights(office: Any) -> Mapping[str, str | None]:
    return orjson.loads(office["rights"])


async def offices(house: House) -> Checked:
    """What services were told is what the rows give; and nobody gave what was not theirs."""
    checked = Checked()
    unions: dict[UUID, _Union] = {}
    for name, rows in (
        ("offices", await house.rows("identity", _OFFICES)),
        ("holdings", await house.rows("identity", _HOLDINGS, house.now)),
    ):
        checked.numbers[name] = len(rows)
        for row in rows:
            union = unions.setdefault(row["union_id"], _Union({}, {}))
            kept = union.offices if name == "offices" else union.holdings
            assert isinstance(kept, dict)
            kept[row["id"]] = row
    given = {
        (union_id, holding["member_id"], right, holding["id"], *_bounds(union, holding, right))
        for union_id, union in unions.items()
        for holding in union.holdings.values()
        for right in _rights_of(union, holding)
    }
    told = {
        (
            row["union_id"],
            row["member_id"],
            row["right"],
            row["holding_id"],
            row["until"],
            _charges(row["charges"]),
        )
        for row in await house.rows("identity", _TOLD, house.now)
    }
    checked.numbers["rights"] = len(given)
    for wrong, found in (
        ("no living grant gives this right", told - given),
        ("services were not told of this right", given - told),
    ):
        for union_id, member_id, right, holding_id, *_ in sorted(found, key=str):
            named = f"union_id={union_id} member_id={member_id} right={right} holding_id={holding_id}"
            checked.wrong("identity", named, wrong)
    await none_of(house, checked, "identity", _NOT_THEIRS_TO_GIVE, "appointed by who had no such place")
    await none_of(house, checked, "identity", _OUTLIVING, "goes on though who appointed holds it no longer")
    await _known_to_services(house, checked)
    return checked


def _rights_of(union: _Union, holding: Any) -> list[str]:
    office = union.offices.get(holding["office_id"])
    if office is None or not union.chain(holding):
        return []
    return [right for right in _rights(office) if union.limit(office["id"], right)[0]]


def _bounds(union: _Union, holding: Any, right: str) -> tuple[Any, tuple[tuple[UUID, int], ...]]:
    chain = union.chain(holding)
    limits = [(one["id"], union.limit(one["office_id"], right)[1]) for one in chain]
    return (
        min(one["until"] for one in chain),
        tuple((holding_id, limit) for holding_id, limit in limits if limit is not None),
    )


def _charges(stored: str) -> tuple[tuple[UUID, int], ...]:
    return tuple((UUID(one["holding_id"]), int(one["limit_minor"])) for one in orjson.loads(stored))


async def _known_to_services(house: House, checked: Checked) -> None:
    """What the ledger knows is the newest that identity told."""
    told = {(row["union_id"], row["member_id"]): row for row in await house.rows("identity", _VERSIONS)}
    known = await house.rows("ledger", _VERSIONS)
    checked.numbers["members known to the ledger"] = len(known)
    for row in known:
        own = told.get((row["union_id"], row["member_id"]))
        if own is None or (own["version"], _plain(own)) != (row["version"], _plain(row)):
            named = f"union_id={row['union_id']} member_id={row['member_id']} version={row['version']}"
            checked.wrong("ledger", named, "not what identity told last")


def _plain(row: Any) -> Any:
    return orjson.loads(row["grants"])


PROMISES = (
    Promise("identity", "identity.offices", "nobody holds a right that no living grant gives", offices),
)
