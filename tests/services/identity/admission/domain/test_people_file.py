"""Lists of people: headings, separators, exports of others, and rows that name nobody. Nothing is lost."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.identity.admission.domain import people_file
from services.identity.admission.domain.errors import InvitationListLimit, PeopleFileUnreadable
from services.identity.admission.domain.people_file import (
    FORMULA_STARTS,
    Format,
    Ground,
    PeopleRead,
    written_row,
)
from services.identity.admission.email_addresses import read_address

ROWS_MAX = 1_000
SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
CELLS = st.text(max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=8)


def read_people(header: str, records: str, first_line: int) -> PeopleRead:
    return people_file.read_people(header, records, first_line, read_address, ROWS_MAX)


@pytest.mark.parametrize(
    ("header", "record", "name", "email"),
    [
        ("name,email", "Ada,ada@guild.example", "Ada", "ada@guild.example"),
        ("Name;E-Mail", "Ada Lovelace;ada@guild.example", "Ada Lovelace", "ada@guild.example"),
        (
            "\ufeffE-Mail-Adresse\tVorname\tNachname",
            "a@guild.example\tAda\tKing",
            "Ada King",
            "a@guild.example",
        ),
        ("First Name|Last Name|Notes", "Ada|King|x", "Ada King", None),
        ("EMAIL", "ada@Guild.Example", "", "ada@guild.example"),
        ("Benutzername;Notiz", "ada;x", "ada", None),
        ('"Full Name","E-mail address"', '"King, Ada",a@guild.example', "King, Ada", "a@guild.example"),
    ],
)
def test_headings_are_known_whatever_separates_them(
    header: str, record: str, name: str, email: str | None
) -> None:
    [person] = read_people(header, record, 2).people
    assert (person.name, person.email, person.line) == (name, email, 2)


def test_discourse_users_are_read_and_its_own_accounts_are_nobody() -> None:
    header = "id,name,username,email,title,created_at,last_seen_at,trust_level,approved,ip_address"
    records = (
        "-1,system,system,no_email,,2020-01-01 00:00:00 UTC,,4,true,\n"
        "-2,discobot,discobot,discobot_email,,,,4,true,\n"
        "7,,ada,ada@guild.example,,2020-01-01 00:00:00 UTC,,2,true,1.2.3.4\n"
        "8,Grace Hopper,grace,grace@guild.example,,,,1,true,1.2.3.4\n"
    )
    read = read_people(header, records, 2)
    assert read.format is Format.DISCOURSE
    assert [(one.name, one.email) for one in read.people] == [
        ("ada", "ada@guild.example"),
        ("Grace Hopper", "grace@guild.example"),
    ]
    assert [(one.line, one.ground) for one in read.refused] == [(2, Ground.NO_PERSON), (3, Ground.NO_PERSON)]


def test_mastodon_follows_are_accounts_without_an_address() -> None:
    header = "Account address,Show boosts,Notify on new posts,Languages"
    read = read_people(header, "ada@social.example,true,false,\nAda@Social.Example,true,false,en\n", 2)
    assert read.format is Format.MASTODON
    assert [(one.name, one.email) for one in read.people] == [
        ("ada@social.example", None),
        ("Ada@Social.Example", None),
    ]
    assert {one.key for one in read.people} == {"account:ada@social.example"}


@pytest.mark.parametrize(
    ("record", "ground"),
    [
        (";", Ground.NAMES_NOBODY),
        ("x" * 121 + ";", Ground.NAME_TOO_LONG),
        ("Ada\x07;", Ground.NAME_UNREADABLE),
        ("Ada;ada", Ground.EMAIL_MALFORMED),
        ("Ada;ada@guild.example\x00", Ground.EMAIL_MALFORMED),
        ("Ada;a@b@c.example", Ground.EMAIL_MALFORMED),
        (f"Ada;{'a' * 250}@guild.example", Ground.EMAIL_MALFORMED),
    ],
)
def test_a_row_that_makes_no_link_says_why(record: str, ground: Ground) -> None:
    read = read_people("name;email", record, 9)
    assert read.people == []
    assert [(one.line, one.ground) for one in read.refused] == [(9, ground)]


@pytest.mark.parametrize("header", ["", "x,y", "ada@guild.example", "\x00", '"name'])
def test_headings_that_say_nothing_are_refused(header: str) -> None:
    if header == '"name':
        assert read_people(header, "Ada", 2).people
        return
    with pytest.raises(PeopleFileUnreadable):
        read_people(header, "Ada,ada@guild.example", 2)


def test_lines_are_those_of_the_file_also_where_cells_break() -> None:
    read = read_people("name,note", 'Ada,"two\nlines"\n\nGrace,\n', 2)
    assert [(one.name, one.line) for one in read.people] == [("Ada", 2), ("Grace", 5)]


@SLOWLY
@given(ROWS, st.sampled_from([",", ";", "\t", "|"]))
def test_every_row_is_a_person_or_a_refusal(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    read = read_people(f"name{separator}email{separator}account", out.getvalue(), 2)
    assert len(read.people) + len(read.refused) == len(rows)
    lines = [one.line for one in (*read.people, *read.refused)]
    assert len(set(lines)) == len(lines)


@SLOWLY
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(records: str) -> None:
    read = read_people("name,email", records, 2)
    for person in read.people:
        assert person.name or person.email
        assert "\x00" not in person.name + (person.email or "")


@SLOWLY
@given(
    st.lists(
        st.one_of(CELLS, st.sampled_from(FORMULA_STARTS).flatmap(lambda a: CELLS.map(a.__add__))), min_size=1
    )
)
def test_what_is_written_begins_no_formula(cells: list[str]) -> None:
    [back] = csv.reader(io.StringIO(written_row(cells), newline=""))
    assert len(back) == len(cells)
    for cell, whole in zip(back, cells, strict=True):
        assert not cell.startswith(FORMULA_STARTS)
        assert cell in (whole, f"'{whole}")


def test_no_row_is_looked_at_where_there_are_too_many() -> None:
    looked: list[str] = []
    with pytest.raises(InvitationListLimit) as fact:
        people_file.read_people("email", "a@guild.example\n" * 3, 2, looked.append, rows_max=2)
    assert (fact.value.bound, fact.value.limit, looked) == ("rows", 2, [])


def test_a_line_is_one_of_a_file() -> None:
    last = people_file.LINE_MAX
    assert [one.line for one in read_people("name", "Ada\n", last).people] == [last]
    with pytest.raises(InvitationListLimit) as fact:
        read_people("name", "Ada\nGrace\n", last)
    assert fact.value.bound == "line"
