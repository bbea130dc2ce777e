"""The founder's office passes to who agreed to it, by a handover or by a claim that nobody objects to."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from tests.services.identity.exclusion.court import told, well
from tests.services.identity.house import IdentityHouse
from tests.services.identity.offices.officers import Guild
from tests.services.identity.succession.house_of_heirs import house_of_heirs

DAY = 86_400


async def test_the_office_is_handed_over_with_every_right_and_the_founder_may_go(
    house: IdentityHouse,
) -> None:
    made = await house_of_heirs(house, "Guild of Torches")
    offices = Guild(house, made.union, made.founder, [made.other])
    office = await offices.office(made.founder, audit=None)
    await offices.appoint(made.founder, office, made.other)
    assert told(await made.founder.act("DELETE", f"{made.path}/memberships/me")) == (
        409,
        "founder-cannot-leave",
    )
    await made.agreed()
    passed = well(await made.act(made.founder, "POST", "/handover"))
    founder, heir = str(made.founder.id), str(made.heir.id)
    assert passed == await made.shown()
    assert (passed["founder_id"], passed["head_id"], passed["heir"]) == (founder, heir, None)
    assert await made.memberships() == {
        founder: ("member", "active"),
        heir: ("founder", "active"),
        str(made.other.id): ("member", "active"),
    }
    union = well(await house.get(made.path))
    assert (union["founder"]["id"], union["head"]["id"]) == (founder, heir)
    assert await made.history() == [(founder, heir, "handed_over")]
    assert told(await offices.ask_office(made.founder, audit=None)) == (403, "founder-only")
    assert (await offices.ask_office(made.heir, audit=None)).status_code == 201
    assert await offices.holds(made.other) == {"audit": ()}, "what the founder gave stays"
    assert told(await made.founder.ask("GET", f"{made.path}/webhooks")) == (403, "founder-only")
    assert well(await made.heir.ask("GET", f"{made.path}/webhooks"))["items"] == []
    assert well(await made.founder.act("DELETE", f"{made.path}/memberships/me"))["state"] == "left"
    assert told(await made.heir.act("DELETE", f"{made.path}/memberships/me")) == (409, "founder-cannot-leave")


async def test_services_and_the_log_are_told_who_holds_it_no_longer(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Heralds")
    await made.agreed()
    well(await made.act(made.founder, "POST", "/handover"))
    logged = await house.rows(
        "SELECT member_id, version, state FROM revocations WHERE kind = 'membership' AND subject = $1",
        made.union["id"],
    )
    assert [tuple(row) for row in logged] == [(made.founder.id, 2, "active")]
    rows = await house.rows(
        "SELECT data FROM outbox WHERE type = 'union' AND key = $1 ORDER BY position DESC LIMIT 1",
        made.union["id"],
    )
    said = orjson.loads(rows[0]["data"])
    assert (said["founder_id"], said["head_id"]) == (str(made.founder.id), str(made.heir.id))
    assert await made.notices(made.heir) == ["succession.named", "succession.passed"]
    assert await made.notices(made.founder) == ["succession.agreed"]


async def test_a_claim_is_met_when_nobody_objects(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Clocks")
    await made.agreed()
    claimed = well(await made.act(made.heir, "PUT", "/claim"))["heir"]
    assert well(await made.act(made.heir, "PUT", "/claim"))["heir"] == claimed, "a repeat changes nothing"
    assert await made.notices(made.founder) == ["succession.agreed", "succession.claimed"]
    await made.pass_time(house.settings.succession_objection_seconds - 1)
    assert await made.head() == str(made.founder.id)
    await made.pass_time(1)
    assert await made.head() == str(made.heir.id)
    assert await made.history() == [(str(made.founder.id), str(made.heir.id), "claimed")]


@pytest.mark.parametrize("by", ["founder", "heir"])
async def test_an_objection_ends_a_claim_and_the_next_one_waits(house: IdentityHouse, by: str) -> None:
    made = await house_of_heirs(house, f"Guild of Objections {by}")
    await made.agreed()
    well(await made.act(made.heir, "PUT", "/claim"))
    ended = well(await made.act(getattr(made, by), "DELETE", "/claim"))["heir"]
    assert (ended["claimed_at"], ended["due_at"]) == (None, None)
    assert told(await made.act(made.founder, "DELETE", "/claim")) == (409, "claim-not-open")
    assert told(await made.act(made.heir, "PUT", "/claim")) == (409, "claim-rests")
    await made.pass_time(house.settings.succession_objection_seconds)
    assert await made.head() == str(made.founder.id)
    await made.pass_time(house.settings.succession_claim_rest_seconds)
    assert well(await made.act(made.heir, "PUT", "/claim"))["heir"]["due_at"] is not None


async def test_another_heir_ends_the_claim_of_the_one_before(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Changes")
    await made.agreed()
    well(await made.act(made.heir, "PUT", "/claim"))
    named = well(await made.name(made.other))["heir"]
    assert (named["member_id"], named["agreed_at"], named["claimed_at"]) == (str(made.other.id), None, None)
    assert well(await made.name(made.other))["heir"] == named, "the same again changes nothing"
    assert "succession.ended" in await made.notices(made.heir)
    await made.pass_time(house.settings.succession_objection_seconds)
    assert await made.head() == str(made.founder.id)
    assert told(await made.act(made.heir, "PUT", "/claim")) == (403, "not-the-heir")


async def test_an_heir_declines_and_one_who_has_left_is_none(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Refusals")
    well(await made.name())
    assert well(await made.act(made.heir, "DELETE", "/heir"))["heir"] is None
    assert await made.notices(made.founder) == ["succession.ended"]
    await made.agreed()
    well(await made.act(made.heir, "PUT", "/claim"))
    well(await made.heir.act("DELETE", f"{made.path}/memberships/me"))
    assert (await made.shown())["heir"] is None
    assert told(await made.act(made.founder, "POST", "/handover")) == (409, "heir-not-willing")
    await made.pass_time(house.settings.succession_objection_seconds)
    assert await made.head() == str(made.founder.id)
    assert await house.rows("SELECT 1 FROM heirs WHERE union_id = $1", made.union["id"]) == []


async def test_what_is_refused(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Gates")
    outsider = await house.member()
    for act in (("PUT", "/consent"), ("PUT", "/claim"), ("DELETE", "/claim"), ("DELETE", "/heir")):
        assert told(await made.act(made.heir, *act)) == (404, "heir-not-named"), act
    assert told(await made.act(made.founder, "POST", "/handover")) == (404, "heir-not-named")
    assert told(await made.name(outsider)) == (409, "heir-refused")
    assert told(await made.name(made.founder)) == (409, "heir-refused")
    assert told(await made.act(made.founder, "PUT", "/heir", {"member": "nobody"})) == (409, "heir-refused")
    for stranger in (made.heir, outsider):
        assert told(await made.name(by=stranger)) == (403, "founder-only")
    well(await made.name())
    assert told(await made.act(made.founder, "POST", "/handover")) == (409, "heir-not-willing")
    assert told(await made.act(made.heir, "PUT", "/claim")) == (409, "heir-not-willing")
    assert told(await made.act(made.other, "PUT", "/consent")) == (403, "not-the-heir")
    assert told(await made.act(made.other, "DELETE", "/heir")) == (403, "founder-only")
    well(await made.act(made.heir, "PUT", "/consent"))
    assert told(await made.act(made.other, "PUT", "/claim")) == (403, "not-the-heir")
    assert told(await made.act(made.heir, "DELETE", "/claim")) == (409, "claim-not-open")
    well(await made.act(made.heir, "PUT", "/claim"))
    assert told(await made.act(made.other, "DELETE", "/claim")) == (403, "founder-only")
    assert told(await made.act(made.heir, "POST", "/handover")) == (403, "founder-only")
    assert told(await made.founder.act("GET", "/v1/unions/no-such/succession")) == (404, "union-not-found")
    assert told(await made.founder.act("PUT", "/v1/unions/no-such/succession/claim")) == (
        404,
        "union-not-found",
    )


async def test_naming_and_handing_over_ask_for_a_fresh_proof(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Proofs")
    await made.agreed()
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await made.founder.renew_internal_token()
    assert told(await made.name(made.other))[1] == "insufficient-user-authentication"
    assert told(await made.act(made.founder, "POST", "/handover"))[1] == "insufficient-user-authentication"
    await made.heir.renew_internal_token()
    assert well(await made.act(made.heir, "PUT", "/claim"))["heir"]["due_at"] is not None


async def test_of_a_handover_and_a_departure_at_once_one_waits_for_the_other(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Races")
    await made.agreed()
    handed, left = await asyncio.gather(
        made.act(made.founder, "POST", "/handover"),
        made.heir.act("DELETE", f"{made.path}/memberships/me"),
    )
    present = await made.memberships()
    heads = [member for member, (role, state) in present.items() if (role, state) == ("founder", "active")]
    assert len(heads) == 1
    if handed.is_success:
        assert (heads, told(left)) == ([str(made.heir.id)], (409, "founder-cannot-leave"))
    else:
        assert (heads, left.json()["state"]) == ([str(made.founder.id)], "left")


async def test_the_office_passes_on_and_back(house: IdentityHouse) -> None:
    made = await house_of_heirs(house, "Guild of Returns")
    await made.agreed()
    well(await made.act(made.founder, "POST", "/handover"))
    house.clock.advance(timedelta(seconds=1))
    well(await made.name(made.founder, by=made.heir))
    well(await made.act(made.founder, "PUT", "/consent"))
    well(await made.act(made.heir, "POST", "/handover"))
    assert await made.head() == str(made.founder.id)
    page = well(await house.get(f"{made.path}/succession/history", limit=1))
    rest = well(await house.get(f"{made.path}/succession/history", limit=1, cursor=page["next_cursor"]))
    assert [one["to_id"] for one in (*page["items"], *rest["items"])] == [
        str(made.founder.id),
        str(made.heir.id),
    ]


async def test_who_came_to_hold_the_office_is_not_expelled_by_a_case_from_before(
    house: IdentityHouse,
) -> None:
    made = await house_of_heirs(house, "Guild of Cases")
    offices = Guild(house, made.union, made.founder, [made.other])
    await offices.appoint(made.founder, await offices.office(made.founder, moderate=None), made.other)
    about = {"member": str(made.heir.id), "ground": "Noise at night."}
    case = well(await made.other.act("POST", f"{made.path}/expulsions", about))
    await made.agreed()
    well(await made.act(made.founder, "POST", "/handover"))
    await made.pass_time(house.settings.hearing_seconds)
    decision = f"{made.path}/expulsions/{case['id']}/decision"
    expels = {"outcome": "expelled", "reasons": "As the case says."}
    assert told(await made.other.act("PUT", decision, expels)) == (409, "founder-not-excluded")
    assert (await made.memberships())[str(made.heir.id)] == ("founder", "active")
    dropped = well(await made.other.act("PUT", decision, expels | {"outcome": "dropped"}))
    assert dropped["state"] == "dropped"
