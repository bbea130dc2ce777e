"""Housekeeping: what has expired is dropped, what may still be asked for stays."""

from datetime import timedelta

from services.identity.admission.use_cases.end_list import END_INVITATION_LIST
from services.identity.admission.use_cases.review_application import ADMIT_WAITING
from services.identity.admission.use_cases.set_growth_target import JUDGE_GROWTH
from services.identity.businesses.use_cases.follow_membership import FOLLOW_IN_BUSINESSES
from services.identity.deletion.use_cases.ask_deletion import DELETE_ACCOUNT
from services.identity.exclusion.use_cases.expel_member import END_APPEAL
from services.identity.exclusion.use_cases.suspend_member import END_SUSPENSION
from services.identity.recovery.use_cases.ask_recovery import COMPLETE_RECOVERY
from services.identity.succession.use_cases.claim_office import MEET_CLAIM
from services.identity.timers import FORGET_EXPIRED, identity_timers
from services.identity.use_cases.amend_charter import ASK_MEMBERS, END_GRACE
from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.house import IdentityHouse, Member


async def test_expired_nonces_windows_and_sessions_go_and_certificates_stay(house: IdentityHouse) -> None:
    member = await house.member()
    waiting = Member(house)
    nonce = await waiting.nonce()
    async with house.http("198.51.100.1") as http:
        await http.post("/v1/auth/nonces")
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert await house.rows("SELECT 1 FROM nonces WHERE nonce = $1", nonce.nonce)
    assert await house.rows("SELECT 1 FROM sessions WHERE member_id = $1", member.id)
    house.clock.advance(timedelta(days=30 + house.settings.session_kept_days, seconds=1))
    async with house.unit() as unit:
        assert await forget_expired(unit, house.settings) >= 3
    assert not await house.rows("SELECT 1 FROM nonces WHERE nonce = $1", nonce.nonce)
    assert not await house.rows("SELECT 1 FROM address_windows WHERE address = '198.51.100.1'")
    assert not await house.rows("SELECT 1 FROM sessions WHERE member_id = $1", member.id)
    assert await house.rows(
        "SELECT 1 FROM device_certificates WHERE device_key_id = $1", member.device_key_id
    )


async def test_the_timer_is_there_from_the_first_migration_and_sets_itself_again(
    house: IdentityHouse,
) -> None:
    runner = house.app.state.chassis.timer_runner
    assert await runner.run_due() >= 1
    [row] = await house.rows("SELECT due FROM timers WHERE kind = $1", FORGET_EXPIRED)
    assert row["due"] == house.clock.now() + timedelta(seconds=house.settings.forget_pause_seconds)
    assert set(identity_timers(house.settings, b"").kinds) == {
        ADMIT_WAITING,
        ASK_MEMBERS,
        COMPLETE_RECOVERY,
        DELETE_ACCOUNT,
        END_APPEAL,
        END_GRACE,
        FOLLOW_IN_BUSINESSES,
        JUDGE_GROWTH,
        MEET_CLAIM,
        END_INVITATION_LIST,
        END_SUSPENSION,
        FORGET_EXPIRED,
    }
