"""Some rows of a list of people: each makes a personal link, or is refused with its ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import InvitationListEnded
from services.identity.admission.domain.invitation_list import (
    InvitationList,
    NewInvitee,
    after_rows,
    sort_people,
)
from services.identity.admission.domain.people_file import (
    PeopleRead,
    RefusedRow,
    read_people,
    written_row,
)
from services.identity.admission.domain.personal_link import link_of, person_key, personal_code
from services.identity.admission.email_addresses import read_address
from services.identity.admission.store import invitees, lists
from services.identity.admission.use_cases.find_union import list_of_admitter
from services.identity.domain.invitation import code_hash
from services.identity.domain.union import NetworkUnion
from services.identity.settings import IdentitySettings


@dataclass(frozen=True, slots=True)
class Rows:
    """Some lines of a file as they stand there, and the file's first line; `first_line` counts from 1."""

    header: str
    records: str
    first_line: int


@dataclass(frozen=True, slots=True)
class Link:
    """`is_new`: it was not made by the same row before."""

    line: int
    link: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """Links and refusals, each in the order of lines. `table`: name, address and link of each as CSV,
    without headings; told to who sent the rows, and kept nowhere."""

    filled: InvitationList
    links: Sequence[Link]
    refused: Sequence[RefusedRow]
    table: str


async def fill_list(
    unit: UnitOfWork,
    settings: IdentitySettings,
    key: bytes,
    member_id: UUID,
    union: str,
    list_id: UUID,
    rows: Rows,
    digest: str,
) -> Filled:
    """The same rows once more give the same links. `digest`: what was signed of them, which is kept.

    Raises UnionNotFound, UnionDissolved, FounderOnly, InvitationListNotFound, InvitationListEnded,
    InvitationListLimit, PeopleFileUnreadable.
    """
    admitter, named = await list_of_admitter(unit, union, member_id, list_id)
    found = admitter.union
    found.require_active()
    named.require_open(unit.now)
    most = settings.invitation_list_chunk_rows_max
    read = read_people(rows.header, rows.records, rows.first_line, read_address, most)
    count = len(read.people) + len(read.refused)
    held = {one.id: one for one in await lists.lock_open_lists(unit, found.id)}.get(list_id)
    if held is None:
        raise InvitationListEnded
    filled = await _fill(unit, settings, key, found, held, read)
    admitter.record(
        unit,
        "invite",
        f"invitation-lists/{held.id}",
        {"first_line": rows.first_line, "rows": count, "links": len(filled.links), "content_digest": digest},
    )
    return filled


async def _fill(
    unit: UnitOfWork,
    settings: IdentitySettings,
    key: bytes,
    union: NetworkUnion,
    held: InvitationList,
    read: PeopleRead,
) -> Filled:
    people = [
        (person, person_key(key, person.key or f"line:{held.id}:{person.line}")) for person in read.people
    ]
    keys = [row_key for _, row_key in people]
    known = await invitees.known_people(unit, held, keys, [person.line for person, _ in people])
    done = sort_people(held, people, known)
    new = [NewInvitee(unit.ids.new(), person, row_key) for person, row_key in done.new]
    codes = [personal_code(key, one.invitation_id) for one in new]
    pause = timedelta(seconds=60) / settings.invitation_emails_per_minute_max
    due = await _due(unit, held, new, pause)
    await invitees.add_invitees(unit, held, new, [code_hash(code) for code in codes], due)
    refused = sorted([*read.refused, *done.refused], key=lambda one: one.line)
    lines = sorted([one.line for one in refused] + [person.line for person, _ in people])
    more = await lists.replace_refusals(unit, held, (lines[0], lines[-1]), refused) if lines else 0
    mails = sum(at is not None for at in due)
    after = after_rows(held, len(new), more, mails, pause, unit.now, read.format.value)
    await lists.save_list(unit, after)
    public_url = settings.public_url
    told = sorted(
        [
            *((one.person, code, True) for one, code in zip(new, codes, strict=True)),
            *((person, personal_code(key, invitation), False) for person, invitation in done.again),
        ],
        key=lambda one: one[0].line,
    )
    links = [
        Link(person.line, link_of(public_url, union.slug, code), is_new) for person, code, is_new in told
    ]
    table = "".join(
        written_row((person.line, person.name, person.email or "", link.link))
        for (person, _, _), link in zip(told, links, strict=True)
    )
    return Filled(after, links, refused, table)


async def _due(
    unit: UnitOfWork, held: InvitationList, new: Sequence[NewInvitee], pause: timedelta
) -> list[datetime | None]:
    """When each is written to, one after the other; None: never."""
    if not held.sends_email:
        return [None] * len(new)
    stopped = await invitees.stopped_people(unit, [one.row_key for one in new])
    due: list[datetime | None] = []
    at = max(unit.now, held.mail_due_at)
    for one in new:
        is_sent = one.person.email is not None and one.row_key not in stopped
        due.append(at if is_sent else None)
        at += pause if is_sent else timedelta(0)
    return due
