"""Chapters one to three: the union is founded, its members join, and say whom they follow."""

from __future__ import annotations

import asyncio

from guildhall.demo.story import Person, Story, StoryBroken

GRANT_PATIENCE_SECONDS = 120
IMPORT_PATIENCE_SECONDS = 120


async def found(story: Story) -> None:
    """The founder founds the union with a name and a purpose alone, and makes the invitation."""
    story.chapter("The founding")
    await _sign_in_patiently(story, story.founder)
    body = {
        "name": "Guild of the Long Table",
        "purpose": "Freelancers who find each other work, pay each other, and fund what they share.",
    }
    union = await story.act(
        story.founder, "found/union", "POST", "/v1/unions", body, keep=("id", "slug", "token", "name")
    )
    story.union = union
    await story.act(
        story.founder,
        "found/invitation",
        "POST",
        f"{story.union_path}/invitations",
        {"uses_max": len(story.people) - 1},
        keep=("code", "link"),
    )


async def join(story: Story) -> None:
    """Everybody signs in with their own keys, joins by the founder's invitation, and gets the grant."""
    story.chapter(f"{len(story.people):,} members")
    union = await story.read(story.founder, story.union_path)
    invitation = story.record.answer("found/invitation")["code"]
    acceptance = {
        "charter_version": union["charter_version"],
        "charter_hash": union["charter_hash"],
        "invitation": invitation,
    }

    async def one(person: Person) -> None:
        if person is not story.founder:
            await story.act(
                person,
                f"join/{person.number}",
                "POST",
                f"{story.union_path}/memberships",
                acceptance,
                keep=("version",),
            )
        if person.session is None:
            await _sign_in_patiently(story, person)

    await story.each("sign in and join", story.people, one)
    await story.each("receive the grant", story.people, lambda person: _receive_grant(story, person))


async def _sign_in_patiently(story: Story, person: Person) -> None:
    """The first request of a person signs in, and waits out a server that is away."""
    await story.read(person, "/v1/me")


async def _receive_grant(story: Story, person: Person) -> None:
    name = f"grant/{person.number}"
    if name in story.record:
        person.account_id = story.record.answer(name)["account_id"]
        return
    for _ in range(GRANT_PATIENCE_SECONDS * 5):
        accounts = (await story.read(person, f"{story.union_path}/accounts"))["items"]
        mine = [account for account in accounts if account["kind"] == "member"]
        if mine and int(mine[0]["balance"]["minor"]) > 0:
            person.account_id = mine[0]["id"]
            story.record.acknowledge(name, {"account_id": person.account_id})
            return
        await asyncio.sleep(0.2)
    raise StoryBroken(f"{person.name} has waited {GRANT_PATIENCE_SECONDS} s for the grant")


async def follow(story: Story) -> None:
    """The founder imports who follows whom; nothing counts until its supporter confirms it."""
    story.chapter("Who follows whom")
    story.console.print(f"  [dim]{story.following.source}, {len(story.following.pairs):,} followings[/dim]")
    ids = [person.member_id for person in story.people]
    rows = [(ids[who], ids[whom]) for who, whom in story.following.pairs]
    await _import(story, rows)
    await story.each("confirm", story.people, lambda person: _confirm(story, person))


async def _import(story: Story, rows: list[tuple[str, str]]) -> None:
    """Again where the graph had not heard of all members yet; what is proposed already is only refused."""
    for number in range(IMPORT_PATIENCE_SECONDS):
        told = await story.act(
            story.founder,
            "follow/import" if number == 0 else f"follow/import/{number}",
            "POST",
            f"{story.union_path}/backlink-imports",
            {"rows": rows},
            keep=("id", "proposed_count", "refused_counts"),
        )
        if "not_a_member" not in told.get("refused_counts", {}):
            return
        await asyncio.sleep(1)
    raise StoryBroken(f"the graph has not heard of all members in {IMPORT_PATIENCE_SECONDS} s")


async def _confirm(story: Story, person: Person) -> None:
    name = f"confirm/{person.number}"
    if name in story.record:
        return
    proposals = await story.read_all(person, f"{story.union_path}/backlink-proposals")
    leaders = [proposal["leader_id"] for proposal in proposals]
    if not leaders:
        story.record.acknowledge(name, {"confirmed_count": 0})
        return
    await story.act(
        person,
        name,
        "POST",
        f"{story.union_path}/backlink-proposals/confirmation",
        {"leaders": leaders},
        keep=("version", "confirmed_count"),
    )
