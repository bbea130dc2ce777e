"""Mandates as rows: their terms never change, what was used of them and their end stand beside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.mandates import Mandate, MandateKey, MandateUse

if TYPE_CHECKING:
    import asyncpg

    from services.ledger.store.postings import ActOfTransfer

_NAMED = """
SELECT m.id, d.id AS debit_account, c.id AS payee_account, m.cap_minor, m.renews_every_days, m.given_at,
       m.expires_at, u.revoked_at, u.period, u.used_minor
FROM unnest($2::uuid[], $3::uuid[]) AS asked (debit_account, id)
CROSS JOIN LATERAL (
    SELECT id, number FROM accounts WHERE union_id = $1 AND id = asked.debit_account OFFSET 0) d
CROSS JOIN LATERAL (
    SELECT * FROM mandates WHERE union_id = $1 AND debit_number = d.number AND id = asked.id OFFSET 0) m
CROSS JOIN LATERAL (
    SELECT * FROM mandate_uses
    WHERE union_id = $1 AND debit_number = d.number AND mandate_id = asked.id OFFSET 0) u
CROSS JOIN LATERAL (
    SELECT id FROM accounts WHERE union_id = $1 AND number = m.payee_number OFFSET 0) c
"""
_GIVE = """
WITH terms AS (
    INSERT INTO mandates (union_id, debit_number, id, payee_number, cap_minor, renews_every_days, given_at,
                          expires_at, device_key_id, nonce)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)
INSERT INTO mandate_uses (union_id, debit_number, mandate_id, period, used_minor, version)
VALUES ($1, $2, $3, 0, 0, 1)
"""
_USE = """
UPDATE mandate_uses u SET period = used.period, used_minor = used.used_minor
FROM unnest($2::bigint[], $3::uuid[], $4::int[], $5::bigint[]) AS used (number, id, period, used_minor)
WHERE u.union_id = $1 AND u.debit_number = used.number AND u.mandate_id = used.id
"""
_REVOKE = """
UPDATE mandate_uses SET revoked_at = $4, version = version + 1
WHERE union_id = $1 AND debit_number = $2 AND mandate_id = $3 AND revoked_at IS NULL
RETURNING version
"""
_COUNT_LIVING = """
SELECT count(*) FROM mandates m
JOIN mandate_uses u ON u.union_id = m.union_id AND u.debit_number = m.debit_number AND u.mandate_id = m.id
WHERE m.union_id = $1 AND m.debit_number = $2 AND m.expires_at > $3 AND u.revoked_at IS NULL
"""
_LINES = """
SELECT m.id, d.id AS debit_account, c.id AS payee_account, m.cap_minor, m.renews_every_days, m.given_at,
       m.expires_at, u.revoked_at, u.period, u.used_minor, d.owner_id AS payer_id, c.owner_id AS payee_id,
       d.asset
FROM mandates m
JOIN mandate_uses u ON u.union_id = m.union_id AND u.debit_number = m.debit_number AND u.mandate_id = m.id
JOIN accounts d ON d.union_id = m.union_id AND d.number = m.debit_number
JOIN accounts c ON c.union_id = m.union_id AND c.number = m.payee_number
WHERE m.union_id = $1 AND m.{side} = $2 AND {which}
"""
_PAGE = "(m.given_at, m.id) < ($3, $4) ORDER BY m.given_at DESC, m.id DESC LIMIT $5"
_GIVEN_PAGE = _LINES.format(side="debit_number", which=_PAGE)
_RECEIVED_PAGE = _LINES.format(side="payee_number", which=_PAGE)
_GIVEN = _LINES.format(side="debit_number", which="m.id = $3")
_LIVING = _LINES.format(side="debit_number", which="m.expires_at > $3 AND u.revoked_at IS NULL")


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as both of its members see it."""

    mandate: Mandate
    payer_id: UUID
    payee_id: UUID
    asset: str


async def named_mandates(
    raw: asyncpg.Connection, union_id: UUID, keys: Collection[MandateKey]
) -> dict[MandateKey, Mandate]:
    """Those that exist, by the id of their debit account and their own."""
    rows = await raw.fetch(_NAMED, union_id, [key[0] for key in keys], [key[1] for key in keys])
    return {mandate.key: mandate for mandate in map(_mandate_of, rows)}


async def keep_mandate(
    raw: asyncpg.Connection,
    union_id: UUID,
    mandate: Mandate,
    debit_number: int,
    payee_number: int,
    act: ActOfTransfer,
) -> None:
    """A new one; its id is free on its debit account."""
    await raw.execute(
        _GIVE,
        union_id,
        debit_number,
        mandate.id,
        payee_number,
        mandate.cap_minor,
        mandate.renews_every_days,
        mandate.given_at,
        mandate.expires_at,
        *act,
    )


async def write_uses(
    raw: asyncpg.Connection,
    union_id: UUID,
    uses: Mapping[MandateKey, MandateUse],
    accounts: Mapping[UUID, Account],
) -> None:
    await raw.execute(
        _USE,
        union_id,
        [accounts[debit_account].number for debit_account, _ in uses],
        [mandate_id for _, mandate_id in uses],
        [use.period for use in uses.values()],
        [use.used_minor for use in uses.values()],
    )


async def end_mandate(
    raw: asyncpg.Connection, union_id: UUID, debit_number: int, mandate_id: UUID, now: datetime
) -> int | None:
    """Its version after that; None when it was revoked before, or is not there."""
    version: int | None = await raw.fetchval(_REVOKE, union_id, debit_number, mandate_id, now)
    return version


async def count_living(raw: asyncpg.Connection, union_id: UUID, debit_number: int, now: datetime) -> int:
    """Mandates of the account that may still be used."""
    counted: int | None = await raw.fetchval(_COUNT_LIVING, union_id, debit_number, now)
    return counted or 0


async def given_mandate(
    raw: asyncpg.Connection, union_id: UUID, debit_number: int, mandate_id: UUID
) -> MandateLine | None:
    row = await raw.fetchrow(_GIVEN, union_id, debit_number, mandate_id)
    return None if row is None else _line_of(row)


async def living_mandates(
    raw: asyncpg.Connection, union_id: UUID, debit_number: int, now: datetime
) -> Sequence[MandateLine]:
    """Those of the account that may still be used."""
    return [_line_of(row) for row in await raw.fetch(_LIVING, union_id, debit_number, now)]


async def given_page(
    raw: asyncpg.Connection, union_id: UUID, number: int, before: tuple[datetime, UUID], limit: int
) -> Sequence[MandateLine]:
    """Those that the account's owner gave, the newest first."""
    return [_line_of(row) for row in await raw.fetch(_GIVEN_PAGE, union_id, number, *before, limit)]


async def received_page(
    raw: asyncpg.Connection, union_id: UUID, number: int, before: tuple[datetime, UUID], limit: int
) -> Sequence[MandateLine]:
    """Those that let the account's owner take, the newest first."""
    return [_line_of(row) for row in await raw.fetch(_RECEIVED_PAGE, union_id, number, *before, limit)]


def _mandate_of(row: Any) -> Mandate:
    return Mandate(
        id=row["id"],
        debit_account=row["debit_account"],
        payee_account=row["payee_account"],
        cap_minor=row["cap_minor"],
        renews_every_days=row["renews_every_days"],
        given_at=row["given_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        use=MandateUse(row["period"], row["used_minor"]),
    )


def _line_of(row: Any) -> MandateLine:
    return MandateLine(_mandate_of(row), row["payer_id"], row["payee_id"], row["asset"])
