"""Who would delete an account that is not theirs, or keep something of one that is being deleted."""

import asyncio
import secrets
from datetime import timedelta

import asyncpg
import pytest

from chassis.signatures import sign_act
from services.identity.deletion.domain.errors import AccountErasing
from services.identity.settings import IdentitySettings
from services.identity.use_cases.found_union import Founding, found_union
from services.identity.use_cases.join_union import Acceptance, join_union
from tests.services.identity.deletion.erased import PATH, ask, pass_delay, pass_pause, run_timers, state_of
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.recovery.lost import (
    Asker,
    cancel_by_key,
    circle,
    handle_of,
    notices_of,
    sign_in_again,
    told,
)


async def test_a_deletion_is_ones_own_alone(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    await ask(member)
    assert told(await other.act("DELETE", PATH)) == (404, "no-deletion")
    assert (await other.ask("GET", PATH)).json()["state"] == "none"
    assert await state_of(house, member) == "waiting"


async def test_a_stolen_token_or_an_old_proof_deletes_nothing(house: IdentityHouse) -> None:
    member = await house.member()
    assert told(await member.ask("POST", PATH)) == (401, "act-unsigned")
    assert told(await member.ask("DELETE", PATH)) == (401, "act-unsigned")
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await member.renew_internal_token()
    assert told(await member.act("POST", PATH)) == (401, "insufficient-user-authentication")
    assert await house.rows("SELECT 1 FROM account_deletions WHERE member_id = $1", member.id) == []


async def test_a_request_that_was_seen_asks_nothing_again(house: IdentityHouse) -> None:
    """After the deletion was cancelled, its own request is nothing any more."""
    member = await house.member()
    headers = {"authorization": f"Bearer {member.token}"} | sign_act(
        private_key=member.device,
        key_id=member.device_key_id,
        method="POST",
        target_uri=f"{house.settings.public_url}{PATH}",
        body=b"",
        created=house.clock.now(),
        nonce=secrets.token_urlsafe(16),
        idempotency_key=None,
    )
    async with house.http() as http:
        assert (await http.post(PATH, headers=headers)).status_code == 200
        assert (await member.act("DELETE", PATH)).status_code == 204
        assert told(await http.post(PATH, headers=headers)) == (409, "act-replayed")
    assert await state_of(house, member) == "cancelled"


async def test_guardians_who_lock_the_account_stop_its_deletion(house: IdentityHouse) -> None:
    """A thief with a key asks; the member's guardians lock; the deletion is over, for good."""
    ring = await circle(house)
    await ask(ring.member)
    recovery = await Asker(house).begin(handle_of(ring.member))
    await ring.vote(recovery, 0, 1)
    assert await state_of(house, ring.member) == "cancelled"
    assert "account.deletion_cancelled" in await notices_of(house, ring.member.id)
    # Signed out within a second; a token that lives so long is told what stands in the way.
    refused = told(await ring.member.act("POST", PATH))
    assert refused in {(401, "unauthenticated"), (409, "recovery-waits")}
    assert told(await ring.member.sign_in()) == (403, "account-locked")


async def test_who_recovers_by_a_code_stops_it_and_nobody_asks_anew(house: IdentityHouse) -> None:
    member = await house.member()
    code = (await member.act("POST", "/v1/me/recovery-codes")).json()["codes"][0]
    await ask(member)
    await Asker(house).begin(handle_of(member), code=code)
    assert await state_of(house, member) == "cancelled"
    assert told(await member.act("POST", PATH)) == (409, "recovery-waits")
    said = (await member.ask("GET", PATH)).json()
    assert [one["what"] for one in said["in_the_way"]] == ["recovery"]


async def test_what_guardians_were_asked_before_its_time_is_waited_for(house: IdentityHouse) -> None:
    ring = await circle(house)
    await ask(ring.member)
    house.clock.advance(timedelta(seconds=house.settings.deletion_delay_seconds - 60))
    recovery = await Asker(house).begin(handle_of(ring.member))
    house.clock.advance(timedelta(seconds=60))
    await run_timers(house)
    assert await state_of(house, ring.member) == "waiting"
    # A stranger who asks later holds nothing off.
    house.clock.advance(timedelta(seconds=1))
    await Asker(house).begin(handle_of(ring.member))
    await sign_in_again(*ring.guardians)
    await ring.vote(recovery, 0, 1, approves=False)
    house.clock.advance(timedelta(seconds=house.settings.recovery_open_seconds - 61))
    await run_timers(house)
    assert await state_of(house, ring.member) == "erasing"


async def test_a_recovery_of_who_is_erased_brings_nobody_back(house: IdentityHouse) -> None:
    ring = await circle(house)
    await ask(ring.member)
    await pass_delay(house)
    assert await state_of(house, ring.member) == "erasing"
    asked = await Asker(house).ask(handle_of(ring.member))
    assert told(asked) == (409, "recovery-not-possible")
    await pass_pause(house)
    assert told(await Asker(house).ask(str(ring.member.id))) == (409, "recovery-not-possible")


async def test_a_union_that_fills_meanwhile_keeps_its_founder(house: IdentityHouse) -> None:
    founder, other = await house.member(), await house.member()
    union = await founder.found("Filling")
    await ask(founder)
    await other.join(union)
    await pass_delay(house)
    assert await state_of(house, founder) == "stopped"
    assert "account.deletion_stopped" in await notices_of(house, founder.id)
    assert (await founder.sign_in()).status_code == 201
    [row] = await house.rows("SELECT state FROM memberships WHERE member_id = $1", founder.id)
    assert row["state"] == "active"


async def test_once_begun_nothing_takes_it_back(house: IdentityHouse) -> None:
    member = await house.member()
    await ask(member)
    house.clock.advance(timedelta(seconds=house.settings.deletion_delay_seconds))
    await sign_in_again(member)
    await house.rows("UPDATE account_deletions SET state = 'leaving' WHERE member_id = $1", member.id)
    assert told(await member.act("DELETE", PATH)) == (409, "deletion-begun")
    await run_timers(house)


@pytest.mark.parametrize("what", ["join", "found"])
async def test_who_enters_a_union_at_the_same_time_is_in_none_afterwards(
    house: IdentityHouse, what: str
) -> None:
    """The request was let in before; it ends after the member was marked."""
    member, founder = await house.member(), await house.member()
    union = await founder.found(f"Raced by {what}")
    await ask(member)
    house.clock.advance(timedelta(seconds=house.settings.deletion_delay_seconds))
    holder = await asyncpg.connect(house.database.superuser_url)
    try:
        # Somebody holds the member until both wait for it: the timer is first.
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("SELECT FROM members WHERE id = $1 FOR UPDATE", member.id)
        timers = asyncio.create_task(run_timers(house))
        await _waiting(house, 1)
        entering = asyncio.create_task(_enter(house, house.settings, member, union, what))
        await _waiting(house, 2)
        await transaction.commit()
        with pytest.raises(AccountErasing):
            await entering
        await timers
    finally:
        await holder.close()
    await pass_pause(house)
    assert await state_of(house, member) == "done"
    living = "SELECT 1 FROM memberships WHERE member_id = $1 AND state = 'active'"
    assert await house.rows(living, member.id) == []


async def _enter(
    house: IdentityHouse, settings: IdentitySettings, member: Member, union: dict[str, str], what: str
) -> None:
    async with house.unit() as unit:
        if what == "found":
            await found_union(unit, settings, member.id, Founding(name="Late", purpose="Too late."))
            return
        present = (await house.get(f"/v1/unions/{union['id']}")).json()
        acceptance = Acceptance(present["charter_version"], present["charter_hash"])
        await join_union(unit, settings, member.id, union["id"], acceptance)


async def _waiting(house: IdentityHouse, number: int) -> None:
    """Until so many transactions of this database wait for a lock."""
    query = (
        "SELECT count(*) AS number FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while (await house.rows(query))[0]["number"] < number:  # noqa: ASYNC110 - the database is what is asked
            await asyncio.sleep(0.02)


async def test_two_processes_carry_it_out_once(house: IdentityHouse) -> None:
    member = await house.member()
    await ask(member)
    house.clock.advance(timedelta(seconds=house.settings.deletion_delay_seconds))
    await asyncio.gather(*(house.app.state.chassis.timer_runner.run_due() for _ in range(3)))
    await pass_pause(house)
    erased = await house.rows(
        "SELECT 1 FROM outbox WHERE type = 'member.erased' AND key = $1", str(member.id)
    )
    assert len(erased) == 1


async def test_the_service_erases_nobody_who_is_not_recorded(house: IdentityHouse) -> None:
    """The one way past what is append-only is for members who are recorded as erased, for ever."""
    member = await house.member()
    connection = await asyncpg.connect(house.database.url)
    try:
        with pytest.raises(asyncpg.RaiseError):
            await connection.fetchval("SELECT erase_append_only($1, 100)", member.id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM erased_members")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE signed_acts SET body = ''")
    finally:
        await connection.close()


async def test_a_live_key_that_cancels_a_recovery_may_ask_again(house: IdentityHouse) -> None:
    member = await house.member()
    code = (await member.act("POST", "/v1/me/recovery-codes")).json()["codes"][0]
    recovery = await Asker(house).begin(handle_of(member), code=code)
    assert told(await member.act("POST", PATH)) == (409, "recovery-waits")
    assert (await cancel_by_key(member, recovery)).status_code == 201
    assert (await member.act("POST", PATH)).status_code == 200
