"""Chapter eleven: a loom rented against a deposit, a cloth club that pays its maker, a rent fixed ahead."""

from __future__ import annotations

from guildhall.demo.cloth_club import supply
from guildhall.demo.loom import rent, returned
from guildhall.demo.story import Story
from guildhall.demo.workshop import rent_workshop


async def weave(story: Story) -> None:
    """Holds of a deposit each, mandates within a cap, and standing payments; told by what the API says."""
    story.chapter("A loom to rent, and a cloth club")
    deposits = await rent(story)
    club = await supply(story)
    rents = await rent_workshop(story)
    story.console.print(await returned(story, deposits))
    story.console.print(club)
    story.console.print(rents)
