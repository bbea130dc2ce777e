"""`guildhall invite`: a personal link for each row of a file of people, begun again where it was killed."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from guildhall.client.answer import Refused, Unreachable
from guildhall.client.connections import Connections
from guildhall.client.key_file import KeyFile, KeyFileUnusable
from guildhall.client.session import Session
from guildhall.client.sign_in import sign_in
from guildhall.inviting.people_file import PeopleFile, PeopleFileUnusable
from guildhall.inviting.place import Place, PlaceFile, PlaceUnusable

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


def invite(key_path: Path, base_url: str, wish: Wish) -> int:
    """Returns the exit code: 0 also where rows were refused, as they are named."""
    try:
        keys = KeyFile.load(key_path)
        file = PeopleFile.read(wish.people)
        return asyncio.run(_invite(keys, base_url, wish, file))
    except (KeyFileUnusable, PeopleFileUnusable, PlaceUnusable, OSError) as error:
        return _refuse(str(error))
    except Unreachable as error:
        return _refuse(f"{base_url} does not answer ({error.reason}): run this again, it goes on")
    except Refused as refusal:
        told = refusal.answer
        detail = told.json().get("detail", "") if told.body.startswith(b"{") else ""
        begun = PlaceFile.beside(wish.out).path.exists()
        anew = " Run this again to go on, or name another file by --out to begin anew." if begun else ""
        return _refuse(f"refused: {told.status} {told.problem}. {detail}{anew}")


async def _invite(keys: KeyFile, base_url: str, wish: Wish, file: PeopleFile) -> int:
    kept = PlaceFile.beside(wish.out)
    digest = digest_of(keys, base_url, wish, file)
    place = kept.read(digest)
    if place is None and wish.out.exists():
        raise PlaceUnusable(f"{wish.out} exists, and is not written over: name another file by --out")
    async with Connections(base_url, connections_max=1) as connections:
        session = await sign_in(connections, keys.wallet, keys.device, patience_seconds=PATIENCE_SECONDS)
        try:
            path, place = await _begin(session, wish, file, kept, place or Place.new(digest))
            await _fill(session, wish, file, kept, path, place)
            figures: dict[str, Any] = (await session.get(path)).checked().json()
            refused = (await session.get(f"{path}/refusals?limit={REFUSALS_SHOWN_MAX}")).checked().json()
        finally:
            with suppress(Unreachable, Refused):
                await session.sign_out()
    kept.remove()
    _say(wish, figures, refused["items"])
    return 0


def digest_of(keys: KeyFile, base_url: str, wish: Wish, file: PeopleFile) -> str:
    """Of all that makes a list what it is: who invites whom, where to and how."""
    terms = [base_url, keys.wallet.address, wish.union, wish.days, wish.sends_email, wish.language]
    people = [file.header, *([one.line, one.text] for one in file.records)]
    return sha256(json.dumps([terms, people]).encode()).hexdigest()


async def _begin(
    session: Session, wish: Wish, file: PeopleFile, kept: PlaceFile, place: Place
) -> tuple[str, Place]:
    """The list's path. Begun under a key that is kept before, it is begun once, whenever that is killed."""
    if place.path is not None:
        return place.path, place
    kept.keep(place)
    body = {
        "rows_max": len(file.records),
        "valid_seconds": wish.days * 86_400,
        "sends_email": wish.sends_email,
        "language": wish.language,
    }
    lists = f"/v1/unions/{wish.union}/invitation-lists"
    try:
        made = (await session.post(lists, body, idempotency_key=place.key)).checked().json()
    except Refused as refusal:
        if _is_final(refusal):
            kept.remove()  # nothing was begun
        raise
    path = f"{lists}/{made['id']}"
    place = replace(place, path=path)
    kept.keep(place)
    return path, place


def _is_final(refusal: Refused) -> bool:
    """Whether it says that nothing was done; a busy deployment may have done it all the same."""
    told = refusal.answer
    return 400 <= told.status < 500 and told.status != 429 and told.problem != "request-in-progress"


async def _fill(
    session: Session, wish: Wish, file: PeopleFile, kept: PlaceFile, path: str, place: Place
) -> None:
    """The same rows once more have the same links: so what a kill left half written is written anew."""
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with _opened(wish.out) as out, Progress(*columns, console=console) as progress:
        if out.seek(0, os.SEEK_END) < place.bytes_written:
            place = replace(place, line=0, bytes_written=0)  # links are missing: all are asked for again
        out.truncate(place.bytes_written)
        out.seek(place.bytes_written)
        if place.bytes_written == 0:
            out.write(HEADINGS.encode())
        done = sum(one.line <= place.line for one in file.records)
        bar = progress.add_task("rows", total=len(file.records), completed=done)
        for chunk in file.chunks(place.line):
            body = {"header": file.header, "records": chunk.text}
            answer = await session.put(f"{path}/rows/{chunk.first_line}", body)
            out.write(answer.checked().json()["table"].encode())
            out.flush()
            os.fsync(out.fileno())
            place = replace(place, line=chunk.records[-1].line, bytes_written=out.tell())
            kept.keep(place)
            progress.advance(bar, len(chunk.records))


def _say(wish: Wish, figures: dict[str, Any], refused: list[dict[str, Any]]) -> None:
    made, refused_count = figures["made_count"], figures["refused_count"]
    sent = ", which are sent in turn" if wish.sends_email else ""
    sys.stdout.write(f"{made:,} links in {wish.out}{sent}; {refused_count:,} rows refused\n")
    for one in refused:
        sys.stdout.write(f"  line {one['line']}: {one['ground'].replace('_', ' ')}\n")
    if refused_count > len(refused):
        sys.stdout.write(f"  and {refused_count - len(refused):,} more\n")


def _opened(path: Path) -> BinaryIO:
    """A file that its owner alone reads: who has a link may use it."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _refuse(line: str) -> int:
    sys.stderr.write(f"guildhall invite: {line}\n")
    return 1
