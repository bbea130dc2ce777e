"""Chapter eleven: weavers rent the loom against a deposit, and a cloth club pays its maker each month."""

from __future__ import annotations

from guildhall.demo.cloth_club import supply
from guildhall.demo.loom import rent, returned
from guildhall.demo.story import Story


async def weave(story: Story) -> None:
    """Holds of a deposit each, and mandates within a cap; told by what the API says of them in the end."""
    story.chapter("A loom to rent, and a cloth club")
    deposits = await rent(story)
    club = await supply(story)
    story.console.print(await returned(story, deposits))
    story.console.print(club)
