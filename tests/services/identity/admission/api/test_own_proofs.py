"""What somebody has proven: told to them, kept while a membership rests on it, forgotten after a time."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.identity.admission.store.facts import use_facts
from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.admission.api.test_applications import DAY, founded, path_of
from tests.services.identity.admission.api.test_credentials import presented, subject_of
from tests.services.identity.admission.issuer import Issuer
from tests.services.identity.admission.people import sign_in_again
from tests.services.identity.exclusion.court import convened, well
from tests.services.identity.house import IdentityHouse, Member


async def proven_pair(house: IdentityHouse) -> tuple[Issuer, dict[str, Any], Member]:
    """Of two who have proven the way in, the first."""
    issuer, worker = Issuer(), await house.member()
    union = await founded(await house.member(), f"Bakers Kept {worker.id.hex}", rule=issuer.way())
    for one in (worker, await house.member()):
        assert (await presented(one, union, issuer.issued(subject_of(one)))).status_code == 200
    return issuer, union, worker


@pytest.mark.parametrize(
    ("rule", "before", "proven"),
    [
        ("open or {}", True, True),
        ("application or {}", False, True),
        ("application and {}", False, False),
        ("invitation and {}", False, False),
        ("(invitation or vouching:1) and {} or {}", False, True),
    ],
)
async def test_what_is_proven_is_told_to_be_enough_where_joining_takes_it(
    house: IdentityHouse, rule: str, before: bool, proven: bool
) -> None:
    issuer = Issuer()
    founder, worker = await house.member(), await house.member()
    union = await founded(
        founder, f"Bakers Told {founder.id.hex}", rule=rule.format(issuer.way(), issuer.way())
    )

    async def told_enough() -> bool:
        return (await worker.ask("GET", path_of(union, "admission-proofs/mine"))).json()["admits"]

    assert await told_enough() is before
    assert (await presented(worker, union, issuer.issued(subject_of(worker)))).status_code == 200
    assert await told_enough() is proven
    assert ((await worker.join(union)).status_code == 201) is proven


async def test_who_leaves_comes_back_by_it_and_who_is_out_is_forgotten(
    house: IdentityHouse,
) -> None:
    issuer, union, worker = await proven_pair(house)
    assert (await worker.join(union)).status_code == 201
    assert (await worker.act("DELETE", path_of(union, "memberships/me"))).status_code == 200
    assert (await worker.join(union)).status_code == 201
    leaver = await house.member()
    assert (await presented(leaver, union, issuer.issued(subject_of(leaver)))).status_code == 200
    assert (await leaver.join(union)).status_code == 201
    house.clock.advance(DAY)
    await sign_in_again(leaver)
    await leaver.act("DELETE", path_of(union, "memberships/me"))
    house.clock.advance(DAY * (house.settings.admission_proof_kept_days - 1))
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert await kept_of(house, union) == {worker.id, leaver.id}
    house.clock.advance(DAY)
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert await kept_of(house, union) == {worker.id}


async def test_who_joins_while_old_proofs_are_forgotten_keeps_theirs(
    house: IdentityHouse,
) -> None:
    _, union, worker = await proven_pair(house)
    house.clock.advance(DAY * house.settings.admission_proof_kept_days)
    await sign_in_again(worker)
    async with house.unit() as joining:
        await use_facts(joining, UUID(union["id"]), worker.id, joining.now)
        async with asyncio.timeout(5), house.unit() as forgetting:  # nor does it wait
            await forget_expired(forgetting, house.settings)
        assert await kept_of(house, union) == {worker.id}
    assert (await worker.join(union)).status_code == 201
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert await kept_of(house, union) == {worker.id}


async def test_a_membership_that_an_appeal_gave_back_rests_on_its_proofs_again(house: IdentityHouse) -> None:
    court = await convened(house, "Guild of Proven Springs")
    await house.rows(
        "INSERT INTO admission_proofs (union_id, member_id, way, proven_at) "
        "VALUES ($1::text::uuid, $2, $3, $4)",
        court.union["id"],
        court.member.id,
        Issuer().way(),
        house.clock.now(),
    )
    unneeded = "SELECT unneeded_since FROM admission_proofs WHERE member_id = $1"
    case = await court.expel()
    assert [row["unneeded_since"] for row in await house.rows(unneeded, court.member.id)] != [None]
    well(await court.say("appeal", case))
    well(await court.decide_appeal(case, "reversed"))
    assert [row["unneeded_since"] for row in await house.rows(unneeded, court.member.id)] == [None]


async def kept_of(house: IdentityHouse, union: dict[str, Any]) -> set[UUID]:
    """Whose proofs are kept."""
    query = "SELECT member_id FROM admission_proofs WHERE union_id = $1::text::uuid"
    return {row["member_id"] for row in await house.rows(query, union["id"])}
