"""The erasure itself: in stretches, to the same end however often it is asked for, and of nobody else."""

from datetime import timedelta

from chassis.erasure import begin_erasure, erase_some
from services.identity.store.tables import SCHEMA
from tests.services.identity.deletion.erased import erase, run_timers
from tests.services.identity.house import IdentityHouse, Member


async def _rich(house: IdentityHouse) -> Member:
    member = await house.member()
    edit = {"name": "Zora", "skills": ["law", "dance"], "links": ["https://zora.example/"]}
    assert (await member.ask("PATCH", "/v1/me", edit, **{"if-match": "*"})).status_code == 200
    assert (await member.act("POST", "/v1/me/recovery-codes")).status_code in {200, 201}
    return member


async def test_a_row_a_time_it_comes_to_the_same_end(house: IdentityHouse) -> None:
    member = await _rich(house)
    steps = 0
    async with house.unit() as unit:
        await begin_erasure(unit, member.id, unit.now)
        await unit.cancel_timer("erase_member", str(member.id))
    while True:
        async with house.unit() as unit:
            if not await erase_some(unit, SCHEMA, member.id, 1):
                break
        steps += 1
    assert steps > 10, "ten codes are ten steps"
    assert SCHEMA.personal is not None
    for one in SCHEMA.personal.erased:
        query = f"SELECT count(*) AS number FROM {one.table} WHERE {one.left}"
        if one.table != "members":  # whose handle the use case changes
            assert (await house.rows(query, member.id))[0]["number"] == 0, one.table


async def test_a_repeat_changes_nothing(house: IdentityHouse) -> None:
    member = await _rich(house)
    await erase(house, member)
    before = (
        await house.rows("SELECT count(*) AS n FROM act_log"),
        await house.rows("SELECT * FROM members WHERE id = $1", member.id),
    )
    for _ in range(2):
        async with house.unit() as unit:
            await begin_erasure(unit, member.id, unit.now + timedelta(days=1))
        await run_timers(house)
    after = (
        await house.rows("SELECT count(*) AS n FROM act_log"),
        await house.rows("SELECT * FROM members WHERE id = $1", member.id),
    )
    assert before == after
    assert len(await house.rows("SELECT 1 FROM erased_members WHERE member_id = $1", member.id)) == 1


async def test_nobody_else_loses_anything(house: IdentityHouse) -> None:
    member, other = await _rich(house), await _rich(house)
    queries = {
        "members": "SELECT * FROM members WHERE id = $1",
        "member_keys": "SELECT * FROM member_keys WHERE member_id = $1",
        "recovery_codes": "SELECT * FROM recovery_codes WHERE member_id = $1 ORDER BY code_hash",
        "signed_acts": "SELECT * FROM signed_acts WHERE member_id = $1 ORDER BY nonce",
        "handles": "SELECT * FROM handles WHERE member_id = $1",
    }
    before = {table: await house.rows(query, other.id) for table, query in queries.items()}
    assert all(before.values())
    await erase(house, member)
    assert {table: await house.rows(query, other.id) for table, query in queries.items()} == before
