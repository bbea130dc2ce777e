"""`guildhall invite`: a personal link for each row of a file of people, begun again where it was killed."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from guildhall.client.answer import Refused, Unreachable
from guildhall.client.connections import Connections
from guildhall.client.key_file import KeyFile, KeyFileUnusable
from guildhall.client.session import Session
from guildhall.client.sign_in import sign_in
from guildhall.inviting.people_file import PeopleFile, PeopleFileUnusable

HEADINGS = "line,name,e-mail,link\r\n"
PATIENCE_SECONDS = 120
REFUSALS_SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command was told."""

    people: Path
    union: str
    out: Path
    days: int
    sends_email: bool
    language: str


@dataclass(frozen=True, slots=True)
class _Place:
    """How far it is; kept beside the links, so that the next run goes on there. `path`: of the list."""

    digest: str
    path: str
    line: int
    bytes_written: int


def invite(key_path: Path, base_url: str, wish: Wish) -> int:
    """Returns the exit code: 0 also where rows were refused, as they are named."""
    try:
        keys = KeyFile.load(key_path)
        file = PeopleFile.read(wish.people)
        return asyncio.run(_invite(keys, base_url, wish, file))
    except (KeyFileUnusable, PeopleFileUnusable, OSError) as error:
        return _refuse(str(error))
    except Unreachable as error:
        return _refuse(f"{base_url} does not answer ({error.reason}): run this again, it goes on")
    except Refused as refusal:
        told = refusal.answer
        detail = told.json().get("detail", "") if told.body.startswith(b"{") else ""
        return _refuse(f"refused: {told.status} {told.problem}. {detail}")


async def _invite(keys: KeyFile, base_url: str, wish: Wish, file: PeopleFile) -> int:
    async with Connections(base_url, connections_max=1) as connections:
        session = await sign_in(connections, keys.wallet, keys.device, patience_seconds=PATIENCE_SECONDS)
        try:
            place = await _begin(session, wish, file)
            place = await _fill(session, wish, file, place)
            figures: dict[str, Any] = (await session.get(place.path)).checked().json()
            refused = (
                (await session.get(f"{place.path}/refusals?limit={REFUSALS_SHOWN_MAX}")).checked().json()
            )
        finally:
            with suppress(Unreachable, Refused):
                await session.sign_out()
    _kept_at(wish).unlink(missing_ok=True)
    _say(wish, figures, refused["items"])
    return 0


async def _begin(session: Session, wish: Wish, file: PeopleFile) -> _Place:
    """Where the last run was, or a new list. A list whose place was not kept has no links."""
    digest = sha256(wish.people.read_bytes()).hexdigest()
    kept = _kept_at(wish)
    if kept.exists():
        place = _Place(**json.loads(kept.read_text()))
        if place.digest != digest:
            raise PeopleFileUnusable(
                f"{kept} is of another file than {wish.people} is now: remove it to begin anew"
            )
        return place
    body = {
        "rows_max": len(file.records),
        "valid_seconds": wish.days * 86_400,
        "sends_email": wish.sends_email,
        "language": wish.language,
    }
    lists = f"/v1/unions/{wish.union}/invitation-lists"
    made = (await session.post(lists, body)).checked().json()
    with _opened(wish.out, new=True) as out:
        out.write(HEADINGS.encode())
    place = _Place(digest, f"{lists}/{made['id']}", 0, len(HEADINGS))
    _keep(wish, place)
    return place


async def _fill(session: Session, wish: Wish, file: PeopleFile, place: _Place) -> _Place:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with _opened(wish.out, new=False) as out, Progress(*columns, console=console) as progress:
        out.truncate(place.bytes_written)  # what a kill left half written
        out.seek(place.bytes_written)
        done = sum(one.line <= place.line for one in file.records)
        bar = progress.add_task("rows", total=len(file.records), completed=done)
        for chunk in file.chunks(place.line):
            body = {"header": file.header, "records": chunk.text}
            answer = await session.put(f"{place.path}/rows/{chunk.first_line}", body)
            out.write(answer.checked().json()["table"].encode())
            out.flush()
            place = replace(place, line=chunk.records[-1].line, bytes_written=out.tell())
            _keep(wish, place)
            progress.advance(bar, len(chunk.records))
    return place


def _say(wish: Wish, figures: dict[str, Any], refused: list[dict[str, Any]]) -> None:
    made, refused_count = figures["made_count"], figures["refused_count"]
    sent = ", which are sent in turn" if wish.sends_email else ""
    sys.stdout.write(f"{made:,} links in {wish.out}{sent}; {refused_count:,} rows refused\n")
    for one in refused:
        sys.stdout.write(f"  line {one['line']}: {one['ground'].replace('_', ' ')}\n")
    if refused_count > len(refused):
        sys.stdout.write(f"  and {refused_count - len(refused):,} more\n")


def _kept_at(wish: Wish) -> Path:
    return wish.out.with_name(f"{wish.out.name}.place")


def _keep(wish: Wish, place: _Place) -> None:
    kept = _kept_at(wish)
    written = kept.with_name(f"{kept.name}.new")
    written.write_text(json.dumps(asdict(place)))
    written.replace(kept)


def _opened(path: Path, *, new: bool) -> Any:
    """A file that its owner alone reads: who has a link may use it. One that exists is not written over."""
    flags = os.O_RDWR | (os.O_CREAT | os.O_EXCL if new else 0)
    return os.fdopen(os.open(path, flags, 0o600), "r+b")


def _refuse(line: str) -> int:
    sys.stderr.write(f"guildhall invite: {line}\n")
    return 1
