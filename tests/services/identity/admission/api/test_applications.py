"""Applications: asked, reviewed, refused with a ground and looked at once more, admitted in turn."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.admission.people import sign_in_again, told
from tests.services.identity.house import IdentityHouse, Member

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


async def founded(member: Member, name: str, rule: str = "application", **more: object) -> dict[str, Any]:
    return await member.found(name, parameters={"admission": rule, **more})


def path_of(union: Mapping[str, Any], *parts: str) -> str:
    return "/".join((f"/v1/unions/{union['id']}", *parts))


async def applies(member: Member, union: Mapping[str, Any], *answers: str) -> httpx.Response:
    present = (await member.ask("GET", path_of(union))).json()
    body = {name: present[name] for name in ("charter_version", "charter_hash")} | {"answers": answers}
    return await member.act("POST", path_of(union, "applications"), body)


async def applied(member: Member, union: Mapping[str, Any], *answers: str) -> str:
    """The application's path. A second later than what was before, as ids and times tell the order."""
    member.house.clock.advance(SECOND)
    made = await applies(member, union, *answers)
    assert made.status_code == 201, made.text
    return path_of(union, "applications", made.json()["id"])


async def mine(member: Member, union: Mapping[str, Any]) -> dict[str, Any]:
    return (await member.ask("GET", path_of(union, "applications/mine"))).json()


async def state_in(member: Member, union: Mapping[str, Any]) -> str:
    found = await member.ask("GET", path_of(union, "memberships/me"))
    return found.json()["state"] if found.status_code == 200 else "none"


async def notices_of(house: IdentityHouse, member: Member) -> list[str]:
    rows = await house.rows(
        "SELECT kind FROM notices WHERE member_id = $1 AND kind LIKE 'application.%' ORDER BY number",
        member.id,
    )
    return [row["kind"] for row in rows]


async def test_who_applies_answers_is_admitted_and_is_a_member(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Asking")
    questions = ["What do you do?", "Who sent you?"]
    asked = await founder.act("PUT", path_of(union, "admission-questions"), {"questions": questions})
    assert asked.json() == {"rule": "application", "questions": questions}
    assert (await house.get(path_of(union, "admission-questions"))).json() == asked.json()
    refused = await worker.join(union)
    assert (told(refused), refused.json()["unmet"]) == ((403, "admission-unmet"), "application")
    assert told(await applies(worker, union, "Bread.")) == (400, "answers-wrong")
    path = await applied(worker, union, "Bread.", "Ada.")
    assert told(await applies(worker, union, "Bread.", "Ada.")) == (409, "application-open")
    [listed] = (await founder.ask("GET", path_of(union, "applications"))).json()["items"]
    assert listed["applicant"]["id"] == str(worker.id)
    assert [one["answer"] for one in listed["answers"]] == ["Bread.", "Ada."]
    admitted = await founder.act("PUT", f"{path}/admission")
    assert (admitted.status_code, admitted.json()["state"]) == (200, "admitted"), admitted.text
    assert admitted.json()["joined_at"] is not None
    assert admitted.headers["guildhall-event"].startswith("membership/")
    assert await state_in(worker, union) == "active"
    assert (await mine(worker, union))["state"] == "admitted"
    assert await notices_of(house, founder) == ["application.made"]
    assert await notices_of(house, worker) == ["application.admitted"]
    assert told(await founder.act("PUT", f"{path}/admission")) == (409, "application-decided")


async def test_a_refusal_says_why_and_is_looked_at_once_more(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Refusing Union")
    path = await applied(worker, union)
    assert told(await founder.act("PUT", f"{path}/refusal", {})) == (422, "malformed-body")
    assert (await founder.act("PUT", f"{path}/refusal", {"ground": "We do not know you."})).status_code == 200
    seen = await mine(worker, union)
    assert (seen["state"], seen["ground"], seen["may_appeal"]) == ("refused", "We do not know you.", True)
    assert told(await applies(worker, union)) == (409, "application-refused-lately")
    again = await worker.act("PUT", path_of(union, "applications/mine/appeal"), {"text": "Ada knows me."})
    assert (again.json()["state"], again.json()["may_appeal"]) == ("applied", False)
    [listed] = (await founder.ask("GET", path_of(union, "applications"))).json()["items"]
    assert listed["appeal"] == "Ada knows me."
    await founder.act("PUT", f"{path}/refusal", {"ground": "Ada does not."})
    over = await worker.act("PUT", path_of(union, "applications/mine/appeal"), {"text": "Once more."})
    assert told(over) == (409, "appealed-once")
    assert await notices_of(house, founder) == ["application.made", "application.appealed"]
    house.clock.advance(timedelta(seconds=house.settings.application_again_seconds))
    await sign_in_again(founder, worker)
    assert (await applies(worker, union)).status_code == 201


async def test_an_application_is_withdrawn_and_made_anew(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Withdrawn")
    own = path_of(union, "applications/mine")
    assert told(await worker.ask("GET", own)) == (404, "application-not-found")
    assert told(await worker.act("DELETE", own)) == (404, "application-not-found")
    path = await applied(worker, union)
    for _ in range(2):
        assert (await worker.act("DELETE", own)).json()["state"] == "withdrawn"
    assert told(await founder.act("PUT", f"{path}/admission")) == (409, "application-decided")
    assert told(await worker.act("PUT", f"{own}/appeal", {"text": "x"})) == (409, "application-decided")
    await founder.act("PUT", f"{await applied(worker, union)}/admission")
    assert told(await worker.act("DELETE", own)) == (409, "application-decided")
    assert told(await applies(worker, union)) == (409, "already-member")


async def test_under_another_charter_the_admitted_one_accepts_anew(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Amended")
    path = await applied(worker, union)
    amended = await founder.act(
        "PATCH", path_of(union, "charter"), {"purpose": "Another."}, **{"if-match": '"1"'}
    )
    assert amended.status_code == 200
    admitted = (await founder.act("PUT", f"{path}/admission")).json()
    assert (admitted["state"], admitted["joined_at"]) == ("admitted", None)
    assert await state_in(worker, union) == "none"
    stale = {"charter_version": 1, "charter_hash": union["charter_hash"]}
    assert told(await worker.act("POST", path_of(union, "memberships"), stale)) == (409, "charter-stale")
    assert (await worker.join(union)).status_code == 201
    assert (await mine(worker, union))["joined_at"] is not None
    await worker.act("DELETE", path_of(union, "memberships/me"))
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_a_full_day_makes_a_waiting_list_which_is_let_in_in_order(house: IdentityHouse) -> None:
    founder = await house.member()
    applicants = [await house.member() for _ in range(5)]
    union = await founded(founder, "Slow", admissions_per_day=2)
    paths = [await applied(one, union) for one in applicants]
    states: list[str] = []
    for path in paths:
        house.clock.advance(SECOND)
        states.append((await founder.act("PUT", f"{path}/admission")).json()["state"])
    assert states == ["admitted", "admitted", "waiting", "waiting", "waiting"]
    assert [(await mine(one, union))["place"] for one in applicants] == [None, None, 1, 2, 3]
    assert await notices_of(house, applicants[2]) == ["application.waiting"]
    await applicants[2].act("DELETE", path_of(union, "applications/mine"))
    assert (await mine(applicants[3], union))["place"] == 1
    refused = await founder.act("PUT", f"{paths[4]}/refusal", {"ground": "On second thought."})
    assert refused.json()["state"] == "refused"
    house.clock.advance(DAY)
    await sign_in_again(founder, *applicants)
    late = await house.member()
    waits = await founder.act("PUT", f"{await applied(late, union)}/admission")
    assert waits.json()["state"] == "waiting"
    await house.app.state.chassis.timer_runner.run_due()
    assert [await state_in(one, union) for one in (applicants[3], late)] == ["active", "active"]
    assert (await mine(late, union))["place"] is None


async def test_a_waiting_list_longer_than_a_day_goes_on_the_day_after(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founded(founder, "Slower", admissions_per_day=1)
    applicants = [await house.member() for _ in range(3)]
    for one in applicants:
        await founder.act("PUT", f"{await applied(one, union)}/admission")
    seen: list[list[str]] = []
    for _ in range(2):
        house.clock.advance(DAY)
        await house.app.state.chassis.timer_runner.run_due()
        await sign_in_again(*applicants)
        seen.append([await state_in(one, union) for one in applicants])
    assert seen == [["active", "active", "none"], ["active"] * 3]


async def test_two_reviewers_at_once_admit_once_and_the_day_counts_it_once(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Twice Reviewed", admissions_per_day=5)
    path = await applied(worker, union)
    answers = await asyncio.gather(*(founder.act("PUT", f"{path}/admission") for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    [row] = await house.rows("SELECT admitted_count FROM admission_days WHERE union_id = $1", union["id"])
    assert row["admitted_count"] == 1


async def test_applying_twice_at_once_makes_one_application(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Twice Applied")
    answers = await asyncio.gather(*(applies(worker, union) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]


async def test_only_who_admits_reads_and_decides(house: IdentityHouse) -> None:
    founder, member, worker, stranger = [await house.member() for _ in range(4)]
    union = await founded(founder, "Decided", rule="open or application")
    other = await founded(stranger, "Other Decided")
    await member.join(union)
    path = await applied(worker, union)
    for who in (member, worker, stranger):
        assert told(await who.ask("GET", path_of(union, "applications"))) == (403, "founder-only")
        assert told(await who.ask("GET", path_of(union, "joinings"))) == (403, "founder-only")
        assert told(await who.act("PUT", f"{path}/admission")) == (403, "founder-only")
        assert told(await who.act("PUT", f"{path}/refusal", {"ground": "x"})) == (403, "founder-only")
        questions = path_of(union, "admission-questions")
        assert told(await who.act("PUT", questions, {"questions": []})) == (403, "founder-only")
    crossing = path.replace(union["id"], other["id"])
    assert told(await stranger.act("PUT", f"{crossing}/admission")) == (404, "application-not-found")
    assert told(await founder.ask("PUT", f"{path}/admission")) == (401, "act-unsigned")
    too_many = {"questions": ["?"] * (house.settings.admission_questions_max + 1)}
    assert told(await founder.act("PUT", path_of(union, "admission-questions"), too_many)) == (
        409,
        "questions-limit",
    )


async def test_where_nobody_applies_that_is_said(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "No Applications", rule="invitation or vouching:2")
    refused = await applies(worker, union)
    assert (told(refused), refused.json()["rule"]) == (
        (409, "application-not-asked"),
        "invitation or vouching:2",
    )


async def test_nobody_decides_on_themselves(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founded(founder, "Oneself")
    path = await applied(await house.member(), union)
    await house.rows(
        "UPDATE applications SET applicant_id = $1 WHERE id = $2 RETURNING 1",
        founder.id,
        path.rpartition("/")[2],
    )
    assert told(await founder.act("PUT", f"{path}/admission")) == (403, "own-application")


async def test_answers_are_forgotten_after_half_a_year(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Forgetting")
    await founder.act("PUT", path_of(union, "admission-questions"), {"questions": ["Who are you?"]})
    path = await applied(worker, union, "Somebody.")
    await founder.act("PUT", f"{path}/refusal", {"ground": "No."})
    house.clock.advance(timedelta(days=house.settings.application_kept_days, seconds=1))
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    await sign_in_again(worker)
    seen = await mine(worker, union)
    assert (seen["answers"], seen["ground"], seen["state"]) == (None, None, "refused")


@pytest.mark.parametrize("rule", ["closed", "open or", "vouching:0", "(open", "invitation and and open"])
async def test_a_rule_that_cannot_be_read_is_refused_with_its_place(house: IdentityHouse, rule: str) -> None:
    founder = await house.member()
    body = {"name": "Bad Rule", "purpose": "x", "parameters": {"admission": rule}}
    refused = await founder.act("POST", "/v1/unions", body)
    assert told(refused) == (400, "parameter-refused")
    assert "at character" in refused.json()["detail"]
