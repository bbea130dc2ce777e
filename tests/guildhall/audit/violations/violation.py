"""What a planted violation is: what is written, and the row that the audit must name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """`statements` by database; `row` is part of the row that is found in `database`."""

    promise: str
    what: str
    database: str
    row: str
    statements: dict[str, str]
    wrong: str = ""


def planted_in(
    database: str, promise: str, what: str, row: str, statement: str, wrong: str = "", **others: str
) -> Violation:
    return Violation(promise, what, database, row, {database: statement} | others, wrong)
