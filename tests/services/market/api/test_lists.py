"""Lists of offers, bids and agreements: pages, filters, and who sees what."""

from tests.services.escrow_house import ROOT, House, Person
from tests.services.market.market_acts import (
    delivered_agreement,
    funded_agreement,
    made_offer,
    placed_bid,
    slug_of,
)


async def test_offers_come_in_pages_with_the_newest_first(market: House) -> None:
    member = await market.person()
    made = [(await made_offer(market, member))["id"] for _ in range(3)]
    first = await market.get(member, f"{ROOT}/offers?limit=2")
    assert [offer["id"] for offer in first.json()["items"]] == sorted(made, reverse=True)[:2]
    following = first.headers["link"].split(";")[0].strip("<>")
    last = (await market.get(member, following)).json()
    assert [offer["id"] for offer in last["items"]] == [min(made)]
    assert last["next_cursor"] is None


async def test_offers_are_filtered_by_state_and_by_owner(market: House) -> None:
    employer, worker = await market.person(), await market.person()
    await funded_agreement(market, employer, worker)
    mine = await made_offer(market, worker)
    opened = (await market.get(employer, f"{ROOT}/offers?state=open")).json()["items"]
    assert [offer["id"] for offer in opened] == [mine["id"]]
    own = (await market.get(worker, f"{ROOT}/offers?mine=true")).json()["items"]
    assert [offer["id"] for offer in own] == [mine["id"]]


async def test_the_owner_sees_all_bids_and_a_bidder_their_own(market: House) -> None:
    employer, worker, other = [await market.person() for _ in range(3)]
    offer = await made_offer(market, employer)
    for bidder in (worker, other):
        await placed_bid(market, bidder, offer["id"])
    path = f"{ROOT}/offers/{offer['id']}/bids"
    assert len((await market.get(employer, path)).json()["items"]) == 2
    seen = (await market.get(worker, path)).json()["items"]
    assert [bid["bidder_id"] for bid in seen] == [str(worker.id)]


async def test_agreements_are_listed_by_role_and_state_to_their_parties_alone(market: House) -> None:
    one, two, third = [await market.person() for _ in range(3)]
    hired = await funded_agreement(market, one, two)
    worked = await delivered_agreement(market, two, one)

    async def ids(who: Person, query: str) -> list[str]:
        answer = await market.get(who, f"{ROOT}/agreements{query}")
        return [agreement["id"] for agreement in answer.json()["items"]]

    assert await ids(one, "") == sorted([worked["id"], hired["id"]], reverse=True)
    assert await ids(one, "?role=employer") == [hired["id"]]
    assert await ids(one, "?role=worker") == [worked["id"]]
    assert await ids(two, "?state=delivered") == [worked["id"]]
    assert await ids(third, "") == []
    assert len(await ids(one, "?limit=1")) == 1


WRONG_CURSORS = ["nonsense", "WzFd", "WyJub3QtYW4taWQiXQ"]


async def test_a_cursor_of_another_list_is_refused(market: House) -> None:
    member = await market.person()
    for cursor in WRONG_CURSORS:
        for noun in ("offers", "agreements"):
            refused = await market.get(member, f"{ROOT}/{noun}?cursor={cursor}")
            assert (refused.status_code, slug_of(refused)) == (400, "cursor-invalid")
