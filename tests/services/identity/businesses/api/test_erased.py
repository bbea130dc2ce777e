"""Who is erased owns nothing any more: said beforehand, and their shares fall to the others."""

from tests.services.identity.businesses.firm import firm
from tests.services.identity.deletion.erased import PATH, erase, state_of
from tests.services.identity.house import IdentityHouse


async def test_shares_of_who_is_erased_fall_to_the_others_and_the_last_business_closes(
    house: IdentityHouse,
) -> None:
    made = await firm(house)
    owner, second, *_ = made.members
    await made.hand_over(owner, second, 40)
    alone = (await made.found(second, "Alone")).json()
    prospect = (await second.ask("GET", PATH)).json()
    assert prospect["stakes_count"] == 2
    assert "business_shares" in prospect["goes"]
    await erase(house, second)
    assert await state_of(house, second) == "done"
    assert await made.shares() == {str(owner.id): 100}
    assert await made.holds(second) == {}
    closed = (await house.get(f"{made.union_path}/businesses/{alone['id']}")).json()
    assert (closed["state"], closed["owners_count"]) == ("closed", 0)
    ways = await house.rows(
        "SELECT way, shares, to_id FROM business_share_changes WHERE from_id = $1 ORDER BY shares", second.id
    )
    assert [(row["way"], row["shares"], row["to_id"]) for row in ways] == [
        ("erased", 40, owner.id),
        ("erased", 100, None),
    ]
