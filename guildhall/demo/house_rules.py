"""Chapter fourteen: tenants found a union by a preset, and are asked anew when its rules change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildhall.client import Answer
from guildhall.demo.story import Person, Story

TENANTS_COUNT = 4
PRESET = "consumers_and_tenants"
RULE = "7. **Quiet hours.** We ask for them together: from ten in the evening to seven in the morning.\n"


@dataclass(frozen=True, slots=True)
class _Tenants:
    """A season's union of tenants; `union`: what its founding answered."""

    union: dict[str, Any]
    founder: Person
    others: tuple[Person, ...]

    @property
    def path(self) -> str:
        return f"/v1/unions/{self.union['id']}"


async def change_rules(story: Story) -> None:
    """All but one accept; who names the former rules is refused, and what they have not accepted is known."""
    story.chapter("New rules")
    tenants = await _found(story)
    first = {
        "charter_version": tenants.union["charter_version"],
        "charter_hash": tenants.union["charter_hash"],
    }
    await story.each("join the tenants", tenants.others, lambda one: _join(story, tenants, one, first))
    amended = await _amend(story, tenants)
    *willing, silent = tenants.others
    accepted = {"charter_version": amended["version"], "charter_hash": amended["hash"]}
    await story.each("accept the new rules", willing, lambda one: _accept(story, tenants, one, accepted))
    await _accept(story, tenants, silent, first, may_refuse=("charter-stale",))
    await _keep(story, tenants, amended, silent)


async def _found(story: Story) -> _Tenants:
    drawn = story.seed.stream("tenants", story.season).sample(story.people[1:], 1 + TENANTS_COUNT)
    founder, *others = drawn
    body = {
        "name": f"Tenants of Lace Street {story.season}",
        "slug": f"lace-street-{story.season}",
        "purpose": "Whoever rents in Lace Street asks the owner together.",
        "preset": PRESET,
    }
    kept = ("id", "name", "charter_version", "charter_hash")
    union = await story.act(founder, f"tenants/{story.season}", "POST", "/v1/unions", body, keep=kept)
    return _Tenants(union, founder, tuple(others))


async def _join(story: Story, tenants: _Tenants, one: Person, accepted: dict[str, Any]) -> None:
    name = f"movein/{story.season}/{one.number}"
    await story.act(one, name, "POST", f"{tenants.path}/memberships", accepted, keep=("union_id", "version"))


async def _amend(story: Story, tenants: _Tenants) -> dict[str, Any]:
    """Against whatever is in force: the same amendment again changes nothing."""
    name = f"amended/{story.season}"
    if name in story.record:
        return story.record.answer(name)
    story.record.begin(name)
    path = f"{tenants.path}/charter"
    first = await story.read(tenants.founder, f"{path}?version=1")
    body = {"bylaws": first["document"]["bylaws"] + RULE}

    async def ask() -> Answer:
        session = tenants.founder.session or await story.sign_in(tenants.founder)
        return await session.request("PATCH", path, body, act=True, if_match="*")

    shown = (await story.answered(f"PATCH {path}", ask)).checked().json()
    kept = {key: shown[key] for key in ("version", "hash", "asking")} | {"union_id": tenants.union["id"]}
    story.record.acknowledge(name, kept)
    return kept


async def _accept(
    story: Story, tenants: _Tenants, one: Person, named: dict[str, Any], may_refuse: tuple[str, ...] = ()
) -> None:
    path = f"{tenants.path}/memberships/me/acceptance"
    await story.act(
        one,
        f"rules/{story.season}/{one.number}",
        "PUT",
        path,
        named,
        keep=("union_id", "charter_version"),
        may_refuse=may_refuse,
    )


async def _keep(story: Story, tenants: _Tenants, amended: dict[str, Any], silent: Person) -> None:
    """How many have accepted, and what is asked of who has not."""
    name = f"accepted/{story.season}"
    if name not in story.record:
        story.record.begin(name)
        counted = await story.read(tenants.founder, f"{tenants.path}/charter/acceptances")
        asked = await story.read(silent, f"{tenants.path}/memberships/me/acceptance")
        kept = {
            "union_id": tenants.union["id"],
            "accepted": counted["accepted_count"],
            "members": counted["members_count"],
            "silent": asked["state"],
            "grace_ends_at": asked["grace_ends_at"],
        }
        story.record.acknowledge(name, kept)
    told = story.record.answer(name)
    story.console.print(
        f"  {tenants.union['name']}: {told['accepted']} of {told['members']} accepted version "
        f"{amended['version']}; {silent.name} is asked until {told['grace_ends_at'][:10]}"
    )
