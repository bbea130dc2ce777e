"""Officers who moderate suspend and hear; who is out holds no office meanwhile, and none once expelled."""

from datetime import timedelta
from typing import Any

import httpx

from tests.services.identity.exclusion.court import GROUND, told, well
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import guild, pass_time


async def _suspend(path: str, by: Member, whom: Member) -> httpx.Response:
    body = {"member": str(whom.id), "ground": GROUND, "lasts_seconds": 3_600}
    return await by.act("POST", f"{path}/suspensions", body)


async def test_an_officer_suspends_until_they_are_out_and_again_when_they_are_back(
    house: IdentityHouse,
) -> None:
    made = await guild(house)
    officer, deputy, noisy = made.members
    office = await made.office(made.founder, moderate=None)
    await made.appoint(made.founder, office, officer)
    below = await made.office(officer, office, moderate=None)
    await made.appoint(officer, below, deputy)
    lifted = well(await _suspend(made.path, officer, noisy))
    well(await officer.act("DELETE", f"{made.path}/suspensions/{lifted['id']}"))
    own = well(await _suspend(made.path, made.founder, officer))
    assert await made.holds(officer) == await made.holds(deputy) == {}
    assert await made.ended_rights(officer) == await made.ended_rights(deputy) == [2], "services are told"
    for out in (officer, deputy):
        assert told(await _suspend(made.path, out, noisy)) == (403, "founder-only")
    well(await made.founder.act("DELETE", f"{made.path}/suspensions/{own['id']}"))
    assert await made.holds(deputy) == {"moderate": ()}
    assert await made.told(deputy) == [(1, ["moderate"]), (2, []), (3, ["moderate"])]
    assert (await _suspend(made.path, deputy, noisy)).status_code == 201


async def test_an_expelled_officer_holds_nothing_when_that_is_reversed(house: IdentityHouse) -> None:
    made = await guild(house)
    officer, *_ = made.members
    await made.appoint(made.founder, await made.office(made.founder, moderate=None), officer)
    about = {"member": str(officer.id), "ground": GROUND}
    case: dict[str, Any] = well(await made.founder.act("POST", f"{made.path}/expulsions", about))
    path = f"{made.path}/expulsions/{case['id']}"
    assert told(await officer.act("PUT", f"{path}/appeal", {"text": "No."})) == (409, "expulsion-decided")
    house.clock.advance(timedelta(seconds=house.settings.hearing_seconds))
    for each in (made.founder, officer):
        assert (await each.sign_in()).status_code == 201
    decision = {"outcome": "expelled", "reasons": "Heard."}
    well(await made.founder.act("PUT", f"{path}/decision", decision))
    well(await officer.act("PUT", f"{path}/appeal", {"text": "I was away."}))
    again = {"outcome": "reversed", "reasons": "So it was."}
    well(await made.founder.act("PUT", f"{path}/appeal/decision", again))
    membership = well(await officer.ask("GET", f"{made.path}/memberships/me"))
    assert (membership["state"], await made.holds(officer)) == ("active", {})


async def test_nobody_decides_about_themselves_nor_hears_an_appeal_against_their_own_decision(
    house: IdentityHouse,
) -> None:
    made = await guild(house)
    officer, other, member = made.members
    office = await made.office(made.founder, moderate=None)
    for one in (officer, other):
        await made.appoint(made.founder, office, one)

    async def proposed(whom: Member) -> str:
        about = {"member": str(whom.id), "ground": GROUND}
        case = well(await made.founder.act("POST", f"{made.path}/expulsions", about))
        return f"{made.path}/expulsions/{case['id']}"

    own, case = await proposed(officer), await proposed(member)
    await pass_time(made, house.settings.hearing_seconds, officer, other, member)
    spared = {"outcome": "dropped", "reasons": "I did nothing."}
    assert told(await officer.act("PUT", f"{own}/decision", spared)) == (403, "own-case")
    well(await other.act("PUT", f"{own}/decision", spared))
    well(await officer.act("PUT", f"{case}/decision", {"outcome": "expelled", "reasons": "Heard."}))
    well(await member.act("PUT", f"{case}/appeal", {"text": "I was away."}))
    upheld = {"outcome": "upheld", "reasons": "As I said."}
    assert told(await officer.act("PUT", f"{case}/appeal/decision", upheld)) == (403, "own-decision")
    assert well(await other.act("PUT", f"{case}/appeal/decision", upheld))["state"] == "upheld"
