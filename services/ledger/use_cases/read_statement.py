"""Read an account's statement of a period, whole, for a file."""

from __future__ import annotations

from datetime import datetime

from chassis.money import Asset
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.errors import PeriodEmpty, StatementTooLong
from services.ledger.domain.statements import Statement, StatementLine
from services.ledger.store.accounts import AccountLook
from services.ledger.store.statements import lines_from

LINES_AT_ONCE = 1_000


async def read_statement(
    unit: UnitOfWork,
    look: AccountLook,
    union_slug: str,
    begin: datetime | None,
    end: datetime | None,
    lines_max: int,
) -> Statement:
    """From `begin` until before `end`; from the first transfer, until the last one, where they are None.

    The walk begins at the newest transfer, so that the balances before and after are those that it passed.
    Raises PeriodEmpty, StatementTooLong.
    """
    if begin is not None and end is not None and begin >= end:
        raise PeriodEmpty
    raw = await unit.raw()
    rows: list[StatementLine] = []
    sequence, opening_minor = look.last_sequence, look.balance_minor
    while sequence:
        lines = await lines_from(raw, look.union_id, look.number, sequence, LINES_AT_ONCE)
        if not lines:
            break
        for line in lines:
            if begin is not None and line.time < begin:
                return _statement(look, union_slug, opening_minor, rows, begin, end)
            opening_minor -= line.amount_minor
            if end is None or line.time < end:
                rows.append(line)
            if len(rows) > lines_max:
                raise StatementTooLong(lines_max)
        sequence = lines[-1].previous
    return _statement(look, union_slug, opening_minor, rows, begin, end)


def _statement(
    look: AccountLook,
    union_slug: str,
    opening_minor: int,
    newest_first: list[StatementLine],
    begin: datetime | None,
    end: datetime | None,
) -> Statement:
    asset = Asset(look.asset, look.scale)
    return Statement(
        look.id, look.kind.value, union_slug, asset, opening_minor, newest_first[::-1], begin, end
    )
