"""A list of people as a table of text: which column means what, and which rows name nobody.

Headings are known in English and German, and as Discourse (users) and Mastodon (follows) export them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from services.identity.admission.domain.errors import InvitationListLimit, PeopleFileUnreadable

NAME_MAX_CHARACTERS = 120
ADDRESS_MAX_CHARACTERS = 254
LINE_MAX = 2**31 - 1
SEPARATORS = (",", ";", "\t", "|")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


class Format(StrEnum):
    LIST = "list"
    DISCOURSE = "discourse"
    MASTODON = "mastodon"


class Ground(StrEnum):
    """Why a row makes no link."""

    NAMES_NOBODY = "names_nobody"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNREADABLE = "name_unreadable"
    EMAIL_MALFORMED = "email_malformed"
    NO_PERSON = "no_person"
    TWICE = "twice"
    LINE_TAKEN = "line_taken"
    INVITED_ALREADY = "invited_already"
    JOINED_ALREADY = "joined_already"
    LIST_FULL = "list_full"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to invite. `key`: who it is, the same in every list; empty where nothing tells."""

    line: int
    name: str
    email: str | None
    key: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    line: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """Every row that is not blank is in one of the two."""

    format: Format
    people: Sequence[Person]
    refused: Sequence[RefusedRow]


_HEADINGS = {
    "name": ("name", "fullname", "displayname", "vollername", "anzeigename"),
    "first": ("firstname", "givenname", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname", "familienname"),
    "username": ("username", "handle", "nickname", "benutzername", "nutzername", "spitzname"),
    "email": ("email", "emailaddress", "mail", "emailadresse", "mailadresse"),
    "account": ("accountaddress", "account", "mastodon", "kontoadresse", "konto"),
}
_MEANING = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_NO_LETTERS = re.compile(r"[\W_]+")
_ACCOUNT = re.compile(r"^@?[\w.-]{1,64}@[\w.-]{1,190}$")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each field stands, from 0."""

    separator: str
    places: dict[str, int]
    format: Format
    id_at: int | None


ReadAddress = Callable[[str], str | None]
"""An e-mail address as it is written to; None for what is none."""


def read_people(
    header: str, records: str, first_line: int, read_address: ReadAddress, rows_max: int
) -> PeopleRead:
    """The people of some lines of a file, in their order; `first_line` is that of the first one (1 is the
    file's first). No row is looked at where there are too many.

    Raises PeopleFileUnreadable where the headings say nothing, InvitationListLimit.
    """
    columns = _columns(header)
    rows = list(islice(_rows(records, columns.separator, first_line), rows_max + 1))
    if len(rows) > rows_max:
        raise InvitationListLimit("rows", rows_max)
    if rows and rows[-1][0] > LINE_MAX:
        raise InvitationListLimit("line", LINE_MAX)
    people: list[Person] = []
    refused: list[RefusedRow] = []
    for line, cells in rows:
        read = Ground.NAMES_NOBODY if cells is None else _person(line, cells, columns, read_address)
        if isinstance(read, Person):
            people.append(read)
        else:
            refused.append(RefusedRow(line, read))
    return PeopleRead(columns.format, people, refused)


def written_row(cells: Sequence[object]) -> str:
    """One line of CSV (RFC 4180) in which no spreadsheet finds a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _rows(records: str, separator: str, first_line: int) -> Iterator[tuple[int, list[str] | None]]:
    """Each row that is not blank with its line; None for one that cannot be read."""
    reader = csv.reader(io.StringIO(records, newline=""), delimiter=separator)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield first_line + before, None
        else:
            if cells:
                yield first_line + before, cells
        before = reader.line_num


def _columns(header: str) -> _Columns:
    """By the separator under which most headings are known."""
    best: _Columns | None = None
    for separator in SEPARATORS:
        try:
            cells = next(csv.reader([header.removeprefix("\ufeff")], delimiter=separator), [])
        except csv.Error:
            continue
        names = [_NO_LETTERS.sub("", cell.casefold()) for cell in cells]
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if name in _MEANING:
                places.setdefault(_MEANING[name], place)
        found = _Columns(separator, places, _format(names), names.index("id") if "id" in names else None)
        if best is None or len(places) > len(best.places):
            best = found
    if best is None or not best.places:
        raise PeopleFileUnreadable("none of its headings is name, e-mail, username or account")
    return best


def _format(names: Sequence[str]) -> Format:
    if "accountaddress" in names:
        return Format.MASTODON
    return Format.DISCOURSE if "trustlevel" in names and "username" in names else Format.LIST


def _person(line: int, cells: Sequence[str], columns: _Columns, read_address: ReadAddress) -> Person | Ground:
    def cell(field: str) -> str:
        place = columns.places.get(field)
        if place is None or place >= len(cells):
            return ""
        return " ".join(unicodedata.normalize("NFC", cells[place]).split())

    email, account = cell("email"), cell("account")
    whole = " ".join(part for part in (cell("first"), cell("last")) if part)
    name = cell("name") or whole or cell("username") or account
    if columns.format is Format.DISCOURSE and _is_no_person(cells, columns.id_at):
        return Ground.NO_PERSON
    ground = Ground.NAMES_NOBODY if not name and not email else _fault_of_name(name)
    if ground is not None:
        return ground
    if not email:
        known = _ACCOUNT.fullmatch(account) is not None
        return Person(line, name, None, f"account:{account.removeprefix('@').casefold()}" if known else "")
    address = read_address(email) if len(email) <= ADDRESS_MAX_CHARACTERS else None
    if address is None:
        return Ground.EMAIL_MALFORMED
    return Person(line, name, address, f"email:{address.casefold()}")


def _fault_of_name(name: str) -> Ground | None:
    if len(name) > NAME_MAX_CHARACTERS:
        return Ground.NAME_TOO_LONG
    return None if all(character.isprintable() for character in name) else Ground.NAME_UNREADABLE


def _is_no_person(cells: Sequence[str], id_at: int | None) -> bool:
    """Discourse's own accounts (system, discobot) have ids below 1."""
    if id_at is None or id_at >= len(cells):
        return False
    return re.fullmatch(r"\s*(?:-\d+|0)\s*", cells[id_at]) is not None
