"""Runs are frozen lists: counted, hashed, cut into full chunks; every line has its id."""

import hashlib

import pytest

from services.ledger.domain.errors import ChunkOutOfBounds, ChunkSizeWrong, CodeNotForRuns
from services.ledger.domain.runs import (
    Announcement,
    RefusedLineRule,
    RunLine,
    check_chunk,
    chunks_count,
    first_index,
    line_transfer_id,
    lines_sha256,
)
from tests.services.ledger.domain.ledger_nouns import named

LINE = RunLine("escrow", "members/one", "GLD", 250, "pledge_refund")


def announced(lines_count: int) -> Announcement:
    return Announcement(lines_count, "", RefusedLineRule.SKIP)


def test_the_hash_is_over_the_lines_as_they_were_sent() -> None:
    text = "escrow,members/one,GLD,250,pledge_refund\n"
    assert lines_sha256([LINE, LINE]) == hashlib.sha256((text * 2).encode()).hexdigest()


def test_a_list_is_cut_into_full_chunks_and_a_rest() -> None:
    assert [chunks_count(count) for count in (1, 999, 1_000, 1_001, 2_000)] == [1, 1, 1, 2, 2]
    assert first_index(2) == 2_000
    check_chunk(announced(1_001), 0, [LINE] * 1_000)
    check_chunk(announced(1_001), 1, [LINE])


@pytest.mark.parametrize(("chunk", "count"), [(0, 999), (0, 1_001), (1, 0), (1, 2)])
def test_a_chunk_of_another_size_is_refused(chunk: int, count: int) -> None:
    with pytest.raises(ChunkSizeWrong):
        check_chunk(announced(1_001), chunk, [LINE] * count)


@pytest.mark.parametrize("chunk", [-1, 2])
def test_a_chunk_that_the_run_does_not_have_is_refused(chunk: int) -> None:
    with pytest.raises(ChunkOutOfBounds):
        check_chunk(announced(1_001), chunk, [LINE])


@pytest.mark.parametrize("code", ["pay", "pledge", "genesis", "nothing"])
def test_a_code_that_needs_an_act_or_a_charter_rule_is_no_line_of_a_run(code: str) -> None:
    line = RunLine("a", "b", "GLD", 1, code)
    with pytest.raises(CodeNotForRuns):
        check_chunk(announced(1), 0, [line])


def test_a_line_id_derives_from_run_and_index() -> None:
    assert line_transfer_id(named("run"), 3) == line_transfer_id(named("run"), 3)
    assert line_transfer_id(named("run"), 3) != line_transfer_id(named("run"), 4)
    assert line_transfer_id(named("run"), 3) != line_transfer_id(named("other"), 3)
