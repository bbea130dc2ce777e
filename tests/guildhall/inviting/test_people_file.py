"""A file of people is cut between its records, its lines count as in an editor, its encoding is found out."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.inviting.people_file import (
    CHARACTERS_AT_ONCE,
    ROWS_AT_ONCE,
    PeopleFile,
    PeopleFileUnusable,
    decoded,
)

SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
CELLS = st.text(st.sampled_from('ab",;\n é'), max_size=6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found_out(encoding: str) -> None:
    assert decoded("Name\nJosé Müller\n".encode(encoding)) == "Name\nJosé Müller\n"


def test_lines_count_as_in_the_file() -> None:
    file = PeopleFile.of(b'\xef\xbb\xbfname,note\r\n\r\nAda,"a\r\nb"\r\n\r\nGrace,\r\n')
    assert file.header == "name,note"
    assert [one.line for one in file.records] == [3, 6]
    [chunk] = file.chunks()
    assert (chunk.first_line, chunk.text) == (3, 'Ada,"a\nb"\n\nGrace,\n')
    [rest] = file.chunks(after_line=3)
    assert (rest.first_line, rest.text) == (6, "Grace,\n")


@SLOWLY
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12))
def test_no_record_is_cut(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    text = out.getvalue()
    kept = [row for row in csv.reader(io.StringIO(text, newline="")) if "".join(row).strip() or len(row) > 1]
    file = PeopleFile.of(f"a,b\n{text}".encode())
    parts = [one for chunk in file.chunks() for one in csv.reader(io.StringIO(chunk.text, newline="")) if one]
    assert parts == kept


def test_pieces_are_small_enough_for_a_request() -> None:
    file = PeopleFile.of(("name\n" + "x\n" * (ROWS_AT_ONCE + 1) + f"{'y' * 1_000}\n" * 400).encode())
    sizes = [(len(chunk.records), len(chunk.text)) for chunk in file.chunks()]
    assert all(rows <= ROWS_AT_ONCE and size <= CHARACTERS_AT_ONCE + ROWS_AT_ONCE for rows, size in sizes)
    assert sum(rows for rows, _ in sizes) == ROWS_AT_ONCE + 401


@pytest.mark.parametrize("content", [b"", b"name", b"name\n\n\n"])
def test_a_file_that_names_nobody_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(PeopleFileUnusable, match="names nobody"):
        PeopleFile.read(path)
    with pytest.raises(PeopleFileUnusable, match="cannot be read"):
        PeopleFile.read(tmp_path / "absent.csv")
