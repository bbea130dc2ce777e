"""All that the rules look at, read under the head's lock: one statement where no hold or mandate is named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.books import Books
from services.ledger.domain.holds import Hold, HoldKey
from services.ledger.domain.mandates import MandateKey
from services.ledger.domain.transfers import PostedBefore, RefusedBefore
from services.ledger.store.accounts import account_of
from services.ledger.store.holds import due_holds, named_holds, pending_counts
from services.ledger.store.mandates import named_mandates
from services.ledger.store.postings import ActOfTransfer, earlier_answer_of

if TYPE_CHECKING:
    import asyncpg

# The kinds of rows share their columns: `what` says which is which. OFFSET 0 has each row looked up
# by itself, never joined to all rows of the union; that its lookup takes the key with all its columns is the
# work of migration 0005.
_READ = """
WITH named AS (
    SELECT a.*, b.balance_minor, b.last_sequence, b.reserved_minor, b.expected_minor, b.frozen_until,
           b.closed_sequence, b.shut_at
    FROM accounts a CROSS JOIN LATERAL (
        SELECT balance_minor, last_sequence, reserved_minor, expected_minor, frozen_until, closed_sequence,
               shut_at
        FROM account_balances
        WHERE union_id = a.union_id AND number = a.number OFFSET 0) b
    WHERE a.union_id = $1 AND a.id = ANY($2::uuid[])
)
SELECT 'account' AS what, id, number, kind, asset, balance_minor, last_sequence, owner_id, opened_by,
       resource, payees, exit_to, reserved_minor, expected_minor, NULL::smallint AS code,
       NULL::smallint AS flags, NULL::uuid AS debit_account, NULL::uuid AS credit_account,
       NULL::bigint AS amount_minor, NULL AS result, NULL AS device_key_id, NULL AS nonce,
       NULL::uuid AS principal_id, NULL::int AS timeout_seconds, NULL::uuid AS pending_id,
       NULL::uuid AS mandate_id, frozen_until, closed_sequence, shut_at
FROM named
UNION ALL
SELECT 'answer', t.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.code,
       t.flags, d.id, c.id, t.amount_minor, NULL, NULL, NULL, asked.principal_id, p.timeout_seconds,
       p.pending_id, p.mandate_id, NULL, NULL, NULL
FROM unnest($3::uuid[], $4::uuid[]) AS asked (principal_id, id)
CROSS JOIN LATERAL (
    SELECT number FROM principals WHERE union_id = $1 AND id = asked.principal_id OFFSET 0) principal
CROSS JOIN LATERAL (
    SELECT * FROM transfer_rows WHERE id = asked.id AND principal_number = principal.number OFFSET 0) t
CROSS JOIN LATERAL (SELECT id FROM accounts WHERE union_id = $1 AND number = t.debit_number OFFSET 0) d
CROSS JOIN LATERAL (SELECT id FROM accounts WHERE union_id = $1 AND number = t.credit_number OFFSET 0) c
LEFT JOIN LATERAL (
    SELECT * FROM transfer_particulars WHERE union_id = $1 AND sequence = t.sequence OFFSET 0) p ON true
UNION ALL
SELECT 'answer', r.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, r.result, NULL, NULL, r.principal_id, NULL, NULL, NULL,
       NULL, NULL, NULL
FROM unnest($3::uuid[], $4::uuid[]) AS asked (principal_id, id)
CROSS JOIN LATERAL (
    SELECT * FROM refused_transfers
    WHERE union_id = $1 AND principal_id = asked.principal_id AND id = asked.id OFFSET 0) r
UNION ALL
SELECT 'share', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       escrow.id, contributor.id, share.amount_minor, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL
FROM named escrow
JOIN named contributor ON contributor.kind <> 'escrow'
CROSS JOIN LATERAL (
    SELECT amount_minor FROM contributions
    WHERE union_id = $1 AND escrow_number = escrow.number AND contributor_number = contributor.number
    OFFSET 0) share
WHERE escrow.kind = 'escrow' AND escrow.exit_to IS NULL
UNION ALL
SELECT 'principal', id, number, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM principals WHERE union_id = $1 AND id = ANY($7::uuid[])
UNION ALL
SELECT 'act', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, s.device_key_id, s.nonce, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest($5::text[], $6::text[]) AS act (device_key_id, nonce)
JOIN signed_acts s ON s.device_key_id = act.device_key_id AND s.nonce = act.nonce
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch names: accounts, who posts, its transfers as (principal, id), forwarded acts, holds,
    mandates, the accounts on which it opens holds, and those on which holds whose time has ended come
    first."""

    account_ids: Collection[UUID]
    principal_ids: Collection[UUID]
    transfer_ids: Collection[tuple[UUID, UUID]]
    acts: Collection[ActOfTransfer]
    holds: Collection[HoldKey] = ()
    mandates: Collection[MandateKey] = ()
    holding_account_ids: Collection[UUID] = ()
    ending_account_ids: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """The books of a batch, what its principals' ids were answered before, and which of the forwarded acts
    were stored before. `due`: pending holds whose time has ended, of the accounts asked for.
    `principals`: the numbers of those that have posted in the union before."""

    books: Books
    earlier: Mapping[UUID, Mapping[UUID, PostedBefore | RefusedBefore]]
    used_acts: frozenset[ActOfTransfer]
    due: Sequence[Hold]
    principals: Mapping[UUID, int]


async def read_books(
    raw: asyncpg.Connection, union_id: UUID, last_sequence: int, moment: datetime, wanted: Wanted
) -> OpenBooks:
    """One statement, and one more for each of holds and mandates where the batch is about them."""
    rows = await raw.fetch(
        _READ,
        union_id,
        list(wanted.account_ids),
        [principal_id for principal_id, _ in wanted.transfer_ids],
        [transfer_id for _, transfer_id in wanted.transfer_ids],
        [act[0] for act in wanted.acts],
        [act[1] for act in wanted.acts],
        list(wanted.principal_ids),
    )
    by_kind: dict[str, list[Any]] = {"account": [], "answer": [], "share": [], "act": [], "principal": []}
    for row in rows:
        by_kind[row["what"]].append(row)
    earlier: dict[UUID, dict[UUID, PostedBefore | RefusedBefore]] = {}
    for row in by_kind["answer"]:
        earlier.setdefault(row["principal_id"], {})[row["id"]] = earlier_answer_of(row)
    accounts = {row["id"]: account_of(row) for row in by_kind["account"]}
    ending = [accounts[named] for named in wanted.ending_account_ids if named in accounts]
    reserving = [account.number for account in ending if account.pending.reserved_minor]
    holding = [accounts[named] for named in wanted.holding_account_ids if named in accounts]
    return OpenBooks(
        Books(
            accounts,
            contributions={
                (row["debit_account"], row["credit_account"]): row["amount_minor"] for row in by_kind["share"]
            },
            last_sequence=last_sequence,
            moment=moment,
            holds=await named_holds(raw, union_id, wanted.holds) if wanted.holds else {},
            mandates=await named_mandates(raw, union_id, wanted.mandates) if wanted.mandates else {},
            holds_counts=await pending_counts(raw, union_id, holding) if holding else {},
        ),
        earlier,
        frozenset((row["device_key_id"], row["nonce"]) for row in by_kind["act"]),
        due=await due_holds(raw, union_id, reserving, moment) if reserving else (),
        principals={row["id"]: row["number"] for row in by_kind["principal"]},
    )
