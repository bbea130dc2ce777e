"""Chapter twelve: a handful of members found a small union of their own, with a charter to their taste."""

from __future__ import annotations

from guildhall.demo.band_books import BandBooks, read_books, shown_steps, shown_supply
from guildhall.demo.band_founding import Band, form
from guildhall.demo.band_money import burn, first_release, lose_a_telephone, pay_with_fees, split_evening
from guildhall.demo.story import Story


async def play(story: Story) -> None:
    """What does not need the leader's share is done while its cliff passes."""
    story.chapter("A band of their own")
    band = await form(story)
    fees = await pay_with_fees(story, band)
    await lose_a_telephone(story, band)
    await burn(story, band)
    await first_release(story, band)
    await split_evening(story, band)
    books = await read_books(story, band)
    _keep(story, band, books)
    story.console.print(fees)
    story.console.print(shown_supply(band, books))
    story.console.print(shown_steps(band, books))


def _keep(story: Story, band: Band, books: BandBooks) -> None:
    """What was told of the season's band."""
    name = f"books/{story.season}"
    if name in story.record:
        return
    kept = {
        "union_id": band.union["id"],
        "burned": books.supply["burned"]["minor"],
        "fees": str(books.fees_minor),
        "released": books.supply["vesting"]["released"]["minor"],
    }
    story.record.begin(name)
    story.record.acknowledge(name, kept)
