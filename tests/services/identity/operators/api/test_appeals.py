"""Appeals: once, by whom it is about, decided by another operator, and won where nobody decides."""

import asyncio

from services.identity.operators.use_cases.name_operator import name_operator
from tests.services.identity.exclusion.court import told, well
from tests.services.identity.operators.watch import REASONS, Watch
from tests.services.identity.succession.house_of_heirs import house_of_heirs


async def test_another_operator_decides_and_it_stays(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member))
    await member.sign_in()
    made = well(await watch.appeal(member, act, "I was away."))
    assert (made["appeal"]["text"], made["state"]) == ("I was away.", "in_force")
    assert told(await watch.appeal(member, act)) == (409, "operator-appeal-made")
    assert told(await watch.decide(operator, act, "upheld")) == (403, "own-operator-act")
    assert told(await watch.decide(member, act, "reversed")) == (403, "exits-only")
    upheld = well(await watch.decide(other, act, "upheld"))
    assert (upheld["state"], upheld["decision"]["kind"]) == ("in_force", "upheld")
    assert told(await watch.decide(other, act, "reversed")) == (409, "no-appeal-waits")
    assert told(await watch.appeal(member, act)) == (409, "operator-appeal-made")
    assert await watch.notices(member) == ["account.operator_locked", "account.operator_upheld"]
    assert await watch.notices(operator) == ["operator.named", "operator.appealed"]
    await watch.pass_time(watch.house.settings.operator_appeal_seconds - 86_400)
    assert well(await watch.house.get(f"/v1/operator-acts/{act['id']}"))["state"] == "over"


async def test_an_appeal_that_is_won_ends_it(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member))
    await member.sign_in()
    well(await watch.appeal(member, act))
    won = well(await watch.decide(other, act, "reversed"))
    assert (won["state"], won["decision"]["reasons"]) == ("reversed", REASONS)
    assert not well(await member.sign_in())["exits_only"]
    assert told(await watch.undo(other, act)) == (409, "operator-act-over")
    assert await watch.notices(member) == ["account.operator_locked", "account.operator_unlocked"]


async def test_silence_wins_it(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    waits = watch.house.settings.operator_appeal_seconds
    act = well(await watch.lock(operator, member, waits + 86_400))
    await member.sign_in()
    well(await watch.appeal(member, act))
    await watch.pass_time(waits - 1, operator, other)
    assert well(await member.sign_in())["exits_only"]
    await watch.pass_time(1, other)
    assert not well(await member.sign_in())["exits_only"]
    assert well(await watch.house.get(f"/v1/operator-acts/{act['id']}"))["state"] == "lapsed"
    assert told(await watch.decide(other, act, "upheld")) == (409, "operator-act-over")


async def test_the_one_operator_that_there_is_decides_about_their_own(watch: Watch) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member))
    assert told(await watch.decide(operator, act, "upheld")) == (409, "no-appeal-waits")
    await member.sign_in()
    well(await watch.appeal(member, act))
    assert well(await watch.decide(operator, act, "upheld"))["decision"]["kind"] == "upheld"


async def test_only_whom_it_is_about_appeals_and_only_while_it_is_in_force(watch: Watch) -> None:
    operator, member, stranger = (
        await watch.operator(),
        await watch.house.member(),
        await watch.house.member(),
    )
    act = well(await watch.lock(operator, member))
    assert told(await watch.appeal(stranger, act)) == (403, "not-concerned")
    assert told(await watch.appeal(operator, act)) == (403, "not-concerned")
    assert told(await watch.appeal(stranger, {"id": str(stranger.id)})) == (404, "operator-act-not-found")
    well(await watch.undo(operator, act))
    await member.sign_in()
    assert told(await watch.appeal(member, act)) == (409, "operator-act-over")


async def test_nobody_decides_about_themselves(watch: Watch) -> None:
    operator, founder = await watch.operator(), await watch.operator()
    union = await founder.found("Guild of Veils")
    assert told(await watch.hide(founder, union)) == (403, "about-oneself")
    act = well(await watch.hide(operator, union))
    assert told(await watch.undo(founder, act)) == (403, "about-oneself")
    well(await watch.appeal(founder, act))
    assert told(await watch.decide(founder, act, "reversed")) == (403, "about-oneself")
    assert well(await watch.decide(operator, act, "reversed"))["state"] == "reversed", "nobody else is there"


async def test_who_appealed_decides_nothing_of_it_after_the_office_has_passed(watch: Watch) -> None:
    made = await house_of_heirs(watch.house, "Guild of Passed Veils")
    await made.agreed()
    operator = await watch.operator()
    act = well(await watch.hide(operator, made.union))
    well(await watch.appeal(made.founder, act))
    well(await made.act(made.founder, "POST", "/handover"))
    async with watch.house.unit("operator of the machine") as unit:
        await name_operator(unit, watch.house.settings, str(made.founder.id), "They keep the watch.")
    assert told(await watch.decide(made.founder, act, "reversed")) == (403, "about-oneself")
    assert told(await watch.undo(made.founder, act)) == (403, "about-oneself")
    decided = well(await watch.decide(operator, act, "reversed"))
    assert decided["state"] == "reversed", "who appealed is no other operator who might"
    [theirs] = well(await made.heir.ask("GET", "/v1/me/operator-acts"))["items"]
    assert theirs["id"] == act["id"], "it is about who holds the office"
    assert well(await made.founder.ask("GET", "/v1/me/operator-acts"))["items"] == []


async def test_two_decisions_at_once_are_one(watch: Watch) -> None:
    operator, one, other = [await watch.operator() for _ in range(3)]
    member = await watch.house.member()
    act = well(await watch.lock(operator, member))
    await member.sign_in()
    well(await watch.appeal(member, act))
    answers = await asyncio.gather(
        watch.decide(one, act, "upheld"), watch.decide(other, act, "reversed"), watch.undo(operator, act)
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {200, 409}
    rows = await watch.house.rows("SELECT kind FROM operator_rulings WHERE act_id::text = $1", act["id"])
    assert sorted(row["kind"] for row in rows) in (["reversed"], ["undone"], ["undone", "upheld"])
