"""All that the rules look at, read in one statement under the head's lock: the hot path's one read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.posting import Books
from services.ledger.store.accounts import account_of
from services.ledger.store.postings import ActOfTransfer, earlier_answer_of

if TYPE_CHECKING:
    import asyncpg

# The four kinds of rows share their columns: `what` says which is which.
_READ = """
WITH named AS (
    SELECT a.*, b.balance_minor, b.last_sequence
    FROM accounts a JOIN account_balances b ON b.union_id = a.union_id AND b.number = a.number
    WHERE a.union_id = $1 AND a.id = ANY($2::uuid[])
)
SELECT 'account' AS what, id, number, kind, asset, balance_minor, last_sequence, owner_id, opened_by,
       resource, payees, exit_to, NULL::smallint AS code, NULL::smallint AS flags,
       NULL::uuid AS debit_account,
       NULL::uuid AS credit_account, NULL::bigint AS amount_minor, NULL AS result, NULL AS device_key_id,
       NULL AS nonce
FROM named
UNION ALL
SELECT 'answer', t.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.code, t.flags, d.id,
       c.id, t.amount_minor, NULL, NULL, NULL
FROM transfers t
JOIN accounts d ON d.union_id = t.union_id AND d.number = t.debit_number
JOIN accounts c ON c.union_id = t.union_id AND c.number = t.credit_number
WHERE t.union_id = $1 AND t.principal_id = $3 AND t.id = ANY($4::uuid[])
UNION ALL
SELECT 'answer', id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, result, NULL, NULL
FROM refused_transfers WHERE union_id = $1 AND principal_id = $3 AND id = ANY($4::uuid[])
UNION ALL
SELECT 'share', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, escrow.id,
       contributor.id, share.amount_minor, NULL, NULL, NULL
FROM named escrow
JOIN contributions share ON share.union_id = $1 AND share.escrow_number = escrow.number
JOIN named contributor ON contributor.number = share.contributor_number
WHERE escrow.kind = 'escrow' AND escrow.exit_to IS NULL
UNION ALL
SELECT 'act', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, s.device_key_id, s.nonce
FROM unnest($5::text[], $6::text[]) AS act (device_key_id, nonce)
JOIN signed_acts s ON s.device_key_id = act.device_key_id AND s.nonce = act.nonce
"""


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """The books of a batch, and which of the forwarded acts were stored before."""

    books: Books
    used_acts: frozenset[ActOfTransfer]


async def read_books(
    raw: asyncpg.Connection,
    union_id: UUID,
    last_sequence: int,
    principal_id: UUID,
    *,
    account_ids: Collection[UUID],
    transfer_ids: Collection[UUID],
    acts: Collection[ActOfTransfer],
) -> OpenBooks:
    """Accounts with their balances, this principal's earlier answers, contributions and used acts."""
    rows = await raw.fetch(
        _READ,
        union_id,
        list(account_ids),
        principal_id,
        list(transfer_ids),
        [act[0] for act in acts],
        [act[1] for act in acts],
    )
    by_kind: dict[str, list[Any]] = {"account": [], "answer": [], "share": [], "act": []}
    for row in rows:
        by_kind[row["what"]].append(row)
    return OpenBooks(
        Books(
            accounts={row["id"]: account_of(row) for row in by_kind["account"]},
            earlier={row["id"]: earlier_answer_of(row) for row in by_kind["answer"]},
            contributions={
                (row["debit_account"], row["credit_account"]): row["amount_minor"] for row in by_kind["share"]
            },
            last_sequence=last_sequence,
        ),
        frozenset((row["device_key_id"], row["nonce"]) for row in by_kind["act"]),
    )
