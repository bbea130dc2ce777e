"""What proposers and backers do at funding's API, as the tests of funding need it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from events.ledger import RunState
from tests.services.escrow_house import ROOT, UNION, House, Person

TARGET = 1_000
DEADLINE_SECONDS = 3_600


def project_body(funding: House, **changed: Any) -> dict[str, Any]:
    deadline = funding.clock.now() + timedelta(seconds=DEADLINE_SECONDS)
    return {
        "title": "A kiln",
        "description": "For the potters",
        "target": {"asset": "GLD", "minor": str(TARGET)},
        "deadline_at": deadline.isoformat(),
    } | changed


async def proposed(funding: House, owner: Person, **changed: Any) -> dict[str, Any]:
    answer = await funding.post(owner, f"{ROOT}/projects", project_body(funding, **changed), signed=False)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def pledge(
    funding: House, backer: Person, project_id: str, minor: int, key: str | None = None, **debit: str
) -> httpx.Response:
    body = {"debit": {"asset": "GLD", "minor": str(minor), "to": f"projects/{project_id}"} | debit}
    return await funding.post(backer, f"{ROOT}/projects/{project_id}/pledges", body, key=key)


async def held_pledge(funding: House, backer: Person, project_id: str, minor: int) -> dict[str, Any]:
    answer = await pledge(funding, backer, project_id, minor)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] in {"held", "paid_out"}
    return answer.json()


async def withdraw(funding: House, backer: Person, pledge_id: str, *, signed: bool = True) -> httpx.Response:
    return await funding.delete(backer, f"{ROOT}/pledges/{pledge_id}", signed=signed)


async def present(funding: House, who: Person, project_id: str) -> dict[str, Any]:
    answer = await funding.get(who, f"{ROOT}/projects/{project_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pledge_states(funding: House, project_id: str) -> list[str]:
    rows = await funding.rows(
        "SELECT state FROM pledges WHERE project_id = $1 ORDER BY pledge_id", UUID(project_id)
    )
    return [row["state"] for row in rows]


async def end_run(funding: House, state: str = "finished", refused_count: int = 0) -> None:
    """Tell funding, as its consumer does, that the one run that it announced has ended."""
    (run_id,) = funding.ledger.announcements
    announced = funding.ledger.announcements[run_id]["lines_count"]
    event = RunState(
        version=2,
        union_id=UNION,
        run_id=UUID(run_id),
        state=state,
        lines_count=announced,
        posted_count=announced - refused_count,
        refused_count=refused_count,
    )
    subscriber = funding.chassis.parts.consumers.subscribers["run"]
    async with funding.unit() as unit:
        await subscriber.handle(unit, [event])


def slug_of(answer: httpx.Response) -> str:
    """The slug of a problem's type."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()["type"].removeprefix("/problems/")
