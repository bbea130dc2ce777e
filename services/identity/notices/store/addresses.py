"""Where members are told, as rows, and the lease of the one process that sends to each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.domain.address import Address, ChannelKind, EmailCode, PushKeys

_COLUMNS = (
    "id, member_id, kind, target, token, named_at, device_key_id, p256dh, auth, code, code_expires_at, "
    "code_tries_left, confirmed_at, told_number, told_at, due_at, failures_count, fault"
)
_ADD = f"""
INSERT INTO notice_addresses ({_COLUMNS}) VALUES ({", ".join(f"${number}" for number in range(1, 19))})
"""  # noqa: S608 - made of this file's own text
_SAVE = """
UPDATE notice_addresses SET code = $2, code_expires_at = $3, code_tries_left = $4, confirmed_at = $5,
    told_number = $6, told_at = $7, due_at = $8, failures_count = $9, fault = $10, leased_until = NULL
WHERE id = $1
"""
_OF_MEMBER = f"""
SELECT {_COLUMNS} FROM notice_addresses WHERE member_id = $1 ORDER BY named_at, id
"""  # noqa: S608 - made of this file's own text
_FIND = f"""
SELECT {_COLUMNS} FROM notice_addresses WHERE id = $1 FOR UPDATE
"""  # noqa: S608 - made of this file's own text
_EMAIL = f"""
SELECT {_COLUMNS} FROM notice_addresses WHERE member_id = $1 AND kind = 'email' FOR UPDATE
"""  # noqa: S608 - made of this file's own text
_DROP_SIGNED_OUT = """
DELETE FROM notice_addresses WHERE kind = 'push' AND due_at <= $1 AND NOT EXISTS (
    SELECT FROM members WHERE members.id = notice_addresses.member_id AND locked_by IS NOT NULL
) AND NOT EXISTS (
    SELECT FROM sessions JOIN device_keys ON device_keys.id = sessions.device_key_id
    WHERE sessions.device_key_id = notice_addresses.device_key_id AND revoked_at IS NULL
      AND ended_at IS NULL AND expires_at > $1)
"""
_LEASE = f"""
UPDATE notice_addresses SET leased_until = $2 WHERE id IN (
    SELECT id FROM notice_addresses
    WHERE due_at <= $1 AND kind = ANY($4) AND (leased_until IS NULL OR leased_until <= $1)
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""  # noqa: S608 - made of this file's own text


def _address(row: Mapping[str, Any]) -> Address:
    code = None
    if row["code"] is not None:
        code = EmailCode(row["code"], row["code_expires_at"], row["code_tries_left"])
    keys = None if row["p256dh"] is None else PushKeys(row["p256dh"], row["auth"])
    plain = {
        name: row[name]
        for name in (
            "id", "member_id", "target", "token", "named_at", "device_key_id", "confirmed_at", "told_number",
            "told_at", "due_at", "failures_count", "fault",
        )
    }  # fmt: skip
    return Address(kind=ChannelKind(row["kind"]), keys=keys, code=code, **plain)


def _code_values(address: Address) -> tuple[str | None, datetime | None, int | None]:
    code = address.code
    return (None, None, None) if code is None else (code.code, code.expires_at, code.tries_left)


async def add_address(unit: UnitOfWork, address: Address) -> None:
    """The member has none of its kind there: `remove_email`, `remove_browser` come first."""
    keys = address.keys
    await (await unit.raw()).execute(
        _ADD,
        address.id,
        address.member_id,
        address.kind.value,
        address.target,
        address.token,
        address.named_at,
        address.device_key_id,
        None if keys is None else keys.p256dh,
        None if keys is None else keys.auth,
        *_code_values(address),
        address.confirmed_at,
        address.told_number,
        address.told_at,
        address.due_at,
        address.failures_count,
        address.fault,
    )


async def save_address(unit: UnitOfWork, address: Address) -> None:
    """What may change; a lease is given back. The caller holds the row's lock."""
    await (await unit.raw()).execute(
        _SAVE,
        address.id,
        *_code_values(address),
        address.confirmed_at,
        address.told_number,
        address.told_at,
        address.due_at,
        address.failures_count,
        address.fault,
    )


async def remove_address(unit: UnitOfWork, address_id: UUID) -> None:
    await (await unit.raw()).execute("DELETE FROM notice_addresses WHERE id = $1", address_id)


async def remove_email(unit: UnitOfWork, member_id: UUID) -> bool:
    """False where there was none."""
    query = "DELETE FROM notice_addresses WHERE member_id = $1 AND kind = 'email'"
    return await (await unit.raw()).execute(query, member_id) != "DELETE 0"


async def remove_browser(unit: UnitOfWork, device_key_id: str, target: str | None = None) -> bool:
    """That of a device, and whoever else was told at the same place before. False where there was none."""
    query = "DELETE FROM notice_addresses WHERE kind = 'push' AND (device_key_id = $1 OR target = $2)"
    return await (await unit.raw()).execute(query, device_key_id, target) != "DELETE 0"


async def remove_by_token(unit: UnitOfWork, token: str) -> UUID | None:
    """Whose e-mail address it was; None where the token ends nothing (any more)."""
    query = "DELETE FROM notice_addresses WHERE token = $1 RETURNING member_id"
    return await (await unit.raw()).fetchval(query, token)


async def addresses_of(unit: UnitOfWork, member_id: UUID) -> Sequence[Address]:
    return [_address(row) for row in await (await unit.raw()).fetch(_OF_MEMBER, member_id)]


async def find_address(unit: UnitOfWork, address_id: UUID) -> Address | None:
    """Under its row's lock."""
    row = await (await unit.raw()).fetchrow(_FIND, address_id)
    return None if row is None else _address(row)


async def email_of(unit: UnitOfWork, member_id: UUID) -> Address | None:
    """Under its row's lock."""
    row = await (await unit.raw()).fetchrow(_EMAIL, member_id)
    return None if row is None else _address(row)


async def have_due(unit: UnitOfWork, member_id: UUID, due: datetime) -> None:
    """At the latest then; what is due sooner stays so."""
    query = (
        "UPDATE notice_addresses SET due_at = least(due_at, $2) "
        "WHERE member_id = $1 AND confirmed_at IS NOT NULL"
    )
    await (await unit.raw()).execute(query, member_id, due)


async def move_due(unit: UnitOfWork, member_id: UUID, due: datetime) -> None:
    """What waits is due then instead."""
    query = (
        "UPDATE notice_addresses SET due_at = $2 "
        "WHERE member_id = $1 AND confirmed_at IS NOT NULL AND due_at IS NOT NULL AND failures_count = 0"
    )
    await (await unit.raw()).execute(query, member_id, due)


async def lease_due(
    unit: UnitOfWork, kinds: Collection[ChannelKind], lease: timedelta, limit: int
) -> Sequence[Address]:
    """To whom a message is due and no process sends: the caller's until the lease ends. Browsers where
    nobody is signed in any more are forgotten first, but for those of an account that is locked."""
    raw = await unit.raw()
    await raw.execute(_DROP_SIGNED_OUT, unit.now)
    names = [kind.value for kind in kinds]
    return [_address(row) for row in await raw.fetch(_LEASE, unit.now, unit.now + lease, limit, names)]


async def waiting_figures(unit: UnitOfWork, kinds: Collection[ChannelKind]) -> tuple[int, float]:
    """How many messages wait, and the seconds for which the longest has been due."""
    row = await (await unit.raw()).fetchrow(
        "SELECT count(*) AS waiting, min(due_at) AS due FROM notice_addresses "
        "WHERE due_at IS NOT NULL AND kind = ANY($1)",
        [kind.value for kind in kinds],
    )
    assert row is not None
    overdue = 0.0 if row["due"] is None else (unit.now - row["due"]).total_seconds()
    return row["waiting"], max(0.0, overdue)
