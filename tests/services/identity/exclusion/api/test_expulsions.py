"""Expulsions: heard first, decided with reasons, heard again on appeal; silence is for the member."""

from tests.services.identity.exclusion.court import Court, convened, told, well
from tests.services.identity.house import IdentityHouse


async def shown(court: Court, case: dict[str, object]) -> dict[str, object]:
    return well(await court.member.ask("GET", f"{court.path}/expulsions/{case['id']}"))


async def test_a_member_is_heard_before_they_are_expelled(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Ears")
    case = well(await court.propose())
    assert (case["state"], await court.state()) == ("proposed", "active")
    assert told(await court.decide(case, "expelled")) == (409, "hearing-runs")
    well(await court.say("statement", case))
    assert well(await court.say("statement", case, text="I can explain."))["statement"] == "I can explain."
    await court.pass_time(house.settings.hearing_seconds - 1)
    assert told(await court.decide(case, "expelled")) == (409, "hearing-runs")
    await court.pass_time(1)
    expelled = well(await court.decide(case, "expelled"))
    assert (expelled["state"], expelled["decision"]["by"]) == ("expelled", str(court.founder.id))
    assert (await court.state(), await court.members_count()) == ("expelled", 1)
    assert await court.revoked() == [(2, "expelled")]
    assert told(await court.member.join(court.union)) == (403, "membership-barred")
    assert await shown(court, case) == expelled
    assert await court.notices(court.member) == ["expulsion.proposed", "expulsion.decided"]
    assert await court.notices(court.founder) == ["expulsion.stated"]


async def test_a_case_is_dropped_at_any_time_and_lapses_when_nobody_decides(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Dust")
    dropped = well(await court.decide(well(await court.propose()), "dropped"))
    assert (dropped["state"], await court.state()) == ("dropped", "active")
    case = well(await court.propose())
    await court.pass_time(house.settings.hearing_seconds + house.settings.expulsion_decision_seconds)
    assert (await shown(court, case))["state"] == "lapsed"
    assert told(await court.decide(case, "expelled")) == (409, "expulsion-decided")
    assert told(await court.say("statement", case)) == (409, "expulsion-decided")
    assert well(await court.propose())["state"] == "proposed", "a lapsed case stands in no other's way"


async def test_an_appeal_is_upheld_for_good(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Stones")
    case = await court.expel()
    assert told(await court.decide_appeal(case, "upheld")) == (409, "expulsion-decided")
    assert well(await court.say("appeal", case))["appeal"] == "I did not."
    assert well(await court.decide_appeal(case, "upheld"))["state"] == "upheld"
    assert await court.state() == "expelled"
    assert told(await court.say("appeal", case)) == (409, "expulsion-decided")
    await court.pass_time(house.settings.expulsion_decision_seconds)
    assert (await shown(court, case))["state"] == "upheld"
    assert await court.notices(court.founder) == ["expulsion.appealed"]


async def test_a_reversed_expulsion_gives_the_membership_back(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Springs")
    case = await court.expel()
    well(await court.say("appeal", case))
    reversed_case = well(await court.decide_appeal(case, "reversed"))
    assert reversed_case["appeal_decision"]["reasons"] == "Heard once more."
    assert (await court.state(), await court.members_count()) == ("active", 2)
    assert "expulsion.reversed" in await court.notices(court.member)


async def test_an_appeal_that_nobody_hears_is_won(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Clocks")
    case = await court.expel()
    well(await court.say("appeal", case))
    await court.pass_time(house.settings.expulsion_decision_seconds - 1)
    assert await court.state() == "expelled"
    await court.pass_time(1)
    won = await shown(court, case)
    assert (won["state"], won["appeal_decision"], await court.state()) == ("reversed", None, "active")


async def test_an_appeal_comes_in_time_and_from_the_member(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Bells")
    case = await court.expel()
    for what in ("appeal", "statement"):
        assert told(await court.say(what, case, by=court.founder)) == (403, "not-the-member-concerned")
    await court.pass_time(house.settings.appeal_seconds)
    assert told(await court.say("appeal", case)) == (409, "appeal-too-late")
    assert await court.state() == "expelled"


async def test_who_was_suspended_or_had_left_is_that_again(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Mirrors")
    well(await court.suspend(house.settings.suspension_seconds_max))
    case = await court.expel()
    well(await court.say("appeal", case))
    well(await court.decide_appeal(case, "reversed"))
    assert (await court.state(), await court.members_count()) == ("suspended", 1)
    assert (await court.revoked())[-1][1] == "suspended"
    await court.member.act("DELETE", f"{court.path}/memberships/me")
    case = await court.expel()
    assert await court.state() == "expelled", "leaving is no way round"
    well(await court.say("appeal", case))
    well(await court.decide_appeal(case, "reversed"))
    assert await court.state() == "left"


async def test_a_suspension_that_ends_brings_no_expelled_member_back(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Tides")
    well(await court.suspend(house.settings.hearing_seconds + 60))
    await court.expel()
    await court.pass_time(60)
    assert await court.state() == "expelled"


async def test_cases_are_the_business_of_officers_and_the_member_concerned(house: IdentityHouse) -> None:
    court, elsewhere = await convened(house, "Guild of Curtains"), await convened(house, "Guild of Drapes")
    case = well(await court.propose())
    other = await house.member()
    await other.join(court.union)
    path = f"{court.path}/expulsions"
    for nosy in (other, elsewhere.founder):
        assert well(await nosy.ask("GET", path))["items"] == []
        assert told(await nosy.ask("GET", f"{path}/{case['id']}")) == (404, "expulsion-not-found")
        assert told(await court.say("statement", case, by=nosy)) == (404, "expulsion-not-found")
        assert told(await court.decide(case, "dropped", by=nosy)) == (403, "founder-only")
        assert told(await court.propose(by=nosy)) == (403, "founder-only")
    # The other union's founder cannot reach it by their own union's path.
    assert told(await elsewhere.decide(case, "dropped")) == (404, "expulsion-not-found")
    assert (await shown(court, case))["state"] == "proposed"


async def test_one_case_at_a_time_and_never_against_the_founder(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Gavels")
    well(await court.propose())
    assert told(await court.propose()) == (409, "expulsion-open")
    body = {"member": str(court.founder.id), "ground": "None."}
    refused = await court.founder.act("POST", f"{court.path}/expulsions", body)
    assert told(refused) == (409, "founder-not-excluded")
    await court.decide(
        well(await court.founder.ask("GET", f"{court.path}/expulsions"))["items"][0], "dropped"
    )
    await court.expel()
    assert told(await court.propose()) == (409, "not-excludable")
