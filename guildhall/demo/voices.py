"""Chapter four: eight of ten name who speaks for them, and half of all change their mind."""

from __future__ import annotations

from guildhall.demo.story import Person, Story


async def speak(story: Story) -> None:
    """A voice goes to one of one's leaders; a second choice replaces the first."""
    story.chapter("Who speaks for whom")
    leaders = story.following.leaders_of()
    stream = story.seed.stream("voices")
    followers = [person for person in story.people if leaders[person.number]]
    speaking = sorted(
        stream.sample(followers, min(story.scale.voices, len(followers))), key=lambda person: person.number
    )
    first = {person.number: stream.choice(leaders[person.number]) for person in speaking}

    async def name_voice(person: Person) -> None:
        await _give(story, person, f"voice/{person.number}", first[person.number])

    await story.each("name a voice", speaking, name_voice)

    changing = story.seed.stream("changes", story.season)
    able = [person for person in speaking if len(leaders[person.number]) > 1]
    minds = changing.sample(able, min(story.scale.changes, len(able)))

    async def change(person: Person) -> None:
        others = [leader for leader in leaders[person.number] if leader != first[person.number]]
        choice = others[story.season % len(others)]
        await _give(story, person, f"change/{story.season}/{person.number}", choice)

    await story.each("change their mind", minds, change)


async def _give(story: Story, person: Person, name: str, leader: int) -> None:
    body = {"leader": story.people[leader].member_id}
    await story.act(person, name, "PUT", f"{story.union_path}/voice", body, keep=("version", "leader_id"))
