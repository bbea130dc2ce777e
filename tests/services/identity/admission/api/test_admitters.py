"""Who admits: all with that right are told of applications, and each act says by which right it was done."""

import orjson

from tests.services.identity.admission.api.test_applications import applied, path_of
from tests.services.identity.admission.api.test_vouches import with_members
from tests.services.identity.admission.people import begin, filled
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import Guild


async def grounds(house: IdentityHouse, guild: Guild) -> list[tuple[str, str]]:
    """Of the acts of admission: what was done, and by which right."""
    rows = await house.rows(
        "SELECT act_right, changed FROM act_log WHERE union_id = $1 AND act_right IN ('admit', 'invite') "
        "AND subject NOT LIKE '%/invitations/%'",
        guild.union["id"],
    )
    return [(row["act_right"], orjson.loads(row["changed"])["by"]) for row in rows]


async def told_of(house: IdentityHouse, member: Member) -> dict[str, int]:
    """How often, by kind."""
    rows = await house.rows(
        "SELECT kind, happened_count FROM notices WHERE member_id = $1 AND kind LIKE 'application.%'",
        member.id,
    )
    return {row["kind"]: row["happened_count"] for row in rows}


async def test_everybody_who_admits_is_told_of_applications_and_appeals(house: IdentityHouse) -> None:
    founder, worker, other = [await house.member() for _ in range(3)]
    union, (officer, auditor) = await with_members(house, founder, "Told Admitters", "application")
    guild = Guild(house, union, founder, [officer, auditor])
    office = await guild.office(founder, admit=None)
    await guild.appoint(founder, office, officer)
    await guild.appoint(founder, await guild.office(founder, audit=None), auditor)
    path = await applied(worker, union)
    assert (await officer.act("PUT", f"{path}/refusal", {"ground": "No."})).status_code == 200
    await worker.act("PUT", path_of(union, "applications/mine/appeal"), {"text": "Still."})
    told = {"application.made": 1, "application.appealed": 1}
    assert [await told_of(house, one) for one in (founder, officer, auditor)] == [told, told, {}]
    await guild.end(founder, office, officer)
    await applied(other, union)
    assert await told_of(house, founder) == told | {"application.made": 2}
    assert await told_of(house, officer) == told


async def test_acts_say_by_which_right_they_were_done(house: IdentityHouse) -> None:
    founder = await house.member()
    union, (officer, _) = await with_members(house, founder, "Grounds", "application")
    guild = Guild(house, union, founder, [officer])
    await guild.appoint(founder, await guild.office(founder, admit=None), officer)
    [holding] = (await house.get(f"{guild.path}/offices/register")).json()["items"]
    done: list[tuple[str, str]] = []
    for who, by in ((founder, "founder"), (officer, f"holdings/{holding['id']}")):
        questions = await who.act("PUT", path_of(union, "admission-questions"), {"questions": []})
        assert questions.status_code == 200, questions.text
        for decision, body in (("refusal", {"ground": "No."}), ("admission", None)):
            asked = await applied(await house.member(), union)
            assert (await who.act("PUT", f"{asked}/{decision}", body)).status_code == 200
        path = await begin(who, union)
        await filled(who, path, [f"{by};"])
        assert (await who.act("DELETE", path)).status_code == 200
        done += [("admit", by)] * 3 + [("invite", by)] * 3
        assert sorted(await grounds(house, guild)) == sorted(done)
