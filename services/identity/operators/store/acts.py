"""What operators did, with what became of it, as rows that are only added to."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import Appeal, OperatorAct, Ruling, RulingKind
from services.identity.operators.domain.powers import Power

_ACT = """
SELECT a.id, a.operator_id, o.handle AS operator_handle, a.power, a.member_id, a.union_id,
       coalesce(u.head_id, u.founder_id) AS head_id, a.picture, a.ground, a.made_at, a.until,
       p.member_id AS appealed_by, p.words, p.appealed_at, p.decide_by,
       d.kind AS decision, d.operator_id AS decided_by, dm.handle AS decided_by_handle,
       d.reasons AS decision_reasons, d.ruled_at AS decided_at,
       e.operator_id AS undone_by, em.handle AS undone_by_handle, e.reasons AS undoing_reasons,
       e.ruled_at AS undone_at
FROM operator_acts a JOIN members o ON o.id = a.operator_id
LEFT JOIN unions u ON u.id = a.union_id
LEFT JOIN operator_appeals p ON p.act_id = a.id
LEFT JOIN operator_rulings d ON d.act_id = a.id AND d.kind <> 'undone'
LEFT JOIN members dm ON dm.id = d.operator_id
LEFT JOIN operator_rulings e ON e.act_id = a.id AND e.kind = 'undone'
LEFT JOIN members em ON em.id = e.operator_id
"""
_NEWEST = "ORDER BY a.id DESC LIMIT"
_LISTED = f"{_ACT} WHERE ($1::uuid IS NULL OR a.id < $1) {_NEWEST} $2"
_ABOUT_MEMBER = f"""{_ACT} WHERE ($1::uuid IS NULL OR a.id < $1) AND a.id IN (
    SELECT id FROM operator_acts WHERE member_id = $3
    UNION ALL SELECT h.id FROM operator_acts h JOIN memberships f ON f.union_id = h.union_id
    WHERE f.member_id = $3 AND f.role = 'founder'
) {_NEWEST} $2"""  # noqa: S608 - of this file's own text
_ABOUT_UNION = f"""{_ACT} JOIN operator_act_unions c ON c.act_id = a.id AND c.union_id = $3
WHERE ($1::uuid IS NULL OR c.act_id < $1) ORDER BY c.act_id DESC LIMIT $2"""
_ONE = f"{_ACT} WHERE a.id = $1"
_OPEN = "a.power = $1 AND (a.until IS NULL OR a.until > $2)"
_ON_MEMBER = f"{_ACT} WHERE a.member_id = $3 AND {_OPEN} ORDER BY a.id DESC"
_ON_UNION = f"{_ACT} WHERE a.union_id = $3 AND {_OPEN} ORDER BY a.id DESC"
_ADD = """
INSERT INTO operator_acts (id, operator_id, power, member_id, union_id, picture, ground, made_at, until,
                           device_key_id, nonce)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_CONCERNED = """
INSERT INTO operator_act_unions (union_id, act_id)
SELECT id, $1::uuid FROM unions WHERE id = $3
UNION SELECT union_id, $1::uuid FROM memberships WHERE member_id = $2 AND state IN ('active', 'suspended')
"""
_APPEAL = """
INSERT INTO operator_appeals (act_id, member_id, words, appealed_at, decide_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING 1
"""
_RULE = """
INSERT INTO operator_rulings (act_id, kind, operator_id, reasons, ruled_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING 1
"""


def in_force(now: str) -> str:
    """SQL: whether the act `a` is in force at this time; as `OperatorAct.state_at` says it."""
    return f"""(a.until IS NULL OR a.until > {now})
AND NOT EXISTS (SELECT FROM operator_rulings r WHERE r.act_id = a.id AND r.kind <> 'upheld')
AND NOT EXISTS (SELECT FROM operator_appeals p WHERE p.act_id = a.id AND p.decide_by <= {now}
    AND NOT EXISTS (SELECT FROM operator_rulings r WHERE r.act_id = a.id AND r.kind = 'upheld'))
"""  # noqa: S608 - of this file's own text


_LOCKED = f"""
SELECT EXISTS (SELECT FROM operator_acts a WHERE a.member_id = $1 AND a.power = 'lock_member'
    AND {in_force("$2")})
"""  # noqa: S608 - of this file's own text


def hidden(union: str, now: str) -> str:
    """SQL: whether the union of this id is hidden at this time."""
    return f"EXISTS (SELECT FROM operator_acts a WHERE a.union_id = {union} AND {in_force(now)})"


async def is_locked(unit: UnitOfWork, member_id: UUID) -> bool:
    """Whether an operator has locked the account, now."""
    return bool(await (await unit.raw()).fetchval(_LOCKED, member_id, unit.now))


def _act(row: asyncpg.Record) -> OperatorAct:
    return OperatorAct(
        id=row["id"],
        operator_id=row["operator_id"],
        operator_handle=row["operator_handle"],
        power=Power(row["power"]),
        member_id=row["member_id"],
        union_id=row["union_id"],
        head_id=row["head_id"],
        picture=row["picture"],
        ground=row["ground"],
        made_at=row["made_at"],
        until=row["until"],
        appeal=_appeal(row),
        decision=_decision(row),
        undoing=_undoing(row),
    )


def _appeal(row: asyncpg.Record) -> Appeal | None:
    if row["appealed_by"] is None:
        return None
    return Appeal(row["appealed_by"], row["words"], row["appealed_at"], row["decide_by"])


def _decision(row: asyncpg.Record) -> Ruling | None:
    if row["decision"] is None:
        return None
    return Ruling(
        row["decided_by"],
        row["decided_by_handle"],
        RulingKind(row["decision"]),
        row["decision_reasons"],
        row["decided_at"],
    )


def _undoing(row: asyncpg.Record) -> Ruling | None:
    if row["undone_by"] is None:
        return None
    return Ruling(
        row["undone_by"],
        row["undone_by_handle"],
        RulingKind.UNDONE,
        row["undoing_reasons"],
        row["undone_at"],
    )


async def add_act(unit: UnitOfWork, act: OperatorAct, signed: SignedAct) -> None:
    """With the unions that it concerns: the one that it is about, those in which the member is."""
    raw = await unit.raw()
    await raw.execute(
        _ADD,
        act.id,
        act.operator_id,
        act.power.value,
        act.member_id,
        act.union_id,
        act.picture,
        act.ground,
        act.made_at,
        act.until,
        signed.key_id,
        signed.nonce,
    )
    await raw.execute(_CONCERNED, act.id, act.member_id, act.union_id)


async def add_appeal(unit: UnitOfWork, act_id: UUID, appeal: Appeal) -> bool:
    """False where there is one."""
    return (
        await (await unit.raw()).fetchval(
            _APPEAL, act_id, appeal.member_id, appeal.text, appeal.appealed_at, appeal.decide_by
        )
        is not None
    )


async def add_ruling(unit: UnitOfWork, act_id: UUID, ruling: Ruling) -> bool:
    """False where the act has ended, or its appeal is decided, by then."""
    return (
        await (await unit.raw()).fetchval(
            _RULE, act_id, ruling.kind.value, ruling.operator_id, ruling.reasons, ruling.ruled_at
        )
        is not None
    )


async def find_act(unit: UnitOfWork, act_id: UUID) -> OperatorAct | None:
    row = await (await unit.raw()).fetchrow(_ONE, act_id)
    return None if row is None else _act(row)


async def list_acts(unit: UnitOfWork, before: UUID | None, limit: int) -> Sequence[OperatorAct]:
    """The newest first; one more than the limit where there are more."""
    return [_act(row) for row in await (await unit.raw()).fetch(_LISTED, before, limit + 1)]


async def list_about_member(
    unit: UnitOfWork, member_id: UUID, before: UUID | None, limit: int
) -> Sequence[OperatorAct]:
    """About them, and about the unions whose founder's office they hold."""
    rows = await (await unit.raw()).fetch(_ABOUT_MEMBER, before, limit + 1, member_id)
    return [_act(row) for row in rows]


async def list_about_union(
    unit: UnitOfWork, union_id: UUID, before: UUID | None, limit: int
) -> Sequence[OperatorAct]:
    """About the union, and about who was a member of it then."""
    rows = await (await unit.raw()).fetch(_ABOUT_UNION, before, limit + 1, union_id)
    return [_act(row) for row in rows]


async def acts_on_member(unit: UnitOfWork, power: Power, member_id: UUID) -> Sequence[OperatorAct]:
    """Those that may be in force, the newest first."""
    rows = await (await unit.raw()).fetch(_ON_MEMBER, power.value, unit.now, member_id)
    return [_act(row) for row in rows]


async def acts_on_union(unit: UnitOfWork, power: Power, union_id: UUID) -> Sequence[OperatorAct]:
    """Those that may be in force, the newest first."""
    rows = await (await unit.raw()).fetch(_ON_UNION, power.value, unit.now, union_id)
    return [_act(row) for row in rows]
