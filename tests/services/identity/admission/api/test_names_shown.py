"""Names on the way in and in offices, each only where its member shows it; and what a vouch does not tell."""

import pytest

from tests.services.identity.admission.api.test_applications import SECOND, applied, founded, path_of
from tests.services.identity.admission.api.test_vouches import vouched, with_members
from tests.services.identity.admission.people import told
from tests.services.identity.api.test_privacy import edit
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import Guild

NAME = "Ada Lima"
SHOWN = {"public": (NAME, NAME), "unions": (NAME, ""), "nobody": ("", "")}
"""By what the member said: what a member of their union reads, and a stranger."""


async def named(house: IdentityHouse, said: str) -> Member:
    member = await house.member()
    edited = await edit(member, name=NAME, privacy={"name": said})
    assert edited.status_code == 200, edited.text
    return member


@pytest.mark.parametrize("said", SHOWN)
async def test_who_applies_shows_their_name_as_they_said(house: IdentityHouse, said: str) -> None:
    founder, worker = await house.member(), await named(house, said)
    union = await founded(founder, f"Applicants {said}")
    await applied(worker, union)
    [listed] = (await founder.ask("GET", path_of(union, "applications"))).json()["items"]
    assert listed["applicant"]["name"] == SHOWN[said][1]


@pytest.mark.parametrize("said", SHOWN)
async def test_who_joins_and_who_brings_them_show_their_names_as_they_said(
    house: IdentityHouse, said: str
) -> None:
    founder, inviter, worker = await house.member(), await named(house, said), await named(house, said)
    union = await founded(founder, f"Brought {said}", rule="invitation")
    for host, guest in ((founder, inviter), (inviter, worker)):
        house.clock.advance(SECOND)
        invitation = (await host.act("POST", path_of(union, "invitations"), {})).json()
        assert (await guest.join(union, invitation["code"])).status_code == 201
    [*_, joining] = (await founder.ask("GET", path_of(union, "joinings"))).json()["items"]
    assert (joining["member"]["name"], joining["invited_by"]["name"]) == (SHOWN[said][0],) * 2
    await inviter.act("DELETE", path_of(union, "memberships/me"))
    [*_, joining] = (await founder.ask("GET", path_of(union, "joinings"))).json()["items"]
    assert (joining["member"]["name"], joining["invited_by"]["name"]) == SHOWN[said]


@pytest.mark.parametrize("said", SHOWN)
async def test_who_vouches_and_for_whom_show_their_names_as_they_said(
    house: IdentityHouse, said: str
) -> None:
    founder, worker = await house.member(), await named(house, said)
    union, (voucher, _) = await with_members(house, founder, f"Vouchers {said}", "vouching:2")
    await edit(voucher, name=NAME, privacy={"name": said})
    await vouched(voucher, union, worker)
    path = path_of(union, "vouches")
    [by] = (await founder.ask("GET", f"{path}/{worker.id}")).json()["items"]
    assert by["member"]["name"] == SHOWN[said][0]
    [by] = (await worker.ask("GET", f"{path}/{worker.id}")).json()["items"]
    assert by["member"]["name"] == SHOWN[said][1]
    [of] = (await voucher.ask("GET", path)).json()["items"]
    assert of["member"]["name"] == SHOWN[said][1]


@pytest.mark.parametrize("said", SHOWN)
async def test_who_holds_an_office_shows_their_name_as_they_said(house: IdentityHouse, said: str) -> None:
    founder, holder, stranger = await house.member(), await named(house, said), await house.member()
    union = await founder.found(f"Holders {said}", parameters={"visibility_members": "public"})
    assert (await holder.join(union)).status_code == 201
    guild = Guild(house, union, founder, [holder])
    appointed = await guild.appoint(founder, await guild.office(founder, admit=None), holder)
    assert appointed.json()["member"]["name"] == SHOWN[said][0]
    register = f"{guild.path}/offices/register"
    for reader, seen in zip((founder, stranger), SHOWN[said], strict=True):
        [line] = (await reader.ask("GET", register)).json()["items"]
        assert line["member"]["name"] == seen
    [line] = (await house.get(register)).json()["items"]
    assert line["member"]["name"] == SHOWN[said][1]
    [line] = (await holder.ask("GET", register)).json()["items"]
    assert line["member"]["name"] == NAME


@pytest.mark.parametrize("state", ["left", "suspended", "expelled"])
async def test_a_vouch_does_not_tell_what_somebody_is_in_the_union(house: IdentityHouse, state: str) -> None:
    founder, worker, other = [await house.member() for _ in range(3)]
    union, (voucher, _) = await with_members(house, founder, f"Silent {state}", "vouching:1")
    for one in (worker, other):
        await vouched(voucher, union, one)
        assert (await one.join(union)).status_code == 201
    for one in (worker, other):
        [row] = (await founder.ask("GET", path_of(union, "vouches", str(one.id)))).json()["items"]
        assert row["state"] == "active"
    await house.rows("UPDATE memberships SET state = $2 WHERE member_id = $1 RETURNING 1", worker.id, state)
    path = path_of(union, "vouches", str(worker.id))
    for reader in (founder, voucher):
        [row] = (await reader.ask("GET", path)).json()["items"]
        assert row["state"] is None
    mine = (await voucher.ask("GET", path_of(union, "vouches"))).json()["items"]
    assert [row["state"] for row in mine] == [None, "active"]
    [own] = (await worker.ask("GET", path)).json()["items"]
    assert own["state"] == state
    stranger = await house.member()
    answers = [await voucher.act("PUT", path_of(union, "vouches", str(one.id))) for one in (worker, stranger)]
    assert answers[0].json() == answers[1].json() == {"has_joined": False}


async def test_where_nobody_sees_the_members_a_vouch_does_not_tell_who_is_one(house: IdentityHouse) -> None:
    founder, worker, stranger = [await house.member() for _ in range(3)]
    parameters = {"admission": "invitation or vouching:1", "visibility_members": "nobody"}
    union = await founder.found("Hidden Members", parameters=parameters)
    await vouched(founder, union, worker)
    assert (await worker.join(union)).status_code == 201
    [mine] = (await founder.ask("GET", path_of(union, "vouches"))).json()["items"]
    assert mine["state"] is None
    for one in (worker, stranger):
        assert await vouched(founder, union, one) == {"has_joined": False}
    own = path_of(union, "vouches", str(founder.id))
    assert told(await founder.act("PUT", own)) == (409, "vouch-refused")
