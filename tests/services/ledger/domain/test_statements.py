"""Statements as files: whatever members wrote, spreadsheets compute nothing and bookkeepers find our sums."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.money import Asset
from services.ledger.domain.statements import (
    COLUMNS,
    FORMULA_SIGNS,
    Statement,
    StatementLine,
    as_beancount,
    as_csv,
)

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
BEGIN = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOSTILE = [
    '=HYPERLINK("http://evil.example")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\tx",
    'say "hello"',
    "back\\slash",
    "a,b;c",
    "* 2027-01-01 open Assets:Evil",
    "ends in \\",
    "ünïcödé 🦀",
    "; comment",
    "#tag ^link",
    "\u2028line",
]
memos = st.one_of(
    st.none(), st.sampled_from(HOSTILE), st.text(max_size=60).filter(lambda text: "\x00" not in text)
)


def row(number: int, amount_minor: int, memo: str | None = None, kind: str = "member") -> StatementLine:
    owner = UUID(int=number % 3) if kind == "member" else None
    other = UUID(int=100 + number % 3)
    return StatementLine(
        number,
        UUID(int=number),
        number,
        BEGIN + timedelta(hours=number),
        "pay",
        amount_minor,
        number - 1,
        memo,
        other,
        kind,
        owner,
        None if kind == "member" else "agreements/=1",
    )


def statement(rows: Sequence[StatementLine], opening_minor: int = 0, scale: int = 6) -> Statement:
    return Statement(
        UUID(int=9), "member", "guild-of-weavers", Asset("GLD", scale), opening_minor, rows, None, None
    )


statements = st.builds(
    statement,
    st.lists(
        st.tuples(
            st.integers(-(2**62), 2**62), memos, st.sampled_from(["member", "escrow", "early_members"])
        ),
        max_size=12,
    ).map(lambda drawn: [row(number, *given) for number, given in enumerate(drawn, 1)]),
    st.integers(-(2**62), 2**62),
    st.sampled_from([0, 2, 6, 18]),
)


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(statements)
@settings(max_examples=150, deadline=None)
def test_no_cell_is_a_formula_and_no_memo_breaks_a_line(told: Statement) -> None:
    lines = cells(as_csv(told))
    assert len(lines) == len(told.rows) + 2
    for line in lines:
        assert set(line) == set(COLUMNS)
        for name, cell in line.items():
            is_number = name in {"amount", "balance_after"} and re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert is_number or not cell.startswith(FORMULA_SIGNS), (name, cell)


@given(statements)
@settings(max_examples=150, deadline=None)
def test_each_balance_is_the_one_before_and_what_moved(told: Statement) -> None:
    first, *lines, last = cells(as_csv(told))
    balance = Decimal(first["balance_after"])
    assert balance == Decimal(told.opening_minor).scaleb(-told.asset.scale)
    for line, posted in zip(lines, told.rows, strict=True):
        assert Decimal(line["amount"]) == Decimal(posted.amount_minor).scaleb(-told.asset.scale)
        balance += Decimal(line["amount"])
        assert Decimal(line["balance_after"]) == balance
    assert Decimal(last["balance_after"]) == balance
    assert (first["what"], last["what"]) == ("opening balance", "closing balance")


def test_a_statement_reads_as_it_should() -> None:
    told = statement([row(1, 2_500_000, "Lunch"), row(2, -1, "=1+1")], 10_000_000)
    assert as_csv(told).splitlines()[1:] == [
        ",opening balance,,10.00,GLD,,,,,,,,",
        f"2027-03-01T13:00:00Z,pay,2.50,12.50,GLD,{UUID(int=101)},member,{UUID(int=1)},,Lunch,{UUID(int=1)},1,1",
        f"2027-03-01T14:00:00Z,pay,-0.000001,12.499999,GLD,{UUID(int=102)},member,{UUID(int=2)},,'=1+1,"
        f"{UUID(int=2)},2,2",
        ",closing balance,,12.499999,GLD,,,,,,,,",
    ]
    ledger = as_beancount(told)
    assert "2027-03-02 balance Assets:Guild-Of-Weavers:Member  12.499999 ~ 0 GLD" in ledger
    assert '2027-03-01 * "Lunch"' in ledger


@pytest.fixture(scope="module")
def bean_check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not BEAN_CHECK.exists():
        pytest.skip("no bean-check: `make check` brings it (scripts/setup bookkeeping)")
    return tmp_path_factory.mktemp("books") / "statement.beancount"


def checked(file: Path, ledger: str) -> str:
    file.write_text(ledger, encoding="utf-8")
    ended = subprocess.run([BEAN_CHECK, file], check=False, capture_output=True, text=True)
    return ended.stdout + ended.stderr


def test_bean_check_accepts_what_members_wrote_and_finds_the_closing_balance(bean_check: Path) -> None:
    rows = [
        row(number, (-1) ** number * number * 10**6, memo, ("member", "escrow", "grant")[number % 3])
        for number, memo in enumerate([*HOSTILE, None, ""], 1)
    ]
    for told in (statement(rows, 5_000_000), statement(rows, scale=0), statement([], 7), statement([])):
        assert checked(bean_check, as_beancount(told)) == ""


def test_bean_check_would_find_another_balance(bean_check: Path) -> None:
    told = as_beancount(statement([row(1, 2_500_000)], 10_000_000))
    assert "Balance failed" in checked(bean_check, told.replace("12.50 ~ 0", "12.500001 ~ 0"))
