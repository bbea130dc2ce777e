"""What the page computes by itself is what the house computes: fees, percentages, shares, accounts' ids."""

import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.pages.web_files import WEB_FOLDER
from services.ledger.api.allotments import SHARES_MAX
from services.ledger.domain.accounts import AccountKind, member_account_id
from services.ledger.domain.allotments import Allotment, Destination, Source, allot
from services.ledger.domain.fees import FeeRule
from services.ledger.domain.genesis import SUPPLY_LIMIT_MINOR
from services.ledger.domain.rights import Code

pytestmark = pytest.mark.slow

PROGRAM = f"""
import {{ readFileSync }} from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
globalThis.navigator = {{ languages: [asked.language] }};
const {{ feeMinor, percentText, percentValue, readFeeLimit, readPercent }} = await import(
  "{(WEB_FOLDER / "pages" / "fees.js").as_uri()}");
const {{ memberAccountId }} = await import("{(WEB_FOLDER / "api" / "account_id.js").as_uri()}");
const {{ firstPlace, readShares, splitByShares }} = await import(
  "{(WEB_FOLDER / "pages" / "shares.js").as_uri()}");
const read = (text) => {{ try {{ return readPercent(text); }} catch {{ return null; }} }};
const token = {{ symbol: "GLD", scale: 6 }};
const answers = {{
  fees: asked.fees.map(([points, most, minor]) =>
    String(feeMinor(points, {{ fee_max_minor: most }}, BigInt(minor)))),
  percents: asked.percents.map((points) => [percentValue(points), read(percentValue(points))]),
  shown: asked.percents.map((points) => percentText(points)),
  read: asked.written.map(read),
  limits: asked.limits.map((text) => readFeeLimit(text, token)),
  parts: asked.allotments.map(([id, minor, shares]) =>
    splitByShares(BigInt(minor), shares.map(BigInt), firstPlace(id, shares.length)).map(String)),
  shares: asked.shares.map((text) => readShares(text)?.toString() ?? null),
  accounts: await Promise.all(asked.accounts.map(([union, member]) => memberAccountId(union, member))),
}};
console.log(JSON.stringify(answers));
"""
MINOR = st.integers(0, SUPPLY_LIMIT_MINOR)
POINTS = st.integers(0, 1_000)
SHARES = st.lists(st.integers(1, SHARES_MAX) | st.integers(1, 3), min_size=1, max_size=100)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("computed") / "computed.mjs"
    made.write_text(PROGRAM)
    return made


def answered(program: str, script: Path, **asked: Any) -> Any:
    nothing: dict[str, Any] = {
        "language": "en",
        "fees": [],
        "percents": [],
        "written": [],
        "limits": [],
        "allotments": [],
        "shares": [],
        "accounts": [],
    }
    ended = subprocess.run(
        [program, str(script)],
        check=True,
        input=json.dumps(nothing | asked),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return json.loads(ended.stdout)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(POINTS, MINOR, MINOR), min_size=1, max_size=200))
def test_a_fee_is_the_ledgers_to_the_unit(
    node_program: str, script: Path, fees: list[tuple[int, int, int]]
) -> None:
    asked = [(points, str(most), str(minor)) for points, most, minor in fees]
    expected = [
        str(FeeRule(points, 0, most).fee_minor(Code.PAY, AccountKind.MEMBER, minor))
        for points, most, minor in fees
    ]
    assert answered(node_program, script, fees=asked)["fees"] == expected


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.uuids(), MINOR | st.integers(0, 300), SHARES), min_size=1, max_size=60))
def test_what_each_one_gets_is_what_the_ledger_gives_to_the_unit(
    node_program: str, script: Path, allotments: list[tuple[UUID, int, list[int]]]
) -> None:
    asked = [(str(name), str(minor), shares) for name, minor, shares in allotments]
    told = answered(node_program, script, allotments=asked)["parts"]
    assert told == [[str(part) for part in _allotted(*one)] for one in allotments]


def _allotted(name: UUID, minor: int, shares: list[int]) -> list[int]:
    payees = [uuid4() for _ in shares]
    destinations = [Destination(*one) for one in zip(payees, shares, strict=True)]
    parts = allot(Allotment(name, minor, [Source(uuid4())], destinations), [minor])
    assert parts is not None
    given = {part.credit_account: part.amount_minor for part in parts}
    return [given.get(payee, 0) for payee in payees]


def test_shares_are_whole_and_as_many_as_the_ledger_takes(node_program: str, script: Path) -> None:
    read = {"1": "1", " 12 ": "12", "007": "7", str(SHARES_MAX): str(SHARES_MAX)}
    unread = ["0", "", "-1", "1.5", "1e3", str(SHARES_MAX + 1), "9999999"]
    told = answered(node_program, script, shares=[*read, *unread])
    assert told["shares"] == [*read.values(), *[None] * len(unread)]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.uuids(), st.uuids()), min_size=1, max_size=50))
def test_an_accounts_id_is_the_ledgers(
    node_program: str, script: Path, accounts: list[tuple[UUID, UUID]]
) -> None:
    asked = [(str(union), str(member)) for union, member in accounts]
    expected = [str(member_account_id(union, member)) for union, member in accounts]
    assert answered(node_program, script, accounts=asked)["accounts"] == expected


@pytest.mark.parametrize(("language", "quarter"), [("en", ("0.25", "0.25%")), ("de", ("0,25", "0,25\xa0%"))])
def test_each_percentage_is_read_as_it_is_written(
    node_program: str, script: Path, language: str, quarter: tuple[str, str]
) -> None:
    points = list(range(1_001))
    told = answered(node_program, script, language=language, percents=points)
    assert [read for _, read in told["percents"]] == points
    assert (told["percents"][25][0], told["shown"][25]) == quarter


def test_a_percentage_has_two_digits_after_the_point_and_is_at_most_ten(
    node_program: str, script: Path
) -> None:
    read = {"1": 100, "1.5": 150, "0,07": 7, "10": 1_000, "10.00": 1_000, "2.5 %": 250}
    unread = ["10.01", "11", "0.001", "-1", "", "1e1", "one", "100"]
    told = answered(node_program, script, written=[*read, *unread])
    assert told["read"] == [*read.values(), *[None] * len(unread)]


def test_a_limit_left_empty_is_none_and_nothing_is_a_limit(node_program: str, script: Path) -> None:
    told = answered(node_program, script, limits=["", "5", "0.5", "0", "0,00"])
    assert told["limits"] == [str(SUPPLY_LIMIT_MINOR), "5000000", "500000", "0", "0"]
