"""What identity itself lets officers do: amend the charter, invite in the union's name."""

from typing import Any

from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import Guild, guild, told


async def _amend(made: Guild, by: Member, purpose: str) -> Any:
    path = f"{made.path}/charter"
    etag = (await made.house.get(path)).headers["etag"]
    return await by.act("PATCH", path, {"purpose": purpose}, **{"if-match": etag})


async def test_an_officer_who_may_amends_the_charter(house: IdentityHouse) -> None:
    made = await guild(house, 2)
    officer, other = made.members
    assert told(await _amend(made, officer, "Mine.")) == (403, "founder-only")
    office = await made.office(made.founder, amend=None)
    await made.appoint(made.founder, office, officer)
    assert told(await _amend(made, other, "Mine.")) == (403, "founder-only")
    amended = await _amend(made, officer, "Ours.")
    assert amended.status_code == 200, amended.text
    [act] = await house.rows(
        "SELECT changed FROM act_log WHERE union_id = $1 AND act_right = 'founders_free_time'",
        made.union["id"],
    )
    assert '"by": "holdings/' in act["changed"]
    await made.end(made.founder, office, officer)
    assert told(await _amend(made, officer, "Mine.")) == (403, "founder-only")


async def test_an_officer_who_admits_invites_in_the_unions_name_while_they_do(house: IdentityHouse) -> None:
    made = await guild(house, 2)
    officer, other = made.members
    office = await made.office(made.founder, admit=None)
    await made.appoint(made.founder, office, officer)
    path = f"{made.path}/invitations"
    codes = [(await member.act("POST", path, {"uses_max": 5})).json() for member in (officer, other)]
    assert [one["by_founder"] for one in codes] == [True, False]
    newcomer, late = await house.member(), await house.member()
    joined = await newcomer.join(made.union, codes[0]["code"])
    assert joined.json()["by_founder_invitation"] is True
    await made.end(made.founder, office, officer)
    joined = await late.join(made.union, codes[0]["code"])
    assert joined.json()["by_founder_invitation"] is False
