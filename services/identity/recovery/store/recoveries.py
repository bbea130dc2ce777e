"""Recoveries and their votes."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from chassis.unit_of_work import UnitOfWork
from services.identity.recovery.domain.recovery import Recovery, RecoveryState, RecoveryWay
from services.identity.store.shown_names import shown_name

_RULED = (
    "id, member_id, way, state, round, threshold, guardians_count, guardians_version, asked_at, expires_at, "
    "waits_until"
)
_ADD = f"""
INSERT INTO recoveries
    ({_RULED}, greeting, key_kind, key_identifier, device_key_id, message, signature, passkey)
VALUES ({", ".join(f"${number}" for number in range(1, 18))}, $18::jsonb)
"""  # noqa: S608 - made of this file's own text
_ALIVE = "state IN ('asked', 'cancelled') AND expires_at > $2 OR state = 'waiting'"
_OF_MEMBER = f"""
SELECT recoveries.*, m.handle, {shown_name("m", "$1")} AS name,
       (SELECT count(*) FROM recovery_votes v
        WHERE v.recovery_id = recoveries.id AND v.round = recoveries.round AND v.approves) AS approvals_count,
       (SELECT v.approves FROM recovery_votes v
        WHERE v.recovery_id = recoveries.id AND v.round = recoveries.round AND v.guardian_id = $1) AS own_vote
FROM recoveries JOIN members m ON m.id = recoveries.member_id
WHERE ({_ALIVE})
  AND (recoveries.member_id = $1 OR EXISTS (
      SELECT FROM guardians g WHERE g.guardian_id = $1 AND g.member_id = recoveries.member_id
        AND g.version = recoveries.guardians_version))
  AND recoveries.member_id IN (SELECT $1 UNION SELECT member_id FROM guardians WHERE guardian_id = $1)
  AND ($3::uuid IS NULL OR recoveries.id > $3)
ORDER BY recoveries.id LIMIT $4
"""  # noqa: S608 - made of this file's own text


@dataclass(frozen=True, slots=True)
class NewKey:
    """The key that is to be the member's, and its proof; `passkey`: what `store/passkeys.py` keeps of one."""

    kind: str
    identifier: str
    device_key_id: str
    message: str
    signature: str
    passkey: Mapping[str, Any] | None

    @property
    def fingerprint(self) -> str:
        """80 bits of the key's SHA-256 in base32, in groups of four: nobody meets it by trying."""
        digest = hashlib.sha256(f"{self.kind}:{self.identifier}".encode()).digest()
        text = base64.b32encode(digest[:10]).decode("ascii")
        return "-".join(text[start : start + 4] for start in range(0, 16, 4))


@dataclass(frozen=True, slots=True)
class ShownRecovery:
    """A recovery as its member and their guardians see it."""

    recovery: Recovery
    handle: str
    name: str
    greeting: str
    key: NewKey
    approvals_count: int
    own_vote: bool | None


def _recovery(row: asyncpg.Record) -> Recovery:
    return Recovery(
        row["id"],
        row["member_id"],
        RecoveryWay(row["way"]),
        RecoveryState(row["state"]),
        row["round"],
        row["threshold"],
        row["guardians_count"],
        row["guardians_version"],
        row["asked_at"],
        row["expires_at"],
        row["waits_until"],
    )


def _key(row: asyncpg.Record) -> NewKey:
    return NewKey(
        row["key_kind"],
        row["key_identifier"],
        row["device_key_id"],
        row["message"],
        row["signature"],
        row["passkey"],
    )


async def add_recovery(unit: UnitOfWork, recovery: Recovery, key: NewKey, greeting: str) -> None:
    """Raises UniqueViolationError where another recovery asks for the same key."""
    await (await unit.raw()).execute(
        _ADD,
        recovery.id,
        recovery.member_id,
        recovery.way.value,
        recovery.state.value,
        recovery.round,
        recovery.threshold,
        recovery.guardians_count,
        recovery.guardians_version,
        recovery.asked_at,
        recovery.expires_at,
        recovery.waits_until,
        greeting,
        key.kind,
        key.identifier,
        key.device_key_id,
        key.message,
        key.signature,
        None if key.passkey is None else orjson.dumps(key.passkey).decode(),
    )


async def lock_recovery(unit: UnitOfWork, recovery_id: UUID) -> Recovery | None:
    """Held until the commit: votes, cancellations and the end come one after the other."""
    raw = await unit.raw()
    row = await raw.fetchrow("SELECT * FROM recoveries WHERE id = $1 FOR UPDATE", recovery_id)
    return None if row is None else _recovery(row)


async def find_recovery(unit: UnitOfWork, recovery_id: UUID) -> tuple[Recovery, NewKey, int] | None:
    """With its key and the approvals of its round."""
    row = await (await unit.raw()).fetchrow(
        """
        SELECT recoveries.*, (
                SELECT count(*) FROM recovery_votes v
                WHERE v.recovery_id = recoveries.id AND v.round = recoveries.round AND v.approves
            ) AS approvals_count
        FROM recoveries WHERE id = $1
        """,
        recovery_id,
    )
    return None if row is None else (_recovery(row), _key(row), row["approvals_count"])


async def save_recovery(unit: UnitOfWork, recovery: Recovery) -> None:
    """What changes of it. The caller holds its lock."""
    await (await unit.raw()).execute(
        "UPDATE recoveries SET state = $2, round = $3, expires_at = $4, waits_until = $5 WHERE id = $1",
        recovery.id,
        recovery.state.value,
        recovery.round,
        recovery.expires_at,
        recovery.waits_until,
    )


async def count_open(unit: UnitOfWork, member_id: UUID) -> int:
    raw = await unit.raw()
    query = f"SELECT count(*) FROM recoveries WHERE member_id = $1 AND ({_ALIVE})"  # noqa: S608 - this file's own text
    return await raw.fetchval(query, member_id, unit.now) or 0


async def recovery_of_key(unit: UnitOfWork, kind: str, identifier: str) -> UUID | None:
    """The recovery that asks for this key. One that nobody decided in time is put away, and asks no more."""
    raw = await unit.raw()
    row = await raw.fetchrow(
        f"""
        SELECT id, ({_ALIVE}) AS is_alive FROM recoveries
        WHERE key_kind = $1 AND key_identifier = $3 AND state IN ('asked', 'waiting', 'cancelled')
        """,  # noqa: S608 - this file's own text
        kind,
        unit.now,
        identifier,
    )
    if row is None or row["is_alive"]:
        return None if row is None else row["id"]
    await raw.execute("UPDATE recoveries SET state = 'expired' WHERE id = $1", row["id"])
    return None


async def end_others(unit: UnitOfWork, member_id: UUID, but: UUID) -> None:
    """Whoever else asked for the account was not its member."""
    await (await unit.raw()).execute(
        """
        UPDATE recoveries SET state = 'refused'
        WHERE member_id = $1 AND id <> $2 AND state IN ('asked', 'waiting', 'cancelled')
        """,
        member_id,
        but,
    )


async def add_vote(unit: UnitOfWork, recovery: Recovery, guardian_id: UUID, *, approves: bool) -> bool:
    """False where the guardian has voted in this round."""
    raw = await unit.raw()
    status = await raw.execute(
        """
        INSERT INTO recovery_votes (recovery_id, round, guardian_id, approves, voted_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
        """,
        recovery.id,
        recovery.round,
        guardian_id,
        approves,
        unit.now,
    )
    return status == "INSERT 0 1"


async def count_votes(unit: UnitOfWork, recovery: Recovery) -> tuple[int, int]:
    """Approvals and disapprovals of its round."""
    row = await (await unit.raw()).fetchrow(
        """
        SELECT count(*) FILTER (WHERE approves) AS approvals, count(*) FILTER (WHERE NOT approves) AS others
        FROM recovery_votes WHERE recovery_id = $1 AND round = $2
        """,
        recovery.id,
        recovery.round,
    )
    assert row is not None
    return row["approvals"], row["others"]


async def recoveries_shown_to(
    unit: UnitOfWork, member_id: UUID, after: UUID | None, limit: int
) -> Sequence[ShownRecovery]:
    """The open ones of their account and their wards'; one more than the limit where there are more."""
    rows = await (await unit.raw()).fetch(_OF_MEMBER, member_id, unit.now, after, limit + 1)
    return [
        ShownRecovery(
            _recovery(row),
            row["handle"],
            row["name"],
            row["greeting"],
            _key(row),
            row["approvals_count"],
            row["own_vote"],
        )
        for row in rows
    ]


async def lock_account(unit: UnitOfWork, member_id: UUID, recovery_id: UUID) -> bool:
    """Nobody signs in from now on; sign-ins before are committed by then. False where another recovery has it
    locked."""
    raw = await unit.raw()
    query = "UPDATE members SET locked_by = $2 WHERE id = $1 AND locked_by IS NULL"
    return await raw.execute(query, member_id, recovery_id) == "UPDATE 1"


async def unlock_account(unit: UnitOfWork, member_id: UUID, recovery_id: UUID | None) -> None:
    """Where this recovery has it locked, or whichever has; its row is held until the commit."""
    query = (
        "UPDATE members SET locked_by = CASE WHEN locked_by = $2 OR $2 IS NULL THEN NULL ELSE locked_by END"
    )
    await (await unit.raw()).execute(f"{query} WHERE id = $1", member_id, recovery_id)


async def waits_until(unit: UnitOfWork, recovery_id: UUID) -> datetime | None:
    return await (await unit.raw()).fetchval("SELECT waits_until FROM recoveries WHERE id = $1", recovery_id)
