"""Chapter ten: a stipend for everybody in one signed batch, whole or not at all; and the founder's books."""

from __future__ import annotations

from guildhall.demo.story import Story, StoryBroken
from guildhall.demo.transfers import post, transfer, transfer_id

STIPEND_MINOR = 1_000_000
BATCH_MAX = 8_000


async def pay_stipends(story: Story) -> None:
    """Linked transfers from the founder's account, as many as fit a batch; then their statement as a file."""
    story.chapter("A stipend for everybody")
    members = story.people[1:]
    for start in range(0, len(members), BATCH_MAX):
        batch = [
            transfer(
                story,
                transfer_id(story, "stipend", story.season, person.number),
                story.founder,
                person,
                STIPEND_MINOR,
                "pay",
                memo=f"Stipend of season {story.season}",
                linked=person is not members[: start + BATCH_MAX][-1],
            )
            for person in members[start : start + BATCH_MAX]
        ]
        await post(story, story.founder, f"stipend/{story.season}/{start}", batch)
    books = await story.send(
        story.founder, "GET", f"{story.union_path}/accounts/{story.founder.account_id}/statement.csv"
    )
    if not books.is_ok:
        raise StoryBroken(books.told())
    lines = books.body.count(b"\r\n") - 3  # the heading and both balances
    story.console.print(
        f"  {len(members):,} stipends, signed once; the founder's statement has {lines:,} lines"
    )
