"""An account's statement as a file: CSV for spreadsheets, Beancount for bookkeepers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from chassis.money import Asset

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for a formula (OWASP: CSV injection)."""
COLUMNS = (
    "time", "what", "amount", "balance_after", "asset", "other_account", "other_kind", "other_member",
    "resource", "memo", "transfer_id", "sequence", "entry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transfer as its account sees it; `amount_minor` is negative where it left the account, `previous`
    the account's transfer before."""

    sequence: int
    id: UUID
    entry_number: int
    time: datetime
    code: str
    amount_minor: int
    previous: int
    memo: str | None
    other_account: UUID
    other_kind: str
    other_owner_id: UUID | None
    other_resource: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """`rows` in the order in which they were posted; `begin` and `end` as they were asked for."""

    account_id: UUID
    account_kind: str
    union_slug: str
    asset: Asset
    opening_minor: int
    rows: Sequence[StatementLine]
    begin: datetime | None
    end: datetime | None

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + sum(row.amount_minor for row in self.rows)


def as_csv(statement: Statement) -> str:
    """RFC 4180: a heading, the opening balance, a line for each transfer, the closing balance."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows(_csv_rows(statement))
    return written.getvalue()


def _csv_rows(statement: Statement) -> Iterator[list[str]]:
    asset = statement.asset

    def balance(what: str, time: datetime | None, minor: int) -> list[str]:
        return [_moment(time), what, "", _decimal(asset, minor), asset.symbol, *[""] * (len(COLUMNS) - 5)]

    yield balance("opening balance", statement.begin, statement.opening_minor)
    balance_minor = statement.opening_minor
    for row in statement.rows:
        balance_minor += row.amount_minor
        yield [
            _moment(row.time),
            row.code,
            _decimal(asset, row.amount_minor),
            _decimal(asset, balance_minor),
            asset.symbol,
            str(row.other_account),
            row.other_kind,
            "" if row.other_owner_id is None else str(row.other_owner_id),
            _cell(row.other_resource or ""),
            _cell(row.memo or ""),
            str(row.id),
            str(row.sequence),
            str(row.entry_number),
        ]
    yield balance("closing balance", statement.end, balance_minor)


def as_beancount(statement: Statement) -> str:
    """A ledger that `bean-check` accepts: days are UTC's, others' accounts are equity of theirs."""
    asset, days = statement.asset, [_day(row.time) for row in statement.rows]
    first = _day(statement.begin) if statement.begin is not None else days[0] if days else _DAY
    last = days[-1] if days else first
    own = f"Assets:{_component(statement.union_slug)}:{_component(statement.account_kind)}"
    others = {row.other_account: _other(row) for row in statement.rows}
    lines = [
        f'option "title" "{_quoted(statement.union_slug)} {statement.account_id}"',
        f'option "operating_currency" "{asset.symbol}"',
        "",
        f"{first} commodity {asset.symbol}",
        f"{first} open {own} {asset.symbol}",
        f"{first} open {OPENING} {asset.symbol}",
        *(f"{first} open {name} {asset.symbol}" for name in sorted(set(others.values()))),
    ]
    if statement.opening_minor:
        lines += _transaction(first, "Opening balance", own, OPENING, asset, statement.opening_minor, {})
    for row, day in zip(statement.rows, days, strict=True):
        told = {"transfer": str(row.id), "sequence": str(row.sequence), "time": _moment(row.time)}
        words = row.memo or row.code.replace("_", " ")
        lines += _transaction(day, words, own, others[row.other_account], asset, row.amount_minor, told)
    closing = _decimal(asset, statement.closing_minor)
    # An assertion is of the beginning of its day.
    lines += [
        "",
        f"{last + timedelta(days=1)} balance {own}  {closing} ~ 0 {asset.symbol}",
        "",
    ]
    return "\n".join(lines)


OPENING = "Equity:Opening-Balances"
_DAY = date(1970, 1, 1)
"""Of a statement of nothing."""


def _transaction(
    day: date, words: str, own: str, other: str, asset: Asset, amount_minor: int, told: dict[str, str]
) -> list[str]:
    return [
        "",
        f'{day} * "{_quoted(words)}"',
        *(f'  {name}: "{_quoted(value)}"' for name, value in told.items()),
        f"  {own}  {_decimal(asset, amount_minor)} {asset.symbol}",
        f"  {other}  {_decimal(asset, -amount_minor)} {asset.symbol}",
    ]


def _other(row: StatementLine) -> str:
    kind = _component(row.other_kind)
    whose = row.other_owner_id or row.other_account
    return f"Equity:{kind}:{str(whose).upper()}"


def _component(name: str) -> str:
    """Of an account's name: letters, digits and dashes, the first one great or a digit."""
    words = [word.capitalize() for word in name.replace("_", "-").split("-") if word]
    return "-".join(words) or "X"


def _quoted(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line.replace("\\", "\\\\").replace('"', '\\"')


def _cell(text: str) -> str:
    """What somebody wrote is never a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _decimal(asset: Asset, minor: int) -> str:
    return asset.money(minor).text()


def _day(time: datetime) -> date:
    return time.astimezone(UTC).date()


def _moment(time: datetime | None) -> str:
    return "" if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")
