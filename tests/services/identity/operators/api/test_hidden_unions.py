"""A hidden union: out of the directory, its page not for outsiders, everything as it was for its members."""

from typing import Any

from tests.services.identity.exclusion.court import told, well
from tests.services.identity.operators.watch import Watch


async def listed(watch: Watch, union: dict[str, Any]) -> bool:
    found = well(await watch.house.get("/v1/unions", search=union["name"]))
    return union["id"] in [each["id"] for each in found["items"]]


async def test_outsiders_do_not_find_it_and_members_keep_everything(watch: Watch) -> None:
    operator, founder = await watch.operator(), await watch.house.member()
    member, outsider = await watch.house.member(), await watch.house.member()
    union = await founder.found("Guild of Curtains")
    assert (await member.join(union)).status_code == 201
    assert await listed(watch, union)
    act = well(await watch.hide(operator, union))
    assert (act["power"], act["union_id"], act["member_id"]) == ("hide_union", union["id"], None)
    assert not await listed(watch, union)
    path = f"/v1/unions/{union['slug']}"
    assert told(await watch.house.get(path)) == (403, "union-hidden")
    assert told(await outsider.ask("GET", path)) == (403, "union-hidden")
    for insider in (founder, member, operator):
        assert well(await insider.ask("GET", path))["id"] == union["id"]
    invitation = await member.act("POST", f"{path}/invitations", {})
    assert invitation.status_code == 201, invitation.text
    accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
    assert (await outsider.act("POST", f"{path}/memberships", accepted)).status_code == 201
    assert await watch.notices(founder) == ["union.hidden"]
    well(await watch.undo(operator, act))
    assert await listed(watch, union)
    assert (await watch.house.get(path)).status_code == 200
    assert await watch.notices(founder) == ["union.hidden", "union.shown"]


async def test_who_has_an_invitation_that_is_good_sees_it(watch: Watch) -> None:
    operator, founder, guest = await watch.operator(), await watch.house.member(), await watch.house.member()
    union, other = await founder.found("Guild of Doors Ajar"), await founder.found("Guild of Other Doors")
    well(await watch.hide(operator, union))

    async def invite(to: dict[str, Any]) -> str:
        body = {"uses_max": 1, "valid_seconds": 3_600}
        made = await founder.act("POST", f"/v1/unions/{to['slug']}/invitations", body)
        assert made.status_code == 201, made.text
        return made.json()["code"]

    path, code = f"/v1/unions/{union['slug']}", await invite(union)
    by_code = f"{path}?invitation={code}"
    assert well(await watch.house.get(path, invitation=code))["id"] == union["id"]
    assert well(await guest.ask("GET", by_code))["charter_hash"] == union["charter_hash"]
    for wrong in ("a" * 22, await invite(other)):
        assert told(await watch.house.get(path, invitation=wrong)) == (403, "union-hidden")
    assert (await watch.house.get(path, invitation="short")).status_code == 422
    accepted = {name: union[name] for name in ("charter_version", "charter_hash")}
    joined = await guest.act("POST", f"{path}/memberships", accepted | {"invitation": code})
    assert joined.status_code == 201, joined.text
    assert told(await watch.house.get(path, invitation=code)) == (403, "union-hidden"), "it is used up"
    assert well(await guest.ask("GET", path))["id"] == union["id"]
    code = await invite(union)
    await watch.pass_time(3_601)
    assert told(await watch.house.get(path, invitation=code)) == (403, "union-hidden"), "it is over"


async def test_the_founders_office_appeals_and_silence_shows_it_again(watch: Watch) -> None:
    operator, founder, member = await watch.operator(), await watch.house.member(), await watch.house.member()
    union = await founder.found("Guild of Shutters")
    await member.join(union)
    act = well(await watch.hide(operator, union))
    assert told(await watch.hide(operator, union)) == (409, "operator-act-in-force")
    assert told(await watch.appeal(member, act)) == (403, "not-concerned")
    well(await watch.appeal(founder, act))
    [own] = well(await founder.ask("GET", "/v1/me/operator-acts"))["items"]
    assert (own["id"], own["about_me"], own["appeal"]["text"]) == (act["id"], True, "It was not so.")
    assert not await listed(watch, union)
    await watch.pass_time(watch.house.settings.operator_appeal_seconds, operator, founder)
    assert await listed(watch, union)
    assert (await watch.house.get(f"/v1/unions/{union['slug']}")).status_code == 200
    again = well(await watch.hide(operator, union))
    well(await watch.appeal(founder, again))
    well(await watch.decide(operator, again, "upheld"))
    await watch.pass_time(watch.house.settings.operator_appeal_seconds)
    assert not await listed(watch, union)
    assert "union.hiding_upheld" in await watch.notices(founder)


async def test_what_cannot_be_hidden(watch: Watch) -> None:
    operator, founder = await watch.operator(), await watch.house.member()
    union = await founder.found("Guild of Glass")
    assert told(await watch.hide(founder, union)) == (403, "operator-only")
    assert told(await watch.hide(operator, {"slug": "no-such-guild"})) == (404, "union-not-found")
    assert (await watch.hide(operator, union, but={"more": 1})).status_code == 422
    well(await founder.act("DELETE", f"/v1/unions/{union['id']}/memberships/me"))
    assert told(await watch.hide(operator, union)) == (409, "union-dissolved")
