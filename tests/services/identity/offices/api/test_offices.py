"""Offices: founded below what one holds, changed and ended from above, reaching down at once."""

import pytest

from tests.services.identity.house import IdentityHouse
from tests.services.identity.offices.officers import TERM, guild, pass_time, told
from tests.services.identity.recovery.lost import notices_of


async def test_the_founder_founds_and_appoints_and_the_holder_is_told(house: IdentityHouse) -> None:
    made = await guild(house)
    treasurer, *_ = made.members
    office = await made.office(made.founder, name="Treasurer", spend=250_000_000, audit=None)
    assert office["parent_id"] is None
    assert office["present_rights"] == office["rights"]
    spend = next(one for one in office["rights"] if one["right"] == "spend")
    assert spend["limit"]["text"] == "250.00"
    appointed = await made.appoint(made.founder, office, treasurer)
    assert appointed.status_code == 201, appointed.text
    assert appointed.json()["member"]["id"] == str(treasurer.id)
    assert await made.holds(treasurer) == {"audit": (), "spend": (250_000_000,)}
    assert await made.told(treasurer) == [(1, ["audit", "spend"])]
    assert await made.ended_rights(treasurer) == []
    assert await notices_of(house, treasurer.id) == ["office.given"]
    [shown] = (await house.get(f"{made.path}/offices")).json()["items"]
    assert (shown["name"], shown["holders_count"]) == ("Treasurer", 1)


async def test_an_office_gives_no_more_than_it_has_and_only_downwards(house: IdentityHouse) -> None:
    made = await guild(house)
    head, deputy, other = made.members
    top = await made.office(made.founder, name="Head", spend=1_000, admit=None)
    side = await made.office(made.founder, name="Side", moderate=None)
    await made.appoint(made.founder, top, head)
    assert told(await made.ask_office(head, top, spend=1_001)) == (422, "office-refused")
    assert told(await made.ask_office(head, top, moderate=None)) == (422, "office-refused")
    assert told(await made.ask_office(head, side, moderate=None)) == (403, "founder-only")
    assert told(await made.ask_office(head, None, admit=None)) == (403, "founder-only")
    assert told(await made.appoint(head, top, deputy)) == (403, "founder-only")
    assert told(await made.change(head, top, rights=[])) == (403, "founder-only")
    assert told(await made.end(head, side, other)) == (403, "founder-only")
    low = await made.office(head, top, name="Deputy", spend=600)
    assert (await made.appoint(head, low, deputy)).status_code == 201
    assert await made.holds(deputy) == {"spend": (600, 1_000)}
    assert told(await made.ask_office(other, low, spend=1)) == (403, "founder-only")
    assert told(await made.appoint(deputy, low, other)) == (403, "founder-only")


async def test_a_right_that_an_office_loses_is_lost_below_it(house: IdentityHouse) -> None:
    made = await guild(house)
    head, deputy, *_ = made.members
    top = await made.office(made.founder, spend=1_000, admit=None, amend=None)
    await made.appoint(made.founder, top, head)
    low = await made.office(head, top, spend=600, admit=None)
    await made.appoint(head, low, deputy)
    changed = await made.change(made.founder, top, rights=made.rights(spend=100, amend=None))
    assert changed.status_code == 200, changed.text
    assert await made.holds(head) == {"amend": (), "spend": (100,)}
    assert await made.holds(deputy) == {"spend": (100, 100)}
    assert await made.told(deputy) == [(1, ["admit", "spend"]), (2, ["spend"])]
    assert await made.ended_rights(head) == await made.ended_rights(deputy) == [2]
    shown = (await house.get(f"{made.path}/offices/{low['id']}")).json()
    assert [one["right"] for one in shown["rights"]] == ["admit", "spend"]
    assert [one["right"] for one in shown["present_rights"]] == ["spend"]
    assert told(await made.change(made.founder, top, '"1"', name="x")) == (412, "precondition-failed")
    assert (await made.change(made.founder, top, name="Head")).json()["name"] == "Head"


@pytest.mark.parametrize("how", ["ended", "resigned", "left", "office_ended"])
async def test_whom_one_appointed_goes_with_oneself(house: IdentityHouse, how: str) -> None:
    made = await guild(house)
    head, deputy, clerk = made.members
    top = await made.office(made.founder, audit=None)
    await made.appoint(made.founder, top, head)
    middle = await made.office(head, top, audit=None)
    await made.appoint(head, middle, deputy)
    low = await made.office(deputy, middle, audit=None)
    await made.appoint(deputy, low, clerk)
    assert await made.holds(clerk) == {"audit": ()}
    match how:
        case "ended":
            response = await made.end(made.founder, top, head)
        case "resigned":
            response = await made.end(head, top, head)
        case "left":
            response = await head.act("DELETE", f"{made.path}/memberships/me")
        case _:
            response = await made.founder.act("DELETE", f"{made.path}/offices/{top['id']}")
    assert response.status_code in {200, 204}, response.text
    for member in (head, deputy, clerk):
        assert await made.holds(member) == {}
        assert (await made.told(member))[-1] == (2, [])
        assert await made.ended_rights(member) == [2]
    register = (await made.founder.ask("GET", f"{made.path}/offices/register")).json()["items"]
    reasons = {one["member"]["id"]: one["why"] for one in register}
    below = "office_ended" if how == "office_ended" else "from_above"
    assert reasons == {str(head.id): how, str(deputy.id): below, str(clerk.id): below}
    if how == "left":
        await head.join(made.union)
        assert await made.holds(head) == {}
    assert "office.ended" in await notices_of(house, clerk.id)


async def test_a_term_ends_by_itself_and_none_below_it_is_longer(house: IdentityHouse) -> None:
    made = await guild(house)
    head, deputy, *_ = made.members
    top = await made.office(made.founder, audit=None)
    await made.appoint(made.founder, top, head)
    low = await made.office(made.founder, top, audit=None)
    await pass_time(made, TERM / 2, head, made.founder)
    given = (await made.appoint(head, low, deputy)).json()
    await pass_time(made, TERM / 2 - 1, made.founder)
    assert await made.holds(deputy) == {"audit": ()}
    await pass_time(made, 1, made.founder)
    assert await made.holds(head) == await made.holds(deputy) == {}
    register = (await made.founder.ask("GET", f"{made.path}/offices/register")).json()["items"]
    assert [one["why"] for one in register] == [None, None]
    assert register[0]["until"] == register[1]["until"] == given["until"]
    assert (await made.appoint(made.founder, low, deputy)).status_code == 201


async def test_the_register_says_who_held_what_at_a_past_moment(house: IdentityHouse) -> None:
    made = await guild(house)
    first, second, outsider = made.members
    office = await made.office(made.founder, name="Clerk", admit=None)
    await made.appoint(made.founder, office, first)
    await pass_time(made, 100, made.founder)
    moment = house.clock.now().isoformat()
    await pass_time(made, 100, made.founder)
    await made.change(made.founder, office, name="Scribe", rights=[])
    await made.end(made.founder, office, first)
    await made.appoint(made.founder, office, second)
    path = f"{made.path}/offices/register"
    past = (await house.get(path, at=moment)).json()["items"]
    assert [(one["office_name"], one["member"]) for one in past] == [("Clerk", None)]
    assert [one["right"] for one in past[0]["rights"]] == ["admit"]
    await pass_time(made, 0, second, outsider)
    now = house.clock.now().isoformat().replace("+00:00", "Z")
    [present] = (await second.ask("GET", f"{path}?at={now}")).json()["items"]
    assert (present["office_name"], present["rights"]) == ("Scribe", [])
    assert (await second.ask("GET", f"{path}?held=true")).json()["items"] == [present]
    assert (await second.ask("GET", f"{path}?at=9999-12-31T23:59:59-14:00")).json()["items"] == [present]
    assert (await second.ask("GET", f"{path}?at=0001-01-01T00:00:00%2B14:00")).json()["items"] == []
    of_office = (await house.get(path, office=office["id"])).json()["items"]
    assert [one["office_id"] for one in of_office] == [office["id"]] * 2
    assert (await house.get(path, office=made.union["id"])).json()["items"] == []
    page = (await second.ask("GET", f"{path}?limit=1")).json()
    more = (await second.ask("GET", f"{path}?limit=1&cursor={page['next_cursor']}")).json()
    listed = [one["member"]["id"] for one in (*page["items"], *more["items"])]
    assert listed == [str(second.id), str(first.id)]
    assert more["next_cursor"] is None


async def test_who_can_be_appointed_and_ended(house: IdentityHouse) -> None:
    made = await guild(house, 2)
    head, member = made.members
    stranger = await house.member()
    office = await made.office(made.founder, audit=None)
    for who in (stranger, made.founder):
        assert told(await made.appoint(made.founder, office, who)) == (409, "holder-refused")
    assert told(await made.end(made.founder, office, head)) == (404, "holder-not-found")
    assert (await made.appoint(made.founder, office, head)).status_code == 201
    assert told(await made.appoint(made.founder, office, head)) == (409, "holder-refused")
    assert told(await made.appoint(stranger, office, member)) == (403, "not-a-member")
    await made.founder.act("DELETE", f"{made.path}/offices/{office['id']}")
    assert told(await made.appoint(made.founder, office, member)) == (404, "office-not-found")
    assert told(await made.founder.act("GET", f"{made.path}/offices/{office['id']}")) == (
        404,
        "office-not-found",
    )


@pytest.mark.parametrize(
    "rights",
    [
        [{"right": "spend"}],
        [{"right": "audit", "limit": {"asset": "GLD", "minor": "5"}}],
        [{"right": "audit"}, {"right": "audit"}],
        [{"right": "spend", "limit": {"asset": "XXX", "minor": "5"}}],
        [{"right": "spend", "limit": {"asset": "GLD", "minor": "0"}}],
        [{"right": "reign"}],
    ],
)
async def test_rights_that_cannot_be(house: IdentityHouse, rights: list[dict[str, object]]) -> None:
    made = await guild(house, 0)
    body = {"name": "x", "rights": rights, "term_seconds": TERM}
    response = await made.founder.act("POST", f"{made.path}/offices", body)
    assert response.status_code == 422, response.text


async def test_there_are_only_so_many_and_so_deep(
    house: IdentityHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await guild(house, 2)
    first, second = made.members
    office = await made.office(made.founder)
    settings = house.app.state.identity.settings
    for name, value in {
        "office_depth_max": 1,
        "office_holdings_per_union_max": 1,
        "offices_per_union_max": 2,
        "offices_per_member_max": 1,
    }.items():
        monkeypatch.setitem(settings.__dict__, name, value)
    assert told(await made.ask_office(made.founder, office)) == (422, "office-refused")
    other = await made.office(made.founder)
    assert told(await made.ask_office(made.founder)) == (409, "office-limit")
    await made.appoint(made.founder, office, first)
    assert told(await made.appoint(made.founder, other, first)) == (409, "office-limit")
    assert told(await made.appoint(made.founder, other, second)) == (409, "office-limit")
