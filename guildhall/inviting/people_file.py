"""A file of people, cut into requests: whole records, under its own headings, in its own encoding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROWS_AT_ONCE = 1_000
CHARACTERS_AT_ONCE = 150_000
"""Escaped at the worst, still less than a request may have."""


class PeopleFileUnusable(Exception):
    """The message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the file, or several where a cell has line breaks; `line` is the first, from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records that one request brings."""

    records: Sequence[Record]

    @property
    def first_line(self) -> int:
        return self.records[0].line

    @property
    def text(self) -> str:
        """With the blank lines between them, so that the lines count as in the file."""
        whole, line = "", self.first_line
        for record in self.records:
            whole += "\n" * (record.line - line) + record.text + "\n"
            line = record.line + record.text.count("\n") + 1
        return whole


@dataclass(frozen=True, slots=True)
class PeopleFile:
    header: str
    records: Sequence[Record]

    @classmethod
    def read(cls, path: Path) -> "PeopleFile":
        """Raises PeopleFileUnusable."""
        try:
            return cls.of(path.read_bytes())
        except OSError as error:
            raise PeopleFileUnusable(f"{path} cannot be read: {error}") from error
        except ValueError as error:
            raise PeopleFileUnusable(f"{path} names nobody: {error}") from error

    @classmethod
    def of(cls, content: bytes) -> "PeopleFile":
        """Raises ValueError."""
        records = [one for one in _records(decoded(content)) if one.text.strip()]
        if len(records) < 2:
            raise ValueError("it has no line below its headings")
        return cls(records[0].text, records[1:])

    def chunks(self, after_line: int = 0) -> Iterator[Chunk]:
        """In the order of the file, from the first record after that line on."""
        held: list[Record] = []
        size = 0
        for record in self.records:
            if record.line <= after_line:
                continue
            if held and (len(held) >= ROWS_AT_ONCE or size + len(record.text) > CHARACTERS_AT_ONCE):
                yield Chunk(held)
                held, size = [], 0
            held.append(record)
            size += len(record.text)
        if held:
            yield Chunk(held)


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, else UTF-8 where it is that, else Windows-1252."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _records(text: str) -> Iterator[Record]:
    """A record ends with a line whose quotes are all closed (RFC 4180)."""
    held: list[str] = []
    begun, quotes = 1, 0
    for line, written in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not held:
            begun = line
        held.append(written)
        quotes += written.count('"')
        if quotes % 2 == 0:
            yield Record(begun, "\n".join(held))
            held, quotes = [], 0
    if held:
        yield Record(begun, "\n".join(held))
