"""The circle of chapters fifteen and sixteen against the databases: one of each, and one head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.crash.check_kinds import Check, Databases, member_of

_UNION = "(SELECT id FROM unions WHERE name = 'Circle of Readers ' || $1)"
_COUNTS = {
    "questions": f"SELECT count(*) = 1 FROM admission_questions WHERE union_id = {_UNION}",
    "list": f"SELECT count(*) = 1 FROM invitation_lists WHERE union_id = {_UNION}",
    "apply": f"SELECT count(*) = 1 FROM applications WHERE union_id = {_UNION}",
    "admit": f"SELECT bool_and(state = 'admitted') FROM applications WHERE union_id = {_UNION}",
}


async def _circled(databases: Databases, act: str, answer: Any) -> object:
    """`circle/SEASON` is the founding; `circle/WHAT/SEASON[/PERSON]` what came after."""
    identity, (_, what, *more) = databases["identity"], act.split("/")
    if not more:
        return await identity.fetchval("SELECT count(*) = 1 FROM unions WHERE id = $1", answer["id"])
    season = more[0]
    if what in _COUNTS:
        return await identity.fetchval(_COUNTS[what], season)
    if what == "rows":
        made = await identity.fetchval(
            f"SELECT count(*) FROM invitees WHERE union_id = {_UNION}",
            season,
        )
        return made == len(answer["links"])
    table, who = ("memberships", "member_id") if what == "join" else ("vouches", "voucher_id")
    return await identity.fetchval(
        f"SELECT count(*) = 1 FROM {table} WHERE union_id = {_UNION} AND {who} = $2",
        season,
        await member_of(databases, more[1]),
    )


async def _passed(databases: Databases, act: str, answer: Any) -> object:
    """`torch/WHAT/SEASON`: the office passed once, from who held it before to who did after."""
    _, what, season = act.split("/")
    held = "to_id" if what == "handover" else "from_id"
    return await databases["identity"].fetchval(
        f"SELECT count(*) = 1 AND bool_and({held} = $2) FROM successions WHERE union_id = {_UNION}",
        season,
        UUID(answer["head_id"]),
    )


CIRCLE_CHECKS: Mapping[str, Check] = {"circle": _circled, "torch": _passed}
