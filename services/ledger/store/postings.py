"""What is written of a batch, one entry in one statement; and what a principal was answered before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.journal import FORMAT, Entry
from services.ledger.domain.journal_rows import Memo
from services.ledger.domain.posting import Posted
from services.ledger.domain.results import Result
from services.ledger.domain.rights import CODES, Code
from services.ledger.domain.transfers import (
    NO_PARTICULARS,
    Answer,
    Flag,
    Particulars,
    PostedBefore,
    Posting,
    RefusedBefore,
)
from services.ledger.store.holds import write_holds
from services.ledger.store.mandates import write_uses

if TYPE_CHECKING:
    import asyncpg

_EARLIER = """
SELECT t.id, t.amount_minor, t.code, t.flags, d.id AS debit_account, c.id AS credit_account, NULL AS result,
       p.timeout_seconds, p.pending_id, p.mandate_id
FROM transfers t
LEFT JOIN transfer_particulars p ON p.union_id = t.union_id AND p.sequence = t.sequence
JOIN accounts d ON d.union_id = t.union_id AND d.number = t.debit_number
JOIN accounts c ON c.union_id = t.union_id AND c.number = t.credit_number
WHERE t.union_id = $1 AND t.principal_id = $2 AND t.id = ANY($3::uuid[])
UNION ALL
SELECT id, NULL, NULL, NULL, NULL, NULL, result, NULL, NULL, NULL FROM refused_transfers
WHERE union_id = $1 AND principal_id = $2 AND id = ANY($3::uuid[])
"""
_WRITE_ENTRY = """
WITH entry AS (
    INSERT INTO journal_entries
        (union_id, number, format, time, count, last_sequence, digest, supply, previous_hash, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $32, $8, $9)
), head AS (
    UPDATE journal_heads SET number = $2, last_sequence = $6, time = $4, hash = $9 WHERE union_id = $1
), balances AS (
    UPDATE account_balances b
    SET balance_minor = after.balance_minor, last_sequence = after.last_sequence,
        reserved_minor = after.reserved_minor, expected_minor = after.expected_minor,
        closed_sequence = after.closed_sequence
    FROM unnest($10::bigint[], $11::bigint[], $12::bigint[], $30::bigint[], $31::bigint[], $33::bigint[])
      AS after (number, balance_minor, last_sequence, reserved_minor, expected_minor, closed_sequence)
    WHERE b.union_id = $1 AND b.number = after.number
), acts AS (
    INSERT INTO transfer_acts (union_id, sequence, last_sequence, device_key_id, nonce)
    SELECT $1, sequence, last_sequence, device_key_id, nonce
    FROM unnest($13::bigint[], $29::bigint[], $14::text[], $15::text[])
      AS act (sequence, last_sequence, device_key_id, nonce)
), shares AS (
    INSERT INTO contributions (union_id, escrow_number, contributor_number, amount_minor)
    SELECT $1, escrow_number, contributor_number, amount_minor
    FROM unnest($25::bigint[], $26::bigint[], $27::bigint[])
      AS share (escrow_number, contributor_number, amount_minor)
    ON CONFLICT (union_id, escrow_number, contributor_number)
    DO UPDATE SET amount_minor = excluded.amount_minor
)
INSERT INTO transfer_rows (union_number, sequence, entry_number, id, principal_number, debit_number,
                           credit_number, amount_minor, debit_previous, credit_previous, code, flags)
SELECT $34, sequence, $2, id, principal_number, debit_number, credit_number, amount_minor, debit_previous,
       credit_previous, code, flags
FROM unnest($17::bigint[], $18::uuid[], $16::bigint[], $19::bigint[], $20::bigint[], $21::bigint[],
            $22::bigint[], $23::bigint[], $24::smallint[], $28::smallint[])
  AS row (sequence, id, principal_number, debit_number, credit_number, amount_minor, debit_previous,
          credit_previous, code, flags)
"""
_NUMBER = """
INSERT INTO principals (union_id, id) SELECT $1, id FROM unnest($2::uuid[]) AS new (id) RETURNING id, number
"""
_HAS_REFUSALS = "SELECT EXISTS (SELECT FROM refused_transfers WHERE union_id = $1 AND principal_id = $2)"
_HAS_BURNT = """
SELECT EXISTS (
    SELECT FROM unnest($3::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
        SELECT FROM refused_transfers WHERE union_id = $1 AND principal_id = $2 AND id = asked.id OFFSET 0) r)
"""
_WRITE_REFUSALS = """
INSERT INTO refused_transfers (union_id, principal_id, id, result, refused_at)
SELECT $1, principal_id, id, result, $5
FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS refusal (principal_id, id, result)
"""
_WRITE_MEMOS = """
INSERT INTO transfer_memos (union_id, sequence, memo, salt, commitment)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bytea[])
"""
_WRITE_PARTICULARS = """
INSERT INTO transfer_particulars (union_id, sequence, timeout_seconds, pending_id, mandate_id)
SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::uuid[], $5::uuid[])
"""
ActOfTransfer = tuple[str, str]
"""Device key id and nonce: the row of signed_acts that allowed a transfer."""

COPIED_FROM_ROWS = 64
"""So many transfers are cheaper by COPY than as arrays of the one statement."""
_COLUMNS = (
    "union_number", "sequence", "entry_number", "id", "principal_number", "debit_number", "credit_number",
    "amount_minor", "debit_previous", "credit_previous", "code", "flags",
)  # fmt: skip


class AllowedTransfers(NamedTuple):
    """An act, and the transfers that it allowed: all from `first` to `last`, sequence numbers."""

    first: int
    last: int
    act: ActOfTransfer


async def earlier_answers(
    raw: asyncpg.Connection, union_id: UUID, principal_id: UUID, ids: Collection[UUID]
) -> dict[UUID, PostedBefore | RefusedBefore]:
    """What this principal was answered before for these ids."""
    rows = await raw.fetch(_EARLIER, union_id, principal_id, list(ids))
    return {row["id"]: earlier_answer_of(row) for row in rows}


async def number_principals(
    raw: asyncpg.Connection, union_id: UUID, known: Mapping[UUID, int], principal_ids: Collection[UUID]
) -> Mapping[UUID, int]:
    """The numbers by which rows name their principals; new ones get theirs, under the head's lock."""
    new = [principal_id for principal_id in dict.fromkeys(principal_ids) if principal_id not in known]
    if not new:
        return known
    rows = await raw.fetch(_NUMBER, union_id, new)
    return {**known, **{row["id"]: row["number"] for row in rows}}


async def has_burnt(raw: asyncpg.Connection, union_id: UUID, principal_id: UUID, ids: Sequence[str]) -> bool:
    """Whether this principal was refused any of these ids before, or has cancelled it."""
    if not await raw.fetchval(_HAS_REFUSALS, union_id, principal_id):
        return False
    return bool(await raw.fetchval(_HAS_BURNT, union_id, principal_id, ids))


def earlier_answer_of(row: Any) -> PostedBefore | RefusedBefore:
    if row["result"] is not None:
        return RefusedBefore(Result(row["result"]))
    return PostedBefore(
        row["debit_account"],
        row["credit_account"],
        row["amount_minor"],
        Code(row["code"]).word,
        Flag(row["flags"]),
        _particulars_of(row),
    )


def _particulars_of(row: Any) -> Particulars | None:
    found = Particulars(row["timeout_seconds"], row["pending_id"], row["mandate_id"])
    return None if found == NO_PARTICULARS else found


async def write_entry(
    raw: asyncpg.Connection,
    entry: Entry,
    posted: Posted,
    acts: Sequence[AllowedTransfers],
    accounts: Mapping[UUID, Account],
    memos: Mapping[int, Memo],
    principals: Mapping[UUID, int],
) -> None:
    """Write the entry, its transfers, balances and contributions after it and the head: in one statement, and
    one more for each of what else there is. `memos`: by the transfer's sequence; `principals`:
    their numbers."""
    rows = posted.postings
    if len(rows) >= COPIED_FROM_ROWS:
        await _copy_transfers(raw, entry, rows, principals)
        rows = ()
    await raw.execute(
        _WRITE_ENTRY,
        entry.union_id,
        entry.number,
        FORMAT,
        entry.time,
        entry.count,
        entry.last_sequence,
        entry.digest,
        entry.previous_hash,
        entry.hash,
        [after.account.number for after in posted.balances],
        [after.balance_minor for after in posted.balances],
        [after.last_sequence for after in posted.balances],
        [allowed.first for allowed in acts],
        [allowed.act[0] for allowed in acts],
        [allowed.act[1] for allowed in acts],
        [principals[row.principal_id] for row in rows],
        [row.sequence for row in rows],
        [row.request.id for row in rows],
        [row.debit_number for row in rows],
        [row.credit_number for row in rows],
        [row.amount_minor for row in rows],
        [row.debit_previous for row in rows],
        [row.credit_previous for row in rows],
        [CODES[row.request.code] for row in rows],
        [accounts[escrow].number for escrow, _ in posted.contributions],
        [accounts[contributor].number for _, contributor in posted.contributions],
        list(posted.contributions.values()),
        # The driver takes a flag for an array of its bits.
        [int(row.request.flags) for row in rows],
        [allowed.last for allowed in acts],
        [after.pending.reserved_minor for after in posted.balances],
        [after.pending.expected_minor for after in posted.balances],
        entry.supply,
        [after.closed_sequence for after in posted.balances],
        entry.union_number,
    )
    await _write_beside(raw, entry, posted, accounts, memos)


async def _write_beside(
    raw: asyncpg.Connection,
    entry: Entry,
    posted: Posted,
    accounts: Mapping[UUID, Account],
    memos: Mapping[int, Memo],
) -> None:
    """What few transfers have: memos, and what is of holds and mandates."""
    if posted.holds:
        await write_holds(raw, entry.union_id, posted.holds.values(), accounts)
    if posted.mandate_uses:
        await write_uses(raw, entry.union_id, posted.mandate_uses, accounts)
    particulars = [
        (row.sequence, *row.request.particulars) for row in posted.postings if row.request.particulars
    ]
    if particulars:
        await raw.execute(_WRITE_PARTICULARS, entry.union_id, *map(list, zip(*particulars, strict=True)))
    if memos:
        rows = [(sequence, *memo) for sequence, memo in memos.items()]
        await raw.execute(_WRITE_MEMOS, entry.union_id, *map(list, zip(*rows, strict=True)))


async def _copy_transfers(
    raw: asyncpg.Connection, entry: Entry, rows: Sequence[Posting], principals: Mapping[UUID, int]
) -> None:
    union_number, number = entry.union_number, entry.number
    records = (
        (
            union_number,
            row.sequence,
            number,
            row.request.id,
            principals[row.principal_id],
            row.debit_number,
            row.credit_number,
            row.amount_minor,
            row.debit_previous,
            row.credit_previous,
            CODES[row.request.code],
            row.request.flags,
        )
        for row in rows
    )
    await raw.copy_records_to_table("transfer_rows", records=records, columns=_COLUMNS)


async def write_refusals(
    raw: asyncpg.Connection, union_id: UUID, refusals: Sequence[tuple[UUID, Answer]], now: datetime
) -> None:
    """Burn the ids, each of its principal."""
    if refusals:
        await raw.execute(
            _WRITE_REFUSALS,
            union_id,
            [principal_id for principal_id, _ in refusals],
            [refusal.id for _, refusal in refusals],
            [refusal.result.value for _, refusal in refusals],
            now,
        )
