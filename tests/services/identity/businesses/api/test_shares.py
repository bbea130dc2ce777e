"""Businesses are founded, their shares handed over and given up, and none is ever lost."""

from datetime import timedelta

from chassis.pages import decode_cursor, encode_cursor
from tests.services.identity.businesses.firm import firm
from tests.services.identity.house import IdentityHouse
from tests.services.identity.offices.officers import told
from tests.services.identity.recovery.lost import notices_of


async def test_who_founds_a_business_has_all_its_shares_and_may_audit_it(house: IdentityHouse) -> None:
    made = await firm(house)
    business = made.business
    assert (business["name"], business["state"], business["shares"]) == ("Print Shop", "active", "100")
    assert (business["my_shares"], business["my_rights"], business["manages"]) == ("100", ["audit"], False)
    assert await made.holds(made.owner) == {"audit": ()}
    assert await made.told(made.owner) == [(1, ["audit"])]
    assert await made.holds(made.founder) == {}, "the founder of the union holds nothing in it"
    [line] = (await house.get(f"{made.union_path}/businesses")).json()["items"]
    assert (line["id"], line["owners_count"], line["my_shares"]) == (business["id"], 1, "0")
    state = await house.as_service("ledger", "GET", made.path.replace("/v1/", "/internal/"))
    assert (state.json()["state"], state.json()["version"]) == ("active", 1)
    [event] = await house.rows(
        "SELECT data FROM outbox WHERE type = 'business' AND key = $1",
        f"{made.union['id']}:{business['id']}",
    )
    assert f'"business_id":"{business["id"]}"' in bytes(event["data"]).decode()


async def test_refusals_of_founding(house: IdentityHouse) -> None:
    made = await firm(house)
    assert told(await made.found(made.members[1], "print shop")) == (409, "business-name-taken")
    assert told(await made.found(made.owner, "...")) == (422, "business-refused")
    assert told(await made.found(made.owner, "Big", 1_000_000_001)) == (422, "business-refused")
    assert (await made.found(made.owner, "None", 0)).status_code == 422
    assert (await made.found(made.owner, "Huge", 2**62 + 1)).status_code == 422
    stranger = await house.member()
    assert told(await made.found(stranger, "Elsewhere")) == (403, "not-a-member")
    for limit in ("businesses_per_union_max", "businesses_per_founder_max", "business_stakes_per_member_max"):
        with house.limited(**{limit: 1}):
            assert told(await made.found(made.owner, "Second")) == (409, "business-limit"), limit
    nowhere = await stranger.ask("GET", f"{made.union_path}/businesses/{made.union['id']}")
    assert told(nowhere) == (404, "business-not-found")
    unknown = f"/internal/unions/{made.union['id']}/businesses/{made.union['id']}"
    for path in (unknown, f"{unknown}/grants/{made.owner.id}"):
        assert (await house.as_service("ledger", "GET", path)).status_code == 404


async def test_shares_are_handed_over_whole_and_the_receiver_is_told(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, *_ = made.members
    house.clock.advance(timedelta(seconds=1))
    change = await made.hand_over(owner, second, 40)
    assert change.status_code == 201, change.text
    assert await made.shares() == {str(owner.id): 60, str(second.id): 40}
    assert await made.holds(second) == {"audit": ()}
    assert await notices_of(house, second.id) == ["business.shares"]
    shown = (await owner.ask("GET", f"{made.path}/owners?limit=1")).json()
    more = (await owner.ask("GET", f"{made.path}/owners?limit=1&cursor={shown['next_cursor']}")).json()
    listed = {one["member"]["id"]: one["shares"] for one in (*shown["items"], *more["items"])}
    assert listed == {str(owner.id): "60", str(second.id): "40"}
    unnamed = (await house.get(f"{made.path}/owners")).json()["items"]
    assert {one["member"] for one in unnamed} == {None}
    masked = (await house.get(f"{made.path}/owners", limit="1")).json()
    assert decode_cursor(masked["next_cursor"]) == (1,), "a place, and nobody's id"
    rest = (await house.get(f"{made.path}/owners", limit="1", cursor=masked["next_cursor"])).json()
    assert [masked["items"] + rest["items"], rest["next_cursor"]] == [unnamed, None]
    for values in ((str(owner.id),), (-1,), (2**63,), (1, 1)):
        odd = await house.get(f"{made.path}/owners", cursor=encode_cursor(values))
        assert told(odd) == (400, "cursor-invalid")
    moves = (await second.ask("GET", f"{made.path}/share-transfers")).json()["items"]
    assert [(one["way"], one["shares"]) for one in moves] == [("transferred", "40"), ("founded", "100")]
    assert (await made.hand_over(owner, second, 60)).status_code == 201
    assert await made.shares() == {str(second.id): 100}
    assert await made.holds(owner) == {}
    assert await made.told(owner) == [(1, ["audit"]), (2, [])]
    assert await made.ended_rights(owner) == [2]
    [mine] = (await second.ask("GET", f"{made.union_path}/businesses?mine=true")).json()["items"]
    assert mine["my_shares"] == "100"
    assert (await owner.ask("GET", f"{made.union_path}/businesses?mine=true")).json()["items"] == []


async def test_refusals_of_handing_over(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, _ = made.members
    stranger = await house.member()
    assert told(await made.hand_over(owner, owner, 1)) == (409, "shares-refused")
    assert told(await made.hand_over(owner, second, 101)) == (409, "shares-refused")
    assert told(await made.hand_over(owner, stranger, 1)) == (409, "shares-refused")
    assert told(await made.hand_over(second, third, 1)) == (403, "business-right-missing")
    assert told(await made.give_up(second)) == (403, "business-right-missing")
    nobody = {"member": "nobody-at-all", "shares": "1"}
    unknown = await owner.act("POST", f"{made.path}/share-transfers", nobody)
    assert told(unknown) == (404, "member-not-found")
    assert told(await second.ask("GET", f"{made.path}/share-transfers")) == (403, "business-right-missing")
    for limit in ("business_owners_max", "business_stakes_per_member_max"):
        with house.limited(**{limit: 1 if "owners" in limit else 0}):
            assert told(await made.hand_over(owner, second, 1)) == (409, "business-limit"), limit
    assert await made.shares() == {str(owner.id): 100}


async def test_shares_given_up_fall_to_the_others_in_proportion(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, second, third, fourth = made.members
    for member, shares in ((second, 20), (third, 10), (fourth, 10)):
        assert (await made.hand_over(owner, member, shares)).status_code == 201
    assert (await made.give_up(second)).status_code == 204
    older, younger = sorted((str(third.id), str(fourth.id)))
    assert await made.shares() == {str(owner.id): 75, older: 13, younger: 12}
    assert await made.ended_rights(second) == [2]
    assert "business.shares" in await notices_of(house, owner.id)


async def test_with_its_last_owner_a_business_closes(house: IdentityHouse) -> None:
    made = await firm(house)
    owner, manager, clerk, _ = made.members
    await made.manager(manager)
    assert (await made.hire(manager, clerk, spend=5)).status_code == 201
    assert (await made.give_up(owner)).status_code == 204
    assert (await house.get(made.path)).json()["state"] == "closed"
    for member in (owner, clerk):
        assert await made.holds(member) == {}
        assert (await made.told(member))[-1] == (2, [])
        assert await made.ended_rights(member) == [2]
    assert set(await made.holds(manager)) == {"audit", "spend"}, "what is left is paid out"
    assert "business.dismissed" in await notices_of(house, clerk.id)
    assert told(await made.hire(manager, clerk, spend=5)) == (409, "business-closed")
    assert told(await made.propose(owner, "close")) == (409, "business-closed")
    assert told(await made.propose(owner, "dismiss", manager)) == (403, "business-right-missing")
    assert told(await made.end_post(clerk, made.business["id"])) == (404, "post-not-found")
    assert (await made.end_post(manager, await made.post_of(manager))).status_code == 204
    assert await made.holds(manager) == {}
    assert (await made.found(owner, "Print Shop")).status_code == 201, "its name is free again"
