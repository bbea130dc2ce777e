"""Lists of people as tests send them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.services.identity.house import IdentityHouse, Member

HEADER = "name;e-mail"


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def lists_of(union: Mapping[str, Any]) -> str:
    return f"/v1/unions/{union['id']}/invitation-lists"


async def begin(member: Member, union: Mapping[str, Any], **body: object) -> str:
    """The path of a new list."""
    made = await member.act("POST", lists_of(union), {"rows_max": 100} | body)
    assert made.status_code == 201, made.text
    return f"{lists_of(union)}/{made.json()['id']}"


async def fill(
    member: Member, path: str, records: Sequence[str], *, line: int = 2, header: str = HEADER
) -> httpx.Response:
    body = {"header": header, "records": "".join(f"{record}\n" for record in records)}
    return await member.act("PUT", f"{path}/rows/{line}", body)


async def filled(member: Member, path: str, records: Sequence[str], **more: Any) -> dict[str, Any]:
    answer = await fill(member, path, records, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def code_of(link: Mapping[str, Any]) -> str:
    return str(link["link"]).rpartition("=")[2]


async def figures(member: Member, path: str) -> dict[str, Any]:
    return (await member.ask("GET", path)).json()


async def sign_in_again(*members: Member) -> None:
    for member in members:
        assert (await member.sign_in()).status_code == 201


async def kept(house: IdentityHouse, path: str) -> list[dict[str, Any]]:
    """What is kept of the people of a list."""
    rows = await house.rows(
        "SELECT name, email, row_key, line FROM invitees WHERE list_id = $1 ORDER BY line",
        path.rpartition("/")[2],
    )
    return [dict(row) for row in rows]


async def until_somebody_waits(house: IdentityHouse) -> None:
    """For a lock of another transaction."""
    waiting = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
        "AND state = 'active'"
    )
    async with asyncio.timeout(10):
        while not await house.rows(waiting):  # noqa: ASYNC110 - the database is what is asked
            await asyncio.sleep(0.02)
