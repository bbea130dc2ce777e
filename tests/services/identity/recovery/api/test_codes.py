"""One-time codes: shown once, kept as hashes, used once, and delayed like everything else."""

import hashlib

import pytest

from services.identity.recovery.domain.codes import CODES_COUNT
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.recovery.lost import (
    RECOVERIES,
    Asker,
    cancel_by_key,
    circle,
    handle_of,
    notices_of,
    pass_delay,
    present,
    sign_in_again,
    told,
)

CODES = "/v1/me/recovery-codes"


async def codes_of(member: Member) -> list[str]:
    made = await member.act("POST", CODES)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return made.json()["codes"]


async def test_codes_are_many_different_and_nowhere_kept(house: IdentityHouse) -> None:
    member = await house.member()
    assert (await member.ask("GET", CODES)).json() == {"left_count": 0, "made_at": None}
    codes = await codes_of(member)
    assert len(set(codes)) == CODES_COUNT
    assert (await member.ask("GET", CODES)).json()["left_count"] == CODES_COUNT
    kept = {row["code_hash"] for row in await house.rows("SELECT code_hash FROM recovery_codes")}
    plain = [code.replace("-", "").encode() for code in codes]
    assert not kept & {hashlib.sha256(code).digest() for code in plain}
    assert not any(code in stored for code in plain for stored in kept)
    assert await notices_of(house, member.id) == ["account.codes_made"]


async def test_codes_are_kept_under_no_idempotency_key(house: IdentityHouse) -> None:
    member = await house.member()
    made = [await member.act("POST", CODES, key="the-same") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert not set(made[0].json()["codes"]) & set(made[1].json()["codes"])
    bodies = [row["body"] for row in await house.rows("SELECT body FROM idempotency_keys")]
    codes = made[0].json()["codes"] + made[1].json()["codes"]
    assert not any(code.encode() in body for code in codes for body in bodies)


@pytest.mark.parametrize("written", [str, str.lower, lambda code: code.replace("-", " ")])
async def test_a_code_brings_back_its_member_after_the_delay(house: IdentityHouse, written: object) -> None:
    member, asker = await house.member(), Asker(house)
    assert callable(written)
    recovery = await asker.begin(handle_of(member), code=written((await codes_of(member))[3]))
    assert (recovery["state"], recovery["way"], recovery["locks"]) == ("waiting", "code", False)
    await sign_in_again(member)
    await pass_delay(house, less_seconds=1)
    assert told(await asker.person.sign_in()) == (409, "key-awaits-recovery")
    await pass_delay(house)
    await sign_in_again(asker.person)
    assert asker.person.id == member.id
    assert told(await member.sign_in()) == (403, "key-removed")


async def test_a_code_is_used_once_and_old_codes_are_good_no_more(house: IdentityHouse) -> None:
    member = await house.member()
    old, codes = await codes_of(member), await codes_of(member)
    await Asker(house).begin(handle_of(member), code=codes[0])
    for code in (old[1], codes[0]):
        assert told(await Asker(house).ask(handle_of(member), code=code)) == (409, "recovery-not-possible")
    assert (await member.ask("GET", CODES)).json()["left_count"] == CODES_COUNT - 1


async def test_without_guardians_a_live_key_ends_it_for_good(house: IdentityHouse) -> None:
    member = await house.member()
    recovery = await Asker(house).begin(handle_of(member), code=(await codes_of(member))[0])
    assert (await cancel_by_key(member, recovery)).status_code == 201
    await pass_delay(house)
    assert (await present(house, recovery))["state"] == "expired"
    await sign_in_again(member)


async def test_guardians_override_who_cancels_a_code(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    recovery = await asker.begin(handle_of(ring.member), code=(await codes_of(ring.member))[0])
    assert (await ring.member.act("DELETE", f"{RECOVERIES}/{recovery['id']}")).status_code == 204
    answers = await ring.vote(recovery, 0, 1)
    assert answers[-1].json() == {"state": "waiting"}
    await pass_delay(house)
    await sign_in_again(asker.person)
    assert asker.person.id == ring.member.id


async def test_another_members_code_brings_nobody_back(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    await codes_of(member)
    code = (await codes_of(other))[0]
    assert told(await Asker(house).ask(handle_of(member), code=code)) == (409, "recovery-not-possible")
    await Asker(house).begin(handle_of(other), code=code)


async def test_codes_are_made_by_a_signed_act_alone(house: IdentityHouse) -> None:
    member = await house.member()
    assert (await member.ask("POST", CODES)).status_code == 401
