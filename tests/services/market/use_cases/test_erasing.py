"""A member who is no more: what nobody agreed to ends and loses its words, what was agreed stays whole."""

import asyncio

from chassis.erasure import begin_erasure, erase_some
from services.market.store.tables import SCHEMA
from services.market.use_cases.withdraw_all_of import WITHDRAW_ALL
from tests.services.escrow_house import UNION, House, Person
from tests.services.market.market_acts import funded_agreement, made_offer, placed_bid


async def _erase(market: House, who: Person) -> None:
    """As the consumer does."""
    async with market.unit() as unit:
        await unit.set_timer(WITHDRAW_ALL, str(who.id), unit.now)
        await begin_erasure(unit, who.id, unit.now)
    while await market.chassis.timer_runner.run_due():
        pass


async def test_open_offers_and_bids_end_without_words(market: House) -> None:
    gone, other = await market.person(), await market.person()
    offer = await made_offer(market, gone, title="My fence", description="By the river.")
    bid = await placed_bid(market, other, offer["id"], message="Gladly.")
    wanted = await made_offer(market, other)
    own = await placed_bid(market, gone, wanted["id"], message="I live next door.")
    for _ in range(2):
        await _erase(market, gone)
    [row] = await market.rows("SELECT state, title, description FROM offers WHERE owner_id = $1", gone.id)
    assert tuple(row.values()) == ("withdrawn", "", "")
    states = {row["bid_id"]: row for row in await market.rows("SELECT bid_id, state, message FROM bids")}
    by_id = {str(bid_id): (row["state"], row["message"]) for bid_id, row in states.items()}
    assert by_id == {bid["id"]: ("declined", "Gladly."), own["id"]: ("withdrawn", "")}
    acts = await market.rows("SELECT body FROM signed_acts WHERE member_id = $1", gone.id)
    assert [row["body"] for row in acts] == [b""]
    withdrawn = await market.published("bid.withdrawn")
    assert [event["bidder_id"] for event in withdrawn] == [str(gone.id)], "once"
    assert [event["state"] for event in await market.published("offer")].count("withdrawn") == 1


async def test_a_row_that_changes_while_it_is_erased_does_not_escape(market: House) -> None:
    gone = await market.person()
    await made_offer(market, gone, title="My fence", description="By the river.")
    async with market.unit() as unit:
        await begin_erasure(unit, gone.id, unit.now)
        await unit.cancel_timer("erase_member", str(gone.id))

    async def erase() -> bool:
        async with market.unit() as unit:
            return await erase_some(unit, SCHEMA, gone.id, 100)

    async with market.unit() as changing:
        raw = await changing.raw()
        await raw.execute("UPDATE offers SET state = 'withdrawn' WHERE owner_id = $1", gone.id)
        erasing = asyncio.create_task(erase())
        await asyncio.sleep(0.2)
        assert not erasing.done(), "it waits for who changes the row"
    assert await erasing, "and says that something may be left"
    while await erase():
        pass
    [row] = await market.rows("SELECT state, title, description FROM offers WHERE owner_id = $1", gone.id)
    assert tuple(row.values()) == ("withdrawn", "", "")


async def test_what_was_agreed_is_the_other_sides_too(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    agreement = await funded_agreement(market, employer, worker)
    before = await market.rows("SELECT title, description FROM offers")
    for gone in (employer, worker):
        await _erase(market, gone)
    assert await market.rows("SELECT title, description FROM offers") == before
    [bid] = await market.rows("SELECT message FROM bids WHERE union_id = $1", UNION)
    assert bid["message"] != ""
    acts = await market.rows("SELECT body FROM signed_acts")
    assert acts
    assert all(row["body"] for row in acts)
    [kept] = await market.rows("SELECT state FROM agreements")
    assert kept["state"] == agreement["state"]
