"""The new rules of chapter fourteen against the databases: one amendment, one acceptance each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.crash.check_kinds import Check, Databases, member_of, row_of


async def _moved_in(databases: Databases, act: str, answer: Any) -> object:
    return await databases["identity"].fetchval(
        "SELECT state = 'active' FROM memberships WHERE union_id = $1 AND member_id = $2",
        UUID(answer["union_id"]),
        await member_of(databases, act.rsplit("/", 1)[1]),
    )


async def _amended(databases: Databases, act: str, answer: Any) -> object:
    """One version came, however often it was asked for; it asks under the terms of the first."""
    rows = await databases["identity"].fetch(
        "SELECT version, hash, material, by_silence FROM charters WHERE union_id = $1 AND version > 1",
        UUID(answer["union_id"]),
    )
    return [tuple(row) for row in rows] == [(answer["version"], answer["hash"], True, "suspends")]


async def _ruled(databases: Databases, act: str, answer: Any) -> object:
    """Who accepted has one acceptance, who was refused has none."""
    season, number = act.split("/")[1:]
    accepted = await databases["identity"].fetchval(
        "SELECT count(*) FROM charter_acceptances a JOIN unions u ON u.id = a.union_id "
        "WHERE u.slug = $1 AND a.member_id = $2 AND a.way = 'signed'",
        f"lace-street-{season}",
        await member_of(databases, number),
    )
    return accepted == (0 if "refused" in answer else 1)


async def _accepted(databases: Databases, act: str, answer: Any) -> object:
    counted = await databases["identity"].fetchrow(
        "SELECT count(*) FILTER (WHERE charter_version = 2), count(*) FROM memberships "
        "WHERE union_id = $1 AND state = 'active'",
        UUID(answer["union_id"]),
    )
    assert counted is not None
    return answer["silent"] == "due" and tuple(counted) == (answer["accepted"], answer["members"])


RULES_CHECKS: Mapping[str, Check] = {
    "tenants": row_of(
        "identity",
        "SELECT document -> 'parameters' ->> 'preset' = 'consumers_and_tenants' FROM charters "
        "WHERE union_id = $1 AND version = 1",
    ),
    "movein": _moved_in,
    "amended": _amended,
    "rules": _ruled,
    "accepted": _accepted,
}
