"""Chapter sixteen: the founder of the circle hands their office to a reader, and is a reader like others."""

from __future__ import annotations

from guildhall.demo.circle import Circle
from guildhall.demo.story import Person, Story, StoryBroken


async def pass_on(story: Story, circle: Circle) -> None:
    story.chapter("The office passes")
    founder, heir = circle.founder, circle.heir
    body = {"member": heir.member_id}
    await _act(story, founder, "heir", "PUT", circle, body)
    await _act(story, heir, "consent", "PUT", circle)
    await _act(story, founder, "handover", "POST", circle)
    union = await story.read(founder, circle.path)
    holders = [union[who]["id"] for who in ("founder", "head")]
    if holders != [founder.member_id, heir.member_id]:
        raise StoryBroken(f"the office of the circle is held by {holders[1]}")
    story.console.print(f"  {founder.name} founded {union['name']}, and {heir.name} holds its office now")


async def _act(
    story: Story,
    person: Person,
    what: str,
    method: str,
    circle: Circle,
    body: dict[str, str] | None = None,
) -> None:
    path = f"{circle.path}/succession/{what}"
    await story.act(person, f"torch/{what}/{story.season}", method, path, body, keep=("head_id",))
