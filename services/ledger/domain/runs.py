"""Runs: a frozen, hashed list of transfers, posted in chunks; each line's id derives from its place."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.errors import ChunkOutOfBounds, ChunkSizeWrong, CodeNotForRuns
from services.ledger.domain.rights import CODES, OPENERS_AUTHORITIES, RIGHTS

LINES_PER_CHUNK = 1_000


class RunState(StrEnum):
    """REFUSED: the lines had another hash than announced. STOPPED: a refused line, and the rule is stop."""

    COLLECTING = "collecting"
    POSTING = "posting"
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"


class RefusedLineRule(StrEnum):
    """What a refused line does: SKIP records it and goes on, STOP ends the run after its chunk."""

    SKIP = "skip"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class RunLine:
    """One transfer of a run, its accounts as they were referred to; amounts are minor units."""

    debit_account: str
    credit_account: str
    asset: str
    amount_minor: int
    code: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is fixed before the first line arrives."""

    lines_count: int
    lines_sha256: str
    refused_line_rule: RefusedLineRule


def chunks_count(lines_count: int) -> int:
    return -(-lines_count // LINES_PER_CHUNK)


def first_index(chunk: int) -> int:
    """The index in the run of the chunk's first line."""
    return chunk * LINES_PER_CHUNK


def check_chunk(announcement: Announcement, chunk: int, lines: Sequence[RunLine]) -> None:
    """Raises ChunkOutOfBounds, ChunkSizeWrong and CodeNotForRuns."""
    count = chunks_count(announcement.lines_count)
    if not 0 <= chunk < count:
        raise ChunkOutOfBounds(chunk, count)
    expected = min(LINES_PER_CHUNK, announcement.lines_count - first_index(chunk))
    if len(lines) != expected:
        raise ChunkSizeWrong(chunk, len(lines), expected)
    for line in lines:
        code = CODES.get(line.code)
        if code is None or RIGHTS[code][0].authority not in OPENERS_AUTHORITIES:
            raise CodeNotForRuns(line.code)


def line_text(line: RunLine) -> str:
    """A line as it is hashed: its fields as they were sent, commas between, a line feed behind."""
    return f"{line.debit_account},{line.credit_account},{line.asset},{line.amount_minor},{line.code}\n"


def lines_sha256(lines: Iterable[RunLine]) -> str:
    """The hash that a run announces: SHA-256 of all its lines' texts in order, in hex."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line_text(line).encode())
    return digest.hexdigest()


def line_transfer_id(run_id: UUID, index: int) -> UUID:
    """The transfer id of the run's line at this index, from 0."""
    return derived_id(run_id, "line", str(index))
