"""An application is over when a membership begins, by whatever way in: it admits nobody who comes back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.identity.domain.membership import MembershipState
from tests.services.identity.admission.api.test_applications import (
    applied,
    founded,
    mine,
    path_of,
    state_in,
)
from tests.services.identity.admission.api.test_vouches import vouched
from tests.services.identity.admission.people import sign_in_again, told
from tests.services.identity.api.test_acceptances import MATERIAL
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.ruled import ruled_union

DAY = timedelta(days=1)
RULE = "invitation or application"


async def comes_by_link(founder: Member, member: Member, union: Mapping[str, Any]) -> None:
    code = (await founder.act("POST", path_of(union, "invitations"), {})).json()["code"]
    joined = await member.join(union, code)
    assert joined.status_code == 201, joined.text


async def leaves(member: Member, union: Mapping[str, Any]) -> None:
    assert (await member.act("DELETE", path_of(union, "memberships/me"))).status_code == 200


async def places_taken(house: IdentityHouse, union: Mapping[str, Any]) -> int:
    rows = await house.rows("SELECT admitted_count FROM admission_days WHERE union_id = $1", union["id"])
    return sum(row["admitted_count"] for row in rows)


async def test_who_joins_by_a_link_has_no_application_any_more(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Link And Application", rule=RULE, admissions_per_day=5)
    path = await applied(worker, union)
    await comes_by_link(founder, worker, union)
    seen = await mine(worker, union)
    assert (seen["state"], seen["decided_at"] is not None, seen["joined_at"]) == ("withdrawn", True, None)
    assert told(await founder.act("PUT", f"{path}/admission")) == (409, "application-decided")
    assert await places_taken(house, union) == 0
    await leaves(worker, union)
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_who_waits_and_joins_by_a_link_takes_no_place_of_a_day(house: IdentityHouse) -> None:
    founder, first, worker, last = [await house.member() for _ in range(4)]
    union = await founded(founder, "Waiting And Link", rule=RULE, admissions_per_day=1)
    for one in (first, worker, last):
        await founder.act("PUT", f"{await applied(one, union)}/admission")
    await comes_by_link(founder, worker, union)
    seen = await mine(worker, union)
    assert (seen["state"], seen["place"]) == ("withdrawn", None)
    assert (await mine(last, union))["place"] == 1
    house.clock.advance(DAY)
    await sign_in_again(founder, worker, last)
    await house.app.state.chassis.timer_runner.run_due()
    assert await state_in(last, union) == "active"
    await leaves(worker, union)
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_admitted_under_another_rule_is_used_by_whatever_membership_begins(
    house: IdentityHouse,
) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Opened Meanwhile", rule="invitation and application")
    path = await applied(worker, union)
    assert (await founder.act("PUT", f"{path}/admission")).json()["joined_at"] is None
    for version, rule in ((1, "open"), (2, "application")):
        amended = await founder.act(
            "PATCH",
            path_of(union, "charter"),
            {"parameters": {"admission": rule}},
            **{"if-match": f'"{version}"'},
        )
        assert amended.status_code == 200, amended.text
        if rule == "open":
            assert (await worker.join(union)).status_code == 201
            assert (await mine(worker, union))["joined_at"] is not None
            await leaves(worker, union)
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_vouches_too_are_used_by_a_membership_that_did_not_need_them(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Vouched And Open", rule="vouching:1")
    await vouched(founder, union, worker)
    for version, rule in ((1, "open"), (2, "vouching:1")):
        amended = await founder.act(
            "PATCH",
            path_of(union, "charter"),
            {"parameters": {"admission": rule}},
            **{"if-match": f'"{version}"'},
        )
        assert amended.status_code == 200, amended.text
        if rule == "open":
            assert (await worker.join(union)).status_code == 201
            await leaves(worker, union)
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def left_with_an_application(
    house: IdentityHouse, founder: Member, worker: Member, union: Mapping[str, Any], state: str
) -> None:
    """That was made while they joined by a link, as two requests at once may do it."""
    await applied(worker, union)
    await comes_by_link(founder, worker, union)
    house.clock.advance(timedelta(seconds=1))
    await house.rows(
        "UPDATE applications SET state = $2, joined_at = NULL WHERE applicant_id = $1 RETURNING 1",
        worker.id,
        state,
    )
    await leaves(worker, union)


@pytest.mark.parametrize("state", ["applied", "waiting", "admitted"])
async def test_who_leaves_has_no_application_any_more(house: IdentityHouse, state: str) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, f"Left {state}", rule=RULE)
    await left_with_an_application(house, founder, worker, union, state)
    assert (await mine(worker, union))["state"] == "withdrawn"
    assert told(await worker.join(union)) == (403, "admission-unmet")
    await applied(worker, union)


async def test_an_admission_from_before_they_left_admits_nobody(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Left Over", rule=RULE)
    await left_with_an_application(house, founder, worker, union, "admitted")
    await house.rows(
        "UPDATE applications SET state = 'admitted', decided_at = applied_at WHERE applicant_id = $1 "
        "RETURNING 1",
        worker.id,
    )
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_who_is_expelled_after_leaving_has_no_application_any_more(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Expelled Applicant", rule=RULE)
    await comes_by_link(founder, worker, union)
    await leaves(worker, union)
    path = await applied(worker, union)
    body = {"member": str(worker.id), "ground": "They took the till."}
    case = (await founder.act("POST", path_of(union, "expulsions"), body)).json()
    house.clock.advance(timedelta(seconds=house.settings.hearing_seconds))
    await sign_in_again(founder, worker)
    decision = {"outcome": "expelled", "reasons": "As the till shows."}
    decided = await founder.act("PUT", path_of(union, "expulsions", case["id"], "decision"), decision)
    assert decided.status_code == 200, decided.text
    assert (await mine(worker, union))["state"] == "withdrawn"
    assert told(await founder.act("PUT", f"{path}/admission")) == (409, "application-decided")


async def test_who_is_silent_until_their_membership_ends_has_no_application_any_more(
    house: IdentityHouse,
) -> None:
    ruled = await ruled_union(house, "Silent Applicant", "leaves", members=1)
    [worker] = ruled.members
    await ruled.amend(MATERIAL)
    await house.rows(
        """
        INSERT INTO applications
            (union_id, id, applicant_id, state, charter_version, charter_hash, applied_at)
        VALUES ($1, $2, $3, 'applied', 1, '', $4) RETURNING 1
        """,
        ruled.union["id"],
        uuid4(),
        worker.id,
        house.clock.now(),
    )
    await ruled.pass_grace()
    assert await state_in(worker, ruled.union) == "left"
    assert (await mine(worker, ruled.union))["state"] == "withdrawn"


@pytest.mark.parametrize("state", [MembershipState.ACTIVE, MembershipState.SUSPENDED])
async def test_nobody_is_admitted_who_is_a_member_or_barred(
    house: IdentityHouse, state: MembershipState
) -> None:
    founder, first, worker, last = [await house.member() for _ in range(4)]
    union = await founded(founder, f"Admitted {state.value}", rule=RULE, admissions_per_day=1)
    paths = [await applied(one, union) for one in (first, worker, last)]
    for path in paths:
        await founder.act("PUT", f"{path}/admission")
    await comes_by_link(founder, worker, union)
    await house.rows(
        "UPDATE memberships SET state = $2 WHERE member_id = $1 RETURNING 1", worker.id, state.value
    )
    await house.rows(
        "UPDATE applications SET state = 'applied' WHERE applicant_id = $1 RETURNING 1", worker.id
    )
    assert told(await founder.act("PUT", f"{paths[1]}/admission")) == (409, "applicant-barred")
    assert (await mine(worker, union))["state"] == "applied"
    assert await places_taken(house, union) == 1
    await house.rows(
        "UPDATE applications SET state = 'waiting', waiting_since = applied_at WHERE applicant_id = $1 "
        "RETURNING 1",
        worker.id,
    )
    house.clock.advance(DAY)
    await house.app.state.chassis.timer_runner.run_due()
    await sign_in_again(founder, worker, last)
    assert await state_in(last, union) == "active"
    assert (await mine(worker, union))["state"] == "withdrawn"
    assert await places_taken(house, union) == 2


async def test_a_member_does_not_appeal(house: IdentityHouse) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Appealing Member", rule=RULE)
    path = await applied(worker, union)
    await founder.act("PUT", f"{path}/refusal", {"ground": "No."})
    await comes_by_link(founder, worker, union)
    appeal = await worker.act("PUT", path_of(union, "applications/mine/appeal"), {"text": "Still."})
    assert told(appeal) == (409, "already-member")
    await leaves(worker, union)
    await house.rows("UPDATE memberships SET state = 'expelled' WHERE member_id = $1 RETURNING 1", worker.id)
    barred = await worker.act("PUT", path_of(union, "applications/mine/appeal"), {"text": "Still."})
    assert told(barred) == (403, "membership-barred")
