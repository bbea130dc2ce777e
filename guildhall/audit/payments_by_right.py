"""What holds of every payment by a right to spend, of the treasury and of businesses alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, none_of

_TRANSFERS = """
SELECT coalesce(t.union_id, p.union_id) AS union_id, coalesce(t.id, p.id) AS id
FROM (SELECT t.union_id, t.id, t.amount_minor, c.id AS credit_account, r.id AS principal_id,
             d.owner_id AS debited_owner
      FROM transfers t
      JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
      JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
      JOIN principals r ON (r.union_id, r.id) = (t.union_id, t.principal_id)
      WHERE t.code = {code}) t
FULL JOIN {table} p ON (p.union_id, p.id, p.{payer}) = (t.union_id, t.id, t.principal_id)
WHERE t.id IS NULL OR p.id IS NULL
   OR (t.amount_minor, t.credit_account) <> (p.amount_minor, p.credit_account)
   OR t.debited_owner IS DISTINCT FROM {owner}
"""
_PAYMENTS = """
SELECT p.*, p.{payer} AS payer_id, a.owner_id AS payee_id, a.kind AS payee_kind, s.symbol,
       x.member_id AS signer_id, x.target_uri, x.body, x.is_erased
FROM {table} p
JOIN accounts a ON (a.union_id, a.id) = (p.union_id, p.credit_account)
JOIN assets s ON s.union_id = p.union_id
LEFT JOIN {acts} x ON (x.device_key_id, x.nonce) = (p.device_key_id, p.nonce)
ORDER BY p.union_id, p.paid_at, p.id
"""
_NOUNS = {"member": "members", "business": "businesses"}


@dataclass(frozen=True, slots=True)
class PaymentRows:
    """Where payments of one kind are kept: `code` of their transfers, `owner` of the account that they leave
    as an expression, `noun` in the path of their acts."""

    code: int
    table: str
    payer: str
    counter: str
    owner: str
    noun: str

    async def read(self, house: House, checked: Checked) -> Sequence[Any]:
        """All of them; each is a transfer, and the other way round."""
        query = _TRANSFERS.format(code=self.code, table=self.table, payer=self.payer, owner=self.owner)
        await none_of(house, checked, "ledger", query, "a payment and its transfer do not fit")
        query = _PAYMENTS.format(table=self.table, payer=self.payer, acts=KEPT_ACTS)
        return await house.rows("ledger", query)

    async def count(self, house: House, checked: Checked, payments: Sequence[Any]) -> None:
        """No holding spent more than it might in all, and its counter says what it spent."""
        spent: Counter[tuple[UUID, UUID]] = Counter()
        for row in payments:
            for holding_id, limit_minor in zip(row["holding_ids"], row["limits"], strict=True):
                spent[row["union_id"], holding_id] += row["amount_minor"]
                if spent[row["union_id"], holding_id] > limit_minor:
                    wrong = f"more than {limit_minor} by holding {holding_id}"
                    checked.wrong("ledger", self.name(row), wrong)
        query = f"SELECT union_id, holding_id, spent_minor FROM {self.counter}"  # noqa: S608 - its own text
        counted = {
            (row["union_id"], row["holding_id"]): row["spent_minor"]
            for row in await house.rows("ledger", query)
        }
        for key in sorted(counted.keys() | spent.keys()):
            if counted.get(key, 0) != spent[key]:
                named = f"union_id={key[0]} holding_id={key[1]}"
                wrong = f"spent {counted.get(key, 0)} by its counter, {spent[key]} by counting"
                checked.wrong("ledger", named, wrong)

    def name(self, row: Any) -> str:
        return f"union_id={row['union_id']} {self.payer}={row['payer_id']} id={row['id']}"

    def act_fault(self, row: Any, named: Collection[tuple[str, str]] = ()) -> str | None:
        """The payer signed it, for this payee and amount; `named`: what else the act says, by name."""
        path = f"/{self.noun}/{row['id']}"
        if row["signer_id"] != row["payer_id"] or not row["target_uri"].endswith(path):
            return "no act of the payer's asks for it"
        if row["is_erased"]:
            return None  # what it said went with them, for the memo in it
        said = orjson.loads(row["body"])
        noun = _NOUNS.get(row["payee_kind"])
        payees = {str(row["credit_account"]), f"{noun}/{row['payee_id']}" if noun else row["payee_kind"]}
        agreed = (said["amount"]["asset"], int(said["amount"]["minor"])) == (
            row["symbol"],
            row["amount_minor"],
        )
        fits = agreed and said["account"] in payees and all(said[name] == value for name, value in named)
        return None if fits else "the act says something else"
