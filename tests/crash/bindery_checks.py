"""The bindery of chapter seventeen against the databases: each thing once, and what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.crash.check_kinds import Check, Databases, transfers_of

_BUSINESS = "(SELECT id FROM businesses WHERE name = 'Bindery ' || $1)"
_COUNTS = {
    "found": f"SELECT count(*) = 1 FROM businesses WHERE id = {_BUSINESS}",
    "shares": f"""
        SELECT count(*) = 1 FROM business_share_changes
        WHERE business_id = {_BUSINESS} AND from_id IS NOT NULL
    """,
    "manager": f"""
        SELECT count(*) = 1 AND bool_and(passed_at IS NOT NULL) FROM business_resolutions
        WHERE business_id = {_BUSINESS}
    """,
    "hire": f"""
        SELECT count(*) = 1 FROM business_posts WHERE business_id = {_BUSINESS} AND kind = 'hire'
    """,
}
_ordered = transfers_of(10)


async def _bound(databases: Databases, act: str, answer: Any) -> object:
    """`bindery/WHAT/SEASON`."""
    _, what, season = act.split("/")
    if what in _COUNTS:
        return await databases["identity"].fetchval(_COUNTS[what], season)
    if what == "order":
        return await _ordered(databases, act, answer)
    return await databases["ledger"].fetchval(
        "SELECT count(*) = 1 FROM business_payments WHERE id = $1", UUID(answer["id"])
    )


BINDERY_CHECKS: Mapping[str, Check] = {"bindery": _bound}
