"""Chapter fifteen: a circle whose founder brings a list of people; others apply and are vouched for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildhall.demo.story import Person, Story, StoryBroken

LISTED_COUNT, INVITED_COUNT = 200, 4
RULE = "invitation or (application and vouching:2)"
QUESTION = "Which book would you bring?"


@dataclass(frozen=True, slots=True)
class Circle:
    """Where it is; its founder, and one who joined it."""

    path: str
    founder: Person
    heir: Person


async def gather(story: Story) -> Circle:
    story.chapter("A circle and its list of people")
    founder, *others = story.seed.stream("circle", story.season).sample(story.people, INVITED_COUNT + 2)
    invited, applicant = others[:INVITED_COUNT], others[-1]
    for person in (founder, *others):
        await story.read(person, "/v1/me")
    circle = await _found(story, founder)
    links = await _invite(story, founder, circle)
    for person, link in zip(invited, links, strict=False):
        await _join(story, person, circle, link.rpartition("=")[2])
    name = f"circle/unasked/{story.season}"
    refused = await _join(story, applicant, circle, None, name=name)
    if refused.get("refused") != "admission-unmet":
        raise StoryBroken("somebody came into the circle whom its rule did not let in")
    await _apply(story, founder, applicant, invited[:2], circle)
    figures = await story.read(founder, f"{circle['path']}/invitation-lists?limit=1")
    [shown] = figures["items"]
    story.console.print(
        f"  {shown['made_count']} personal links from a list, {shown['refused_count']} rows refused; "
        f"{INVITED_COUNT} joined by theirs, one was vouched for"
    )
    return Circle(circle["path"], founder, invited[0])


async def _found(story: Story, founder: Person) -> dict[str, Any]:
    body = {
        "name": f"Circle of Readers {story.season}",
        "purpose": "People who read the same book and talk about it.",
        "parameters": {"admission": RULE, "joining_grant_minor": "0"},
    }
    keep = ("id", "charter_version", "charter_hash")
    made = await story.act(founder, f"circle/{story.season}", "POST", "/v1/unions", body, keep=keep)
    path = f"/v1/unions/{made['id']}"
    questions = {"questions": [QUESTION]}
    await story.act(
        founder, f"circle/questions/{story.season}", "PUT", f"{path}/admission-questions", questions, keep=()
    )
    return made | {"path": path}


async def _invite(story: Story, founder: Person, circle: dict[str, Any]) -> list[str]:
    """As a forum would export them: two rows name nobody who could be invited."""
    rows = [f"Reader {number},reader{number}@circle.example" for number in range(LISTED_COUNT)]
    rows += ["Reader 0,READER0@circle.example", "Nobody,nowhere"]
    path = f"{circle['path']}/invitation-lists"
    terms = {"rows_max": len(rows), "valid_seconds": 86_400}
    made = await story.act(founder, f"circle/list/{story.season}", "POST", path, terms)
    body = {"header": "Name,E-mail", "records": "\n".join(rows)}
    filled = await story.act(
        founder, f"circle/rows/{story.season}", "PUT", f"{path}/{made['id']}/rows/2", body, keep=("links",)
    )
    return [one["link"] for one in filled["links"]]


async def _join(
    story: Story, person: Person, circle: dict[str, Any], code: str | None, *, name: str = ""
) -> dict[str, Any]:
    body = {field: circle[field] for field in ("charter_version", "charter_hash")}
    if code is not None:
        body["invitation"] = code
    return await story.act(
        person,
        name or f"circle/join/{story.season}/{person.number}",
        "POST",
        f"{circle['path']}/memberships",
        body,
        keep=("version",),
        may_refuse=() if code else ("admission-unmet",),
    )


async def _apply(
    story: Story, founder: Person, applicant: Person, vouchers: list[Person], circle: dict[str, Any]
) -> None:
    body = {field: circle[field] for field in ("charter_version", "charter_hash")}
    body["answers"] = ["The one on the Tejo."]
    path = f"{circle['path']}/applications"
    asked = await story.act(applicant, f"circle/apply/{story.season}", "POST", path, body)
    admission = f"{path}/{asked['id']}/admission"
    await story.act(founder, f"circle/admit/{story.season}", "PUT", admission, keep=("state",))
    for voucher in vouchers:
        await story.act(
            voucher,
            f"circle/vouch/{story.season}/{voucher.number}",
            "PUT",
            f"{circle['path']}/vouches/{applicant.member_id}",
            keep=("has_joined",),
            may_refuse=("vouch-refused",),
        )
    own = await story.read(applicant, f"{circle['path']}/memberships/me")
    if own["state"] != "active":
        raise StoryBroken(f"who was admitted and vouched for is {own['state']}")
